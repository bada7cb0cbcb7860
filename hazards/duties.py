"""What hazards put on a person's desk. A school sees its cases one by one, a bureau sees queues."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_ROLES, Role

from . import queries
from .models import Hazard
from .workflow import Grade, Status, missing_slots

MOST_ROWS = 6  # more than this on one desk are told as one line
SOON_DAYS = 3


@source
def hazards_of(user, now):
    """The duties of this person, from their roles; at most three queries."""
    roles = {role for _path, role in user.posts}
    if roles & BUREAU_ROLES:
        return _queues(user, now)
    found = []
    if Role.PRINCIPAL in roles:
        found += _to_sign(user, now)
    if Role.SAFETY_OFFICER in roles:
        found += _to_rectify(user, now)
    return found


def _queues(user, now):
    counts = queries.counts_for(user, now)
    return [_queue(name, counts[name]) for name in QUEUES if counts.get(name)]


def _queue(name, count):
    rank, text, button = QUEUES[name](count)
    late = name == "overdue"
    return Duty(
        rank=rank, text=text, detail="", url=f"{reverse('hazards:list')}?queue={name}", button=button,
        tag=_("%(n)d late") % {"n": count} if late else "", kind="late" if late else "todo", weight=count,
    )  # fmt: skip


QUEUES = {
    "grade": lambda n: (
        Rank.TODAY,
        ngettext("%(n)d suspected major hazard to grade", "%(n)d suspected major hazards to grade", n)
        % {"n": n},
        _("Grade the hazard"),
    ),
    "verify": lambda n: (
        Rank.TODAY,
        ngettext("%(n)d rectification to verify", "%(n)d rectifications to verify", n) % {"n": n},
        _("Verify"),
    ),
    "accept": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d plan to accept", "%(n)d plans to accept", n) % {"n": n},
        _("Look at the plans"),
    ),
    "extension": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d extension to decide", "%(n)d extensions to decide", n) % {"n": n},
        _("Decide"),
    ),
    "close": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d verified hazard to write off", "%(n)d verified hazards to write off", n) % {"n": n},
        _("Write off"),
    ),
    "overdue": lambda n: (
        Rank.SOON,
        ngettext("%(n)d hazard overdue at the schools", "%(n)d hazards overdue at the schools", n) % {"n": n},
        _("Chase"),
    ),
}


def _to_sign(user, now):
    """A principal's desk: rectifications to look at, plans that are complete."""
    counts = queries.counts_for(user, now)
    found = [_queue("verify", counts["verify"])] if counts["verify"] else []
    plans = Hazard.objects.visible_to(user).filter(status=Status.PLANNING, grade=Grade.MAJOR)
    rows = list(plans.select_related("plan", "school").order_by("due_on")[:MOST_ROWS])
    variant = preference(rows[0].school, "hazards.plan_variant") if rows else ""
    for hazard in rows:
        plan = getattr(hazard, "plan", None)
        if hazard.interim_at and not missing_slots(plan, variant):
            found.append(_case(hazard, now, Rank.SIGNATURE, _("Sign the plan: %(title)s"), _("Sign")))
    return found


def _to_rectify(user, now):
    """An officer's desk: what the school must do next, the most urgent first."""
    mine = Hazard.objects.visible_to(user).filter(queries.QUEUES["fix"] | queries.QUEUES["plan"])
    rows = list(mine.order_by("due_on", "pk")[: MOST_ROWS + 1])
    found = []
    for hazard in rows[:MOST_ROWS]:
        planning = hazard.status == Status.PLANNING
        text = _("Five implementations: %(title)s") if planning else _("Rectify: %(title)s")
        button = _("Fill in") if planning else _("Hand in the rectification")
        found.append(_case(hazard, now, _rank(hazard, now), text, button))
    if len(rows) > MOST_ROWS:
        counts = queries.counts_for(user, now)
        rest = counts["fix"] + counts["plan"] - MOST_ROWS
        text = ngettext("%(n)d more hazard to rectify", "%(n)d more hazards to rectify", rest) % {"n": rest}
        url = f"{reverse('hazards:list')}?queue=fix"
        found.append(Duty(rank=Rank.SOON, text=text, detail="", url=url, button=_("Show"), weight=-1))
    return found


def _rank(hazard, now):
    today = timezone.localdate(now)
    if hazard.awaits_funds_since:
        return Rank.SOON
    if hazard.days_late(today):
        return Rank.OVERDUE
    return Rank.TODAY if hazard.due_on and (hazard.due_on - today).days <= 0 else Rank.SOON


def _case(hazard, now, rank, text, button):
    late = hazard.days_late(timezone.localdate(now))
    due = _("by %(day)s") % {"day": hazard.due_on} if hazard.due_on else ""
    return Duty(
        rank=rank, text=text % {"title": hazard.title}, button=button, url=hazard.get_absolute_url(),
        detail=" · ".join(part for part in (hazard.place, due) if part),
        tag=_("%(n)d days late") % {"n": late} if late else "", kind="late" if late else "todo", weight=late,
    )  # fmt: skip
