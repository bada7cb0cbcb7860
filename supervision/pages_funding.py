"""What the pages of missing money show: the ranked ledger, one need, one request. Reads only."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards.presentation import grade_text
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of

from . import queries_funding as queries
from .workflow.funding import (
    COUNTED,
    EXPOSURE,
    GRADE_POINTS,
    NOBODY,
    Likelihood,
    NeedAction,
    NeedState,
    RequestAction,
    RequestState,
    Severity,
    exposure_points,
    refusal,
    request_refusal,
)

KINDS = {
    NeedState.PROPOSED: "todo", NeedState.WAITING: "warn", NeedState.REQUESTED: "wait",
    NeedState.FUNDED: "todo", NeedState.DONE: "done",
}  # fmt: skip
REQUEST_KINDS = {RequestState.DRAFT: "todo", RequestState.ISSUED: "done"}
ROWS = 50


def labels():
    """{tab: its words}."""
    return {
        "counted": _("Waiting for funds"), "proposed": _("To acknowledge"), "funded": _("Funded"),
        "refused": _("Without money"), "done": _("Done"), "all": _("All"),
    }  # fmt: skip


def tabs_of(counts, tab, within):
    """[{url, label, count, is_current}] of the ledger's tabs."""
    tail = f"&within={within}" if within else ""
    return [
        {
            "url": f"?tab={name}{tail}",
            "label": label,
            "count": counts.get(f"n_{name}"),
            "is_current": name == tab,
        }
        for name, label in labels().items()
    ]


def row_of(need):
    """One line of the ledger from a ranked FundingNeed."""
    hazard = need.hazard
    return {
        "need": need, "pk": need.pk, "rank": need.rank, "url": need.get_absolute_url(), "title": hazard.title,
        "place": hazard.place, "number": hazard.number, "school": need.school.label,
        "tag_kind": KINDS.get(need.status, "wait"), "tag_text": need.get_status_display(),
        "grade_level": "1" if hazard.effective_grade == "major" else "3",
        "grade_text": grade_text(hazard.grade, hazard.proposed_grade), "risk": points(need.risk),
        "worth": f"{float(need.worth):,.2f}", "cost": yuan(need.cost), "since": need.since,
        "guard": "，".join(part for part in (hazard.interim_closed, hazard.interim_watch) if part),
        "is_choosable": need.status in COUNTED,
    }  # fmt: skip


def formula():
    """The formula as tables for the page: [{title, rows: [(words, points)]}]."""
    exposure = [(_("from %(n)d pupils on") % {"n": least}, points(each)) for least, each in EXPOSURE]
    return [
        {
            "title": _("Grade"),
            "rows": [(grade.label, points(each)) for grade, each in GRADE_POINTS.items()],
        },
        {"title": _("How likely (L)"), "rows": [(one.label, one.value) for one in Likelihood]},
        {"title": _("Pupils exposed a day (E)"), "rows": [*exposure, (_("no pupils"), points(NOBODY))]},
        {"title": _("How severe (C)"), "rows": [(one.label, one.value) for one in Severity]},
    ]


def need_detail(need, user):
    """The context of one need's page."""
    roles = user.roles_at(need.school)
    is_own = need.declared_by_id == user.pk
    links = {
        action: {
            "url": reverse("supervision:funding_act", args=[need.pk, str(action)]),
            "label": action.label,
        }
        for action in NeedAction
        if refusal(action, need.status, roles) is None and not (action == NeedAction.ACKNOWLEDGE and is_own)
    }
    order = [NeedAction.ACKNOWLEDGE, NeedAction.FUND]
    first = next((action for action in order if action in links), None)
    return {
        "need": need, "facts": _facts(need), "lines": lines_of(history_of(need)),
        "sum": _sum(need), "tag_kind": KINDS.get(need.status, "wait"), "requests": queries.requests_of(need),
        "next": {
            "sentence": _sentence(need), "primary": links.pop(first, None), "others": list(links.values()),
        },
    }  # fmt: skip


def request_detail(request, user):
    """The context of one request's page."""
    place = request.organisation
    roles = user.roles_at(place)
    links = {
        action: {
            "url": reverse("supervision:funding_request_act", args=[request.pk, str(action)]),
            "label": action.label,
        }
        for action in (RequestAction.ISSUE, RequestAction.EDIT, RequestAction.DISCARD)
        if request_refusal(action, request.status, roles, is_school=place.is_school) is None
    }
    words = {
        RequestState.DRAFT: _("Look it over; whoever signs for it issues it, then it gets its number."),
        RequestState.ISSUED: _("Record on each need whether the money came."),
        RequestState.DISCARDED: _("The draft was discarded."),
    }
    return {
        "request_paper": request, "lines": lines_of(history_of(request)),
        "needs": queries.lines_of_request(request), "kind": REQUEST_KINDS.get(request.status, "wait"),
        "next": {
            "sentence": words[request.status], "primary": links.pop(RequestAction.ISSUE, None),
            "others": list(links.values()),
        },
    }  # fmt: skip


def yuan(amount):
    """12,345.60; empty for None."""
    return "" if amount is None else f"{amount:,.2f}"


def points(number):
    """A Decimal without needless noughts: 0.5, 12, 2400."""
    return f"{number.normalize():f}"


def _sum(need):
    """The formula with this need's numbers: 2 × 6 × 10 × 15 = 1800."""
    parts = [
        points(GRADE_POINTS[need.hazard.effective_grade]), need.likelihood,
        points(exposure_points(need.pupils)), need.severity,
    ]  # fmt: skip
    return f"{' × '.join(parts)} = {points(need.risk)}"


def _facts(need):
    hazard = need.hazard
    likelihood, severity = need.get_likelihood_display(), need.get_severity_display()
    funded = f"{yuan(need.amount)} · {need.source} · {need.funded_on}" if need.amount else ""
    return [
        (_("School"), need.school.name),
        (_("Hazard"), f"{hazard.number} {hazard.place} {hazard.title}"),
        (_("Money needed (yuan)"), yuan(need.cost)),
        (_("Why the school cannot pay"), need.reason),
        (_("What is closed"), hazard.interim_closed),
        (_("Who watches"), hazard.interim_watch),
        (_("Pupils exposed a day"), str(need.pupils)),
        (_("How likely"), f"{likelihood}（{need.likelihood}）"),
        (_("How severe"), f"{severity}（{need.severity}）"),
        (_("Declared"), f"{need.declared_at:%Y-%m-%d} · {need.declared_by}"),
        (_("Waits since"), f"{need.since} · {need.acknowledged_by}" if need.since else ""),
        (_("Granted (yuan)"), funded),
        (_("Answer"), need.answer),
    ]


def _sentence(need):
    match need.status:
        case NeedState.PROPOSED:
            return _("The bureau acknowledges it; until then the hazard counts as overdue when it is late.")
        case NeedState.WAITING:
            return _("Put it into a request for money, or record the money when it is there.")
        case NeedState.REQUESTED:
            return _("Asked for; record the money when it is there, or that none comes.")
        case NeedState.FUNDED:
            return _("The school rectifies it now; it is done with the close-out.")
        case NeedState.REFUSED | NeedState.RETURNED:
            return _("No money comes: the school finds another way, or declares it anew.")
    return _("Nothing more to do.")
