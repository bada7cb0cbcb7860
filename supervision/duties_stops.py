"""What stops of use put on a person's desk."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_ROLES, SCHOOL_ROLES, Role

from . import stop_pages
from .models import StopOrder
from .workflow.stops import HANDED_IN, LIVE, StopStatus

MOST_ROWS = 12


@source
def stop_duties(user, now):
    """For a bureau: drafts, reviews on site with their clock, decisions, stops over their limit; for a
    school: what to sign for, when to apply, what is closed (one query)."""
    roles = {role for _path, role in user.posts}
    today = timezone.localdate(now)
    if roles & BUREAU_ROLES:
        return _of_bureau(user, roles, today)
    return _of_school(user, roles) if roles & SCHOOL_ROLES else []


def _of_bureau(user, roles, today):
    mine = [path for path, role in user.posts if role in BUREAU_ROLES]
    wanted = Q(status=StopStatus.APPLIED) | Q(status=StopStatus.IN_FORCE, limit_on__lt=today)
    if roles & BUREAU_LEADERS:
        wanted |= Q(status__in=[StopStatus.DRAFT, StopStatus.REVIEWED])
    rows = StopOrder.objects.visible_to(user).filter(wanted, organisation__path__in=mine)
    found = list(stop_pages.with_clock(rows).select_related("school").order_by("created_at")[: MOST_ROWS * 4])
    over = [row for row in found if row.status == StopStatus.IN_FORCE]
    duties = [_to_act(row, today) for row in found if row.status != StopStatus.IN_FORCE][:MOST_ROWS]
    return duties + ([_over(over)] if over else [])


def _to_act(row, today):
    words = {
        StopStatus.DRAFT: (_("Issue the order to stop use: %(what)s"), _("Read and issue")),
        StopStatus.APPLIED: (_("Review on site before use is resumed: %(what)s"), _("Review on site")),
        StopStatus.REVIEWED: (_("Decide whether use is resumed: %(what)s"), _("Decide")),
    }  # fmt: skip
    text, button = words[StopStatus(row.status)]
    due_on = row.review_due_on if row.status == StopStatus.APPLIED else None
    late = max((today - due_on).days, 0) if due_on else 0
    rank = Rank.SIGNATURE if row.status != StopStatus.APPLIED else Rank.OVERDUE if late else Rank.TODAY
    return Duty(
        rank=rank, text=text % {"what": f"{row.school.label}，{row.place}"}, url=row.get_absolute_url(),
        detail=_("by %(day)s") % {"day": due_on} if due_on else "", button=button, weight=late,
        tag=_("%(n)d days late") % {"n": late} if late else _("stop of use"),
        kind="late" if late else "todo",
    )  # fmt: skip


def _over(rows):
    n = len(rows)
    text = ngettext("%(n)d stop of use over its usual limit", "%(n)d stops of use over their usual limit", n)
    return Duty(
        rank=Rank.SOON, text=text % {"n": n}, detail="，".join(row.place for row in rows[:3]),
        url=f"{reverse('supervision:stops')}?state=over", button=_("Show"), kind="late", weight=n,
        tag=_("over the limit"),
    )  # fmt: skip


def _of_school(user, roles):
    rows = StopOrder.objects.visible_to(user).filter(status__in=LIVE).select_related("hazard")
    return [_school(row, roles) for row in rows.order_by("starts_on")[:MOST_ROWS]]


def _school(row, roles):
    signs = row.received_at is None and roles & {Role.SAFETY_OFFICER, Role.PRINCIPAL}
    applies = row.status == StopStatus.IN_FORCE and row.hazard.status in HANDED_IN and Role.PRINCIPAL in roles
    text, button, rank = _("Out of use: %(place)s"), _("Show"), Rank.OTHERS
    if signs:
        text, rank = _("Sign for the order to stop use: %(place)s"), Rank.SIGNATURE
        button = _("Sign for receipt")
    elif applies:
        text, button, rank = _("Apply to resume use: %(place)s"), _("Apply"), Rank.TODAY
    return Duty(
        rank=rank, text=text % {"place": row.place}, detail=f"{row.number}", url=row.get_absolute_url(),
        button=button, tag=_("use stopped"), kind="late" if signs or applies else "wait",
    )  # fmt: skip
