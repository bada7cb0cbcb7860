"""What listed supervision puts on a desk: a school's reports one by one, a bureau's queues."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.roles import BUREAU_ROLES

from . import listing_lists as lists
from . import listing_pages as pages
from .workflow.listing import LISTABLE, ListingAction

MOST_ROWS = 6


@source
def listing_duties(user, now):
    """Reports, applications, terms and decisions of listed supervision (one query)."""
    today = timezone.localdate(now)
    if {role for _path, role in user.posts} & BUREAU_ROLES:
        counts = lists.duties_for(user, today)
        return [_queue(name, counts[name]) for name in QUEUES if counts.get(name)]
    return [_own(row, today) for row in lists.own_of_school(user, today)[:MOST_ROWS]]


QUEUES = {
    "late": lambda n: (
        Rank.SOON,
        ngettext("%(n)d progress report is late", "%(n)d progress reports are late", n) % {"n": n},
        _("See which"),
    ),
    "over": lambda n: (
        Rank.OVERDUE,
        ngettext("%(n)d term of supervision is over", "%(n)d terms of supervision are over", n) % {"n": n},
        _("See which"),
    ),
    "read": lambda n: (
        Rank.TODAY,
        ngettext("Progress reports to read: %(n)d listing", "Progress reports to read: %(n)d listings", n)
        % {"n": n},
        pages_label("read"),
    ),
    "accept": lambda n: (
        Rank.TODAY,
        ngettext("%(n)d acceptance on site to hold", "%(n)d acceptances on site to hold", n) % {"n": n},
        pages_label("accept"),
    ),
    "issue": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d listing to issue", "%(n)d listings to issue", n) % {"n": n},
        pages_label("issue"),
    ),
    "decide": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d longer term to decide", "%(n)d longer terms to decide", n) % {"n": n},
        pages_label("decide"),
    ),
    "delist": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d accepted listing to delist", "%(n)d accepted listings to delist", n) % {"n": n},
        pages_label("delist"),
    ),
    "publish": lambda n: (
        Rank.SIGNATURE,
        ngettext("%(n)d listing to publish", "%(n)d listings to publish", n) % {"n": n},
        pages_label("publish"),
    ),
}


def pages_label(name):
    """The button of a queue: the name of its tab."""
    return str(lists.LABELS[name])


def _queue(name, count):
    rank, text, button = QUEUES[name](count)
    is_late = name in {"late", "over"}
    return Duty(
        rank=rank, text=text, detail=_("Listed supervision"), button=button, weight=count,
        url=f"{reverse('supervision:listings')}?queue={name}", kind="late" if is_late else "todo",
    )  # fmt: skip


def _own(row, today):
    words = {"number": row.number, "title": row.hazard.title}
    if row.hazard.status not in LISTABLE:
        text, action, due_on = _("Apply for the acceptance: %(title)s"), ListingAction.APPLY, row.due_on
    else:
        text, action, due_on = _("Report progress: %(title)s"), ListingAction.REPORT, row.next_report_on
    late = max((today - due_on).days, 0)
    rank = Rank.OVERDUE if late else Rank.TODAY if due_on == today else Rank.SOON
    detail = _("%(number)s · by %(day)s · term until %(term)s")
    return Duty(
        rank=rank, text=text % words, detail=detail % (words | {"day": due_on, "term": row.due_on}),
        url=pages.address(row, action), button=action.label, weight=late + 1,
        tag=_("%(n)d days late") % {"n": late} if late else _("listed"), kind="late" if late else "todo",
    )  # fmt: skip
