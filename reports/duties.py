"""What reports put on a person's desk: to write, sign, receive; to approve, issue, read."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.duties import Duty, Rank, source

from . import queries
from .workflow import BulletinStatus, WeeklyStatus

MOST_ROWS = 5


@source
def weekly_reports(user, now):
    """Own reports one by one, those of others as one line: two queries."""
    waiting = queries.waiting_weekly(user)
    own = waiting.exclude(status=WeeklyStatus.SIGNED).select_related("organisation").defer("figures")
    found = [_weekly(report, now) for report in own.order_by("due_at")[:MOST_ROWS]]
    weeks = waiting.filter(status=WeeklyStatus.SIGNED).order_by().values("week_start").annotate(n=Count("pk"))
    return found + [_to_receive(row) for row in weeks.order_by("-week_start")[:MOST_ROWS]]


@source
def bulletins(user, now):
    """Bulletins that wait for this person: two queries."""
    unread = {bulletin.pk for bulletin in queries.unread_bulletins(user).defer("figures")}
    rows = queries.waiting_bulletins(user).select_related("organisation").defer("figures")
    return [_bulletin(bulletin, bulletin.pk in unread, now) for bulletin in rows[:MOST_ROWS]]


def _weekly(report, now):
    is_late, is_today = report.due_at < now, timezone.localdate(report.due_at) == timezone.localdate(now)
    signing = report.status == WeeklyStatus.SUBMITTED
    text = (
        _("Weekly report %(week)s waits for your signature")
        if signing
        else _("Weekly report %(week)s to write")
    )
    return Duty(
        rank=Rank.OVERDUE
        if is_late
        else Rank.SIGNATURE
        if signing
        else Rank.TODAY
        if is_today
        else Rank.SOON,
        text=text % {"week": report.label},
        detail=_("%(organisation)s, due %(at)s")
        % {
            "organisation": report.organisation.label,
            "at": f"{timezone.localtime(report.due_at):%m-%d %H:%M}",
        },
        url=report.get_absolute_url(),
        button=_("Read and sign") if signing else _("Write the report"),
        tag=_("overdue") if is_late else "",
        kind="late" if is_late else "todo",
    )


def _to_receive(row):
    week = row["week_start"]
    return Duty(
        rank=Rank.SOON,
        text=_("%(n)d weekly reports to receive") % {"n": row["n"]},
        detail=f"{week:%Y-%m-%d}",
        url=f"{reverse('reports:weekly_list')}?week={week}&state=receive",
        button=_("Open the list"),
    )


def _bulletin(bulletin, is_unread, now):
    is_late = False
    if is_unread:
        is_late = bool(bulletin.read_due_on) and bulletin.read_due_on < timezone.localdate(now)
        rank, text, button = (
            Rank.OVERDUE if is_late else Rank.TODAY,
            _("Bulletin to read: %(title)s"),
            _("Read"),
        )
    else:
        rank, text, button = _words(bulletin.status)
    return Duty(
        rank=rank, text=text % {"title": bulletin.title},
        detail=bulletin.number or bulletin.organisation.label,
        url=bulletin.get_absolute_url(), button=button, tag=_("overdue") if is_late else "",
        kind="late" if is_late else "todo",
    )  # fmt: skip


def _words(status):
    return {
        BulletinStatus.DRAFT: (Rank.SOON, _("Bulletin to finish: %(title)s"), _("Open the draft")),
        BulletinStatus.REVIEW: (Rank.SIGNATURE, _("Bulletin to approve: %(title)s"), _("Read and approve")),
        BulletinStatus.APPROVED: (Rank.TODAY, _("Bulletin to issue: %(title)s"), _("Open the bulletin")),
    }[BulletinStatus(status)]
