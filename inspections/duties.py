"""What this app puts on a person's desk: the day's walk, missed days, notices."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_ROLES, BUREAU_STAFF, Role
from schoolsafety.core.workdays import calendar_for

from .models import Patrol, PatrolDay
from .queries import notices_of_turn
from .walking import own_schools
from .workflow import NoticeStatus, PatrolStatus

MOST_NOTICES = 10


@source
def patrol_duties(user, now):
    """Today's walk for the officer, and the newest missed day, for each school that is one's own."""
    roles = {role for _path, role in user.posts}
    schools = own_schools(user) if roles & {Role.SAFETY_OFFICER, Role.PRINCIPAL} else []
    return [duty for school in schools for duty in _of_school(school, timezone.localdate(now), now, user)]


@source
def silent_duties(user, now):
    """For a bureau: how many schools handed in nothing on the last day that was due (two queries)."""
    if not {role for _path, role in user.posts} & BUREAU_STAFF:
        return []
    today = timezone.localdate(now)
    days = PatrolDay.objects.visible_to(user).filter(
        is_due=True, day__lt=today, day__gte=today - timedelta(days=10)
    )
    newest = days.order_by("-day").values("day")[:1]
    found = days.filter(day=newest).aggregate(
        day=Max("day"), due=Count("pk"), silent=Count("pk", filter=Q(patrols=0))
    )
    return [_silent(found)] if found["silent"] else []


@source
def notice_duties(user, now):
    """Notices to sign for, to answer, to re-check (one query)."""
    today = timezone.localdate(now)
    rows = notices_of_turn(user, today).select_related("school").order_by("reply_due_on", "pk")
    is_bureau = bool({role for _path, role in user.posts} & BUREAU_ROLES)
    return [_notice(row, is_bureau, today) for row in rows[:MOST_NOTICES]]


def _of_school(school, today, now, user):
    """What is owed at one school: at most six queries."""
    roles, calendar = user.roles_at(school), calendar_for(school)
    found = []
    if Role.SAFETY_OFFICER in roles and calendar.is_school_day(today):
        found += _today(school, today, now, user)
    before = calendar.school_days(today - timedelta(days=14), today - timedelta(days=1))
    if before and roles & {Role.SAFETY_OFFICER, Role.PRINCIPAL}:
        owed = PatrolDay.objects.filter(school=school, day=before[-1], is_due=True, patrols=0)
        found += [_missed(before[-1])] if owed.exists() else []
    return found


def _today(school, today, now, user):
    walks = list(Patrol.objects.filter(school=school, day=today).order_by("status"))
    if any(walk.status == PatrolStatus.SUBMITTED for walk in walks):
        return []
    hour = preference(school, "patrol.hour_due")
    is_late = timezone.localtime(now).hour >= hour
    mine = next((walk for walk in walks if walk.officer_id == user.pk), None)
    text = _("The daily patrol is under way") if mine else _("The daily patrol has not begun")
    start = f"{reverse('inspections:today')}?school={school.pk}"
    return [
        Duty(
            rank=Rank.OVERDUE if is_late else Rank.TODAY, text=text, weight=100,
            detail=_("Hand it in before %(hour)d:00.") % {"hour": hour},
            url=reverse("inspections:walk", args=[mine.pk]) if mine else start,
            button=_("Go on") if mine else _("Start the walk"), tag=_("today"), kind="todo",
            other=_by_phone() if settings.PWA_ENABLED else None,
        )
    ]  # fmt: skip


def _by_phone():
    return _("By phone, without network too"), reverse("field:today")


def _missed(day):
    return Duty(
        rank=Rank.OVERDUE, text=_("No patrol was handed in on %(day)s") % {"day": day},
        detail=_("Enter it as a late entry, or say why at the weekly report."),
        url=reverse("inspections:today"), button=_("Late entry"), tag=_("missed"), kind="late", weight=10,
    )  # fmt: skip


def _silent(found):
    words = {"n": found["silent"], "all": found["due"], "day": found["day"]}
    return Duty(
        rank=Rank.TODAY, text=_("%(n)d of %(all)d schools handed in no patrol on %(day)s") % words,
        detail=_("Ask them why; a late entry stays marked."), button=_("See which"), kind="wait",
        url=f"{reverse('inspections:day')}?day_shown={found['day']}", tag=_("silent"), weight=5,
    )  # fmt: skip


def _notice(row, is_bureau, today):
    due_on = row.review_on if is_bureau else row.reply_due_on
    late = (today - due_on).days
    if is_bureau:
        text, button, detail = _("Re-check: %(what)s"), _("Re-check"), _("Re-check on %(day)s")
        rank = Rank.TODAY
    elif row.status == NoticeStatus.RECEIVED:
        text, button, detail = _("Reply: %(what)s"), _("Reply"), _("Reply by %(day)s")
        rank = Rank.SOON
    else:
        text, button, detail = _("Sign for: %(what)s"), _("Sign for receipt"), _("Reply by %(day)s")
        rank = Rank.SIGNATURE
    return Duty(
        rank=Rank.OVERDUE if late > 0 else rank, text=text % {"what": f"{row.number} {row.school.label}"},
        url=row.get_absolute_url(), detail=detail % {"day": due_on}, button=button, weight=max(late, 0),
        tag=_("%(n)d days late") % {"n": late} if late > 0 else _("notice"),
        kind="late" if late > 0 else "todo",
    )  # fmt: skip
