"""What the ladder of measures puts on a person's desk."""

from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hazards.workflow import BUREAU
from schoolsafety.core.duties import Duty, Rank, source

from .queries_measures import proposals_for, waiting_for
from .workflow.measure_kinds import Side
from .workflow.measures import Status

MOST_ROWS = 10


@source
def proposal_duties(user, now):
    """For a bureau: how many proposals wait for a decision (one query)."""
    if not {role for _path, role in user.posts} & BUREAU:
        return []
    count = proposals_for(user).count()
    if not count:
        return []
    text = ngettext(
        "%(n)d proposal of a measure to decide", "%(n)d proposals of measures to decide", count
    ) % {"n": count}
    return [
        Duty(rank=Rank.TODAY, text=text, detail="", url=reverse("supervision:proposals"),
             button=pgettext("measure", "Decide"), weight=count)
    ]  # fmt: skip


@source
def measure_duties(user, now):
    """Measures to decide, to see to, to answer (one query)."""
    today = timezone.localdate(now)
    is_bureau = bool({role for _path, role in user.posts} & BUREAU)
    mine = Q(steps__side=Side.BUREAU if is_bureau else Side.SCHOOL, steps__done_at=None)
    rows = (
        waiting_for(user, today).annotate(due_on=Min("steps__due_on", filter=mine)).select_related("school")
    )
    return [_duty(row, today) for row in rows.order_by("due_on", "pk")[:MOST_ROWS]]


def _duty(row, today):
    due_on = row.statement_due_on if row.status == Status.NOTICED else row.due_on
    late = max((today - due_on).days, 0) if due_on else 0
    is_decision = row.status in {Status.READY, Status.HEARD}
    rank = Rank.OVERDUE if late else Rank.SIGNATURE if is_decision else Rank.SOON
    if due_on == today:
        rank = Rank.TODAY
    return Duty(
        rank=rank, text=f"{row.get_kind_display()}：{row.school.label}", url=row.get_absolute_url(),
        detail=" · ".join(part for part in (row.number or "", row.get_status_display()) if part),
        button=pgettext("measure", "Decide") if is_decision else pgettext("measure", "Open"), weight=late,
        tag=_("%(n)d days late") % {"n": late} if late else "", kind="late" if late else "todo",
    )  # fmt: skip
