"""Reads of the ledger of missing money: ranked by risk per yuan, summed, counted. Scoped by the caller."""

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from .models import FundingNeed
from .workflow.funding import COUNTED, NeedState, rank_key, worth_of

MOST_RANKED = 1000  # needs ranked on one page and in one workbook; more is said, not hidden
TABS = ["counted", NeedState.PROPOSED, NeedState.FUNDED, NeedState.REFUSED, NeedState.DONE, "all"]


def of_tab(needs, tab):
    """The needs of one tab of the ledger."""
    if tab == "counted":
        return needs.filter(status__in=COUNTED)
    if tab == NeedState.REFUSED:
        return needs.filter(status__in=[NeedState.REFUSED, NeedState.RETURNED, NeedState.LAPSED])
    return needs if tab == "all" else needs.filter(status=tab)


def ranked(needs):
    """([FundingNeed with `rank` and `worth`], is more): the most risk per yuan first, exactly.

    The database orders roughly to choose the first thousand; Fractions order these. One query.
    """
    rough = Cast(F("risk"), FloatField()) / Cast(F("cost"), FloatField())
    rows = list(
        needs.select_related("hazard", "school").order_by(rough.desc(), "-risk", "pk")[: MOST_RANKED + 1]
    )
    is_more, rows = len(rows) > MOST_RANKED, rows[:MOST_RANKED]
    rows.sort(key=lambda row: rank_key(row.risk, row.cost, row.since or row.declared_at.date(), row.pk))
    for rank, row in enumerate(rows, start=1):
        row.rank, row.worth = rank, worth_of(row.risk, row.cost)
    return rows, is_more


def counts_of(needs):
    """{tab: how many} and the money missing and granted: one query."""
    counts = {
        "counted": Count("pk", filter=Q(status__in=COUNTED)),
        "proposed": Count("pk", filter=Q(status=NeedState.PROPOSED)),
        "funded": Count("pk", filter=Q(status=NeedState.FUNDED)),
        "done": Count("pk", filter=Q(status=NeedState.DONE)),
    }
    return needs.order_by().aggregate(
        **{f"n_{name}": count for name, count in counts.items()},
        missing=Sum("cost", filter=Q(status__in=COUNTED)),
        granted=Sum("amount", filter=Q(status__in=[NeedState.FUNDED, NeedState.DONE])),
    )


def counts_for(user):
    """(to acknowledge, counted) for the desk of a bureau's person: one query."""
    found = counts_of(FundingNeed.objects.visible_to(user))
    return found["n_proposed"], found["n_counted"]


def requests_of(need):
    """The issued request papers that ask for this need, newest first: one query."""
    lines = need.request_lines.filter(request__number__isnull=False).select_related("request")
    return [line.request for line in lines.order_by("-request__issued_at")]


def lines_of_request(request):
    """The lines of a request with need, hazard, school and `yuan`, the cost in words: one query."""
    lines = list(request.lines.select_related("need__hazard", "need__school"))
    for line in lines:
        line.yuan = f"{line.cost:,.2f}"
    return lines
