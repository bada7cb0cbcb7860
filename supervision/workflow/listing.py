"""Listed supervision (挂牌督办) as data: its states, who may do what, when a report falls due."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, SCHOOL, Grade, NotAllowed, Status
from schoolsafety.core.roles import BUREAU_LEADERS, Role


class ListingStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("listing", "Draft")
    LISTED = "listed", _("Under listed supervision")  # 挂牌督办中
    APPLIED = "applied", _("Awaiting acceptance")  # 已申请摘牌, 待验收
    ACCEPTED = "accepted", _("Accepted, awaiting delisting")  # 验收合格, 待摘牌
    DELISTED = "delisted", _("Delisted")  # 已摘牌
    WITHDRAWN = "withdrawn", _("Draft withdrawn")  # before it was issued


S = ListingStatus
# One of these a hazard at most; and while one of RUNNING stands, the hazard cannot be closed.
CURRENT = frozenset({S.DRAFT, S.LISTED, S.APPLIED, S.ACCEPTED})
RUNNING = frozenset({S.LISTED, S.APPLIED, S.ACCEPTED})
# A major hazard is put up for supervision while it still waits for the school or for its plan.
LISTABLE = frozenset({Status.PLANNING, Status.SIGNED, Status.RECTIFYING})
HANDED_IN = frozenset({Status.SUBMITTED, Status.VERIFIED})


class ListingLevel(TextChoices):
    """Who supervises: a city may put up a district's hazard, the district sees it and works on."""

    DISTRICT = "district", _("District listing")
    CITY = "city", _("City listing")


class Cycle(IntegerChoices):
    """How often the school reports (进展报送周期)."""

    DAILY = 1, _("Each workday")
    WEEKLY = 7, _("Every week")
    FORTNIGHTLY = 14, _("Every two weeks")
    MONTHLY = 28, _("Every four weeks")


class Ground(TextChoices):
    """Why the supervision ends. Only the first follows an acceptance; the others are a leader's decision."""

    RECTIFIED = "rectified", _("Rectified and accepted")
    TRANSFERRED = "transferred", pgettext_lazy("listing", "Handed to another authority")
    DEMOLISHED = "demolished", _("The building or equipment is gone")
    REGRADED = "regraded", _("Not a major hazard after a new judgement")


LIFT_GROUNDS = [ground for ground in Ground if ground != Ground.RECTIFIED]


class ReportState(TextChoices):
    SENT = "sent", _("Not read yet")
    READ = "read", pgettext_lazy("report", "Read")
    RETURNED = "returned", _("Returned")


class ListingAction(TextChoices):
    EDIT = "edit", _("Edit")
    ISSUE = "issue", _("Issue the listing")
    DISCARD = "discard", _("Withdraw the draft")
    PUBLISH = "publish", _("Publish for everybody")
    UNPUBLISH = "unpublish", _("Take off the public page")
    REPORT = "report", _("Report progress")
    ANSWER = "answer", _("Read the progress report")
    ASK_EXTENSION = "extension", _("Ask for a longer term")
    DECIDE_EXTENSION = "decide", _("Decide on the longer term")
    APPLY = "apply", _("Apply for acceptance")
    JUDGE = "accept", _("Acceptance on site")
    DELIST = "delist", _("Delist")
    LIFT = "lift", _("End the supervision without acceptance")
    HAND_OVER = "hand-over", _("Change the supervising person")
    PUBLISH_DELISTING = "publish-delisting", _("Publish the delisting")


A = ListingAction


@dataclass(frozen=True)
class Facts:
    """What a guard may look at: a snapshot of the listing, its hazard and the person, without queries."""

    hazard_status: str
    hazard_grade: str
    has_open_extension: bool
    is_applicant: bool  # this person handed in the rectification or applied for the acceptance
    is_published: bool
    is_delisting_published: bool


@dataclass(frozen=True)
class Rule:
    """Who may take a listing from where to where. `target=None`: the state stays or the service decides."""

    source: frozenset[ListingStatus]
    target: ListingStatus | None
    roles: frozenset[Role]
    guard: Callable[[Facts], object] = lambda facts: ""


def _listable(facts):
    if facts.hazard_grade != Grade.MAJOR:
        return _("Only a major hazard is put up for listed supervision.")
    if facts.hazard_status in HANDED_IN:
        return _("The rectification is handed in already: verify it or send it back.")
    return "" if facts.hazard_status in LISTABLE else _("The hazard is not open any more.")


def _no_open_extension(facts):
    return _("A request is already waiting for a decision.") if facts.has_open_extension else ""


def _open_extension(facts):
    return "" if facts.has_open_extension else _("No request is waiting for a decision.")


def _may_apply(facts):
    if facts.hazard_status in HANDED_IN | {Status.RECTIFYING}:
        return ""
    return _("First the plan is accepted and the work done, then acceptance is applied for.")


