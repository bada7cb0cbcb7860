"""What hazards around schools put on the desk of a bureau: never on a school's as overdue."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_ROLES

from . import queries_surroundings as queries


@source
def surrounding_duties(user, now):
    """Letters without an answer or to issue, places to write about or to look at again: two queries."""
    roles = {role for _path, role in user.posts}
    if not roles & BUREAU_ROLES:
        return []
    counts = queries.counts_for(user, localdate(now))
    if not roles & BUREAU_LEADERS:
        counts["to_issue"] = 0
    return [_duty(name, counts[name]) for name in DUTIES if counts[name]]


def _duty(name, count):
    rank, words, button, address, query = DUTIES[name]
    late = name == "late"
    return Duty(
        rank=rank, text=words(count) % {"n": count}, detail="", url=reverse(address) + query,
        button=button(), kind="late" if late else "todo", weight=count,
        tag=_("%(n)d late") % {"n": count} if late else "",
    )  # fmt: skip


DUTIES = {
    "late": (
        Rank.SOON,
        lambda n: ngettext(
            "%(n)d letter about surroundings without an answer",
            "%(n)d letters about surroundings without an answer",
            n,
        ),
        lambda: _("Draft a reminder"),
        "supervision:surrounding_letters",
        "?only=late",
    ),
    "to_issue": (
        Rank.SIGNATURE,
        lambda n: ngettext(
            "%(n)d letter about surroundings to issue", "%(n)d letters about surroundings to issue", n
        ),
        lambda: _("Issue"),
        "supervision:surrounding_letters",
        "?only=draft",
    ),
    "to_write": (
        Rank.SOON,
        lambda n: ngettext(
            "%(n)d hazard around a school without a letter",
            "%(n)d hazards around schools without a letter",
            n,
        ),
        lambda: _("Write a letter"),
        "supervision:surroundings",
        "?status=recorded",
    ),
    "to_look": (
        Rank.SOON,
        lambda n: ngettext(
            "%(n)d solved place around a school to look at again",
            "%(n)d solved places around schools to look at again",
            n,
        ),
        lambda: _("Look again"),
        "supervision:surroundings",
        "?status=solved",
    ),
}
