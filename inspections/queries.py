"""Reads that more than one page shares: whose turn a notice is, the plain numbers of a walk."""

from datetime import timedelta

from django.db.models import Q

from schoolsafety.core.roles import BUREAU_ROLES, Role

from .models import Notice
from .services.arrivals import ARRIVED
from .workflow import LATE_AFTER, UNANSWERED, NoticeStatus

FIGURE_COLUMNS = [
    "normal_count", "problem_count", "not_applicable_count", "bulk_count", "started_at", "submitted_at",
    "checkins", "field_record__client_started_at", "field_record__client_finished_at",
]  # fmt: skip


def notices_of_turn(user, today):
    """The notices that wait for this person on `today`: at a school to sign for or to answer; at the
    bureau that issued them to re-check, once answered or once the day of the re-check has come."""
    visible = Notice.objects.visible_to(user).filter(number__isnull=False)
    bureaus = [path for path, role in user.posts if role in BUREAU_ROLES]
    if bureaus:
        due = Q(status__in=UNANSWERED, review_on__lte=today) | Q(status=NoticeStatus.REPLIED)
        return visible.filter(due, bureau__path__in=bureaus)
    if {role for _path, role in user.posts} & {Role.SAFETY_OFFICER, Role.PRINCIPAL}:
        return visible.filter(status__in=UNANSWERED)
    return visible.none()


def figures_of(walk):
    """{each, bulk, minutes, arrived, arrivable} of a walk handed in: numbers to read, never a score.

    `walk` is a row of `values()` with FIGURE_COLUMNS, or a Patrol (select its `field_record` along).
    `arrivable` is 0 where nobody was to check in.
    """
    said = walk if isinstance(walk, dict) else {name: _read(walk, name) for name in FIGURE_COLUMNS}
    total = said["normal_count"] + said["problem_count"] + said["not_applicable_count"]
    return {
        "each": total - said["bulk_count"], "bulk": said["bulk_count"],
        "minutes": round(_length(said).total_seconds() / 60),
        "arrived": sum(1 for row in said["checkins"] if row["how"] in ARRIVED),
        "arrivable": len(said["checkins"]),
    }  # fmt: skip


def _length(said):
    """How long the walk took. A phone hands in when it has a network, perhaps hours later: its own two
    times count then, whose difference is right also when its clock is not."""
    began, ended = said["field_record__client_started_at"], said["field_record__client_finished_at"]
    if began and timedelta(0) <= ended - began <= LATE_AFTER:
        return ended - began
    return said["submitted_at"] - said["started_at"]


def _read(walk, name):
    """`name` of a Patrol, also across its phone's record; None for a walk without one."""
    for part in name.split("__"):
        walk = getattr(walk, part, None)
    return walk