def _may_judge(facts):
    if facts.is_applicant:
        return _("Whoever handed in the rectification or applied cannot accept it.")
    if facts.hazard_status not in HANDED_IN:
        return _("The hazard's rectification is not handed in.")
    return ""


def _may_delist(facts):
    if facts.hazard_status == Status.VERIFIED:
        return ""
    return _("The hazard is not verified any more; the acceptance has to be held again.")


def _is_published(facts):
    return "" if facts.is_published else _("It is not on the public page.")


def _may_publish_delisting(facts):
    if facts.is_delisting_published:
        return _("The delisting is published already.")
    return _is_published(facts)


def _rule(source, target, roles, guard=lambda facts: ""):
    return Rule(frozenset(source), target, frozenset(roles), guard)


# Staff draft, leaders decide what goes out: issue, term, delisting, publication.
RULES: dict[ListingAction, Rule] = {
    A.EDIT: _rule({S.DRAFT}, None, BUREAU),
    A.ISSUE: _rule({S.DRAFT}, S.LISTED, BUREAU_LEADERS, _listable),
    A.DISCARD: _rule({S.DRAFT}, S.WITHDRAWN, BUREAU),
    A.PUBLISH: _rule(RUNNING, None, BUREAU_LEADERS),
    # A wrong word in public comes down at once, by whoever sees it.
    A.UNPUBLISH: _rule(RUNNING | {S.DELISTED}, None, BUREAU, _is_published),
    A.REPORT: _rule({S.LISTED}, None, SCHOOL),
    A.ANSWER: _rule(RUNNING, None, BUREAU),
    A.ASK_EXTENSION: _rule({S.LISTED}, None, SCHOOL, _no_open_extension),
    A.DECIDE_EXTENSION: _rule({S.LISTED, S.APPLIED}, None, BUREAU_LEADERS, _open_extension),
    A.APPLY: _rule({S.LISTED}, S.APPLIED, SCHOOL, _may_apply),
    A.JUDGE: _rule({S.APPLIED}, None, BUREAU, _may_judge),
    A.DELIST: _rule({S.ACCEPTED}, S.DELISTED, BUREAU_LEADERS, _may_delist),
    A.LIFT: _rule(RUNNING, S.DELISTED, BUREAU_LEADERS),
    # A term outlasts many a post: the paper names who it was, the page who it is.
    A.HAND_OVER: _rule(RUNNING, None, BUREAU),
    A.PUBLISH_DELISTING: _rule({S.DELISTED}, None, BUREAU_LEADERS, _may_publish_delisting),
}
# Acts that count by a post at the school or above it; all others by one at the supervising bureau.
AT_SCHOOL = frozenset({A.REPORT, A.ASK_EXTENSION, A.APPLY, A.ANSWER})


def refusal(action, status, roles, facts):
    """None if one of `roles` may take `action` now, else the reason to show."""
    rule = RULES[action]
    if status not in rule.source or not rule.roles & set(roles):
        return _("You cannot do this while the listing is “%(status)s”.") % {"status": S(status).label}
    return rule.guard(facts) or None


def target_of(action, status, roles, facts):
    """The state after the action; raises NotAllowed with the reason."""
    reason = refusal(action, status, roles, facts)
    if reason is not None:
        raise NotAllowed(str(reason))
    return RULES[action].target or status


def draft_refusal(hazard_grade, hazard_status, *, has_current):
    """None if a listing of this hazard may be drafted, else the reason."""
    if has_current:
        return _("A listing of this hazard is drafted or running already.")
    facts = Facts(hazard_status, hazard_grade, False, False, False, False)
    return _listable(facts) or None


def report_day(calendar, start, cycle, after):
    """The first day of the cycle that lies after `after`: each workday, or the workday on which the n-th
    period since `start` ends. Days off move to the next workday (core.workdays)."""
    if cycle == Cycle.DAILY:
        return calendar.add(max(start, after), 1)
    day = start
    while True:
        day += timedelta(days=int(cycle))
        if (due := calendar.next_workday(day)) > after:
            return due


# Runs of digits that are a telephone, an identity card or a bank card, however they are grouped.
LONG_NUMBER = re.compile(r"\d(?:[\s\-—]?\d){6,}[Xx]?")
# A date is written with hyphens too and tells nothing of a person.
DATE = re.compile(r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)")


def personal_faults(text, names):
    """The reasons why `text` may not stand on a public page: people of the case, long numbers.

    `names`: the names of the people of the case. Sentences, empty when it may be published.
    """
    found = sorted({name for name in names if len(name) > 1 and name in text})
    faults = [_("Leave out the name of a person: %(name)s.") % {"name": name} for name in found]
    if LONG_NUMBER.search(DATE.sub("", text)):
        faults.append(_("Leave out telephone, identity and card numbers."))
    return faults
