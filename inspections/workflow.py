"""The states of patrols, inspections and notices, as data. Pure: no queries, no saving, no clock."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import NotAllowed, Status
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_STAFF, Role


class Frequency(TextChoices):
    DAILY = "D", _("Daily")
    WEEKLY = "W", _("Weekly")
    MONTHLY = "M", _("Monthly")
    QUARTERLY = "Q", _("Quarterly")
    TERMLY = "T", _("Each term")
    YEARLY = "A", _("Yearly")
    ON_EVENT = "E", _("On event")


class Answer(TextChoices):
    """What a person said of an item. Not applicable is an answer of its own, never a pass."""

    NORMAL = "n", pgettext_lazy("answer", "Normal")
    PROBLEM = "p", pgettext_lazy("answer", "Problem")
    NOT_APPLICABLE = "x", pgettext_lazy("answer", "Not applicable")


class Mode(TextChoices):
    """How it was said: one by one, with a photo, or by “the other N are normal”."""

    EACH = "e", _("One by one")
    PHOTO = "f", _("With photo")
    BULK = "b", _("Zone in one press")


class ZoneKind(TextChoices):
    """Where an item is looked at; a school's own zones carry one of these."""

    GATE = "gate", _("Gate and perimeter")
    TEACHING = "teaching", _("Teaching buildings")
    CANTEEN = "canteen", _("Canteen")
    DORMITORY = "dormitory", _("Dormitories")
    LABORATORY = "laboratory", _("Laboratories")
    GROUNDS = "grounds", _("Grounds and sports")
    PLANT = "plant", _("Power, gas and plant rooms")
    BUS = "bus", _("School bus")
    OFFICE = "office", _("Office and records")
    OUTSIDE = "outside", _("Surroundings")


class Level(TextChoices):
    """How bad it is when an item is not met; the grader decides in the end."""

    GENERAL = "G", pgettext_lazy("level", "General")
    GAP = "G*", pgettext_lazy("level", "General, a gap in management")
    POSSIBLY_MAJOR = "P", pgettext_lazy("level", "Possibly major")
    PROBABLY_MAJOR = "M?", pgettext_lazy("level", "Probably major")
    MAJOR = "M", pgettext_lazy("level", "Major")


# Levels at which a finding is proposed as a suspected major hazard.
MAJOR_LEVELS = frozenset({Level.MAJOR, Level.PROBABLY_MAJOR})


class PatrolStatus(TextChoices):
    WALKING = "walking", _("Under way")
    SUBMITTED = "submitted", _("Submitted")


# A patrol handed in more than this after it was begun is a late entry (补录), flagged wherever it is shown.
LATE_AFTER = timedelta(hours=24)
# Calendar days for which a walk can still be entered.
LATE_DAYS = 31


class InspectionStatus(TextChoices):
    DRAFT = "draft", _("Under way")
    FINISHED = "finished", _("Finished")


class NoticeStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued, awaiting receipt")
    RECEIVED = "received", _("Received, being rectified")
    REFUSED = "refused", _("Receipt refused")
    REPLIED = "replied", _("Replied, awaiting re-check")
    REVIEWED = "reviewed", _("Re-checked")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class NoticeAction(TextChoices):
    EDIT = "edit", _("Edit")
    ISSUE = "issue", _("Issue")
    DISCARD = "discard", _("Discard the draft")
    SIGN_FOR = "sign_for", _("Sign for receipt")
    RECORD_REFUSAL = "record_refusal", _("Record the refusal")
    REPLY = "reply", _("Reply item by item")
    REVIEW = "review", _("Re-check")
    WITHDRAW = "withdraw", _("Withdraw")


@dataclass(frozen=True)
class Rule:
    source: frozenset[NoticeStatus]
    target: NoticeStatus | None
    roles: frozenset[Role]


BUREAU = BUREAU_STAFF | BUREAU_LEADERS
SCHOOL = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL})
S = NoticeStatus

NOTICE_RULES: dict[NoticeAction, Rule] = {
    NoticeAction.EDIT: Rule(frozenset({S.DRAFT}), None, BUREAU),
    NoticeAction.ISSUE: Rule(frozenset({S.DRAFT}), S.ISSUED, BUREAU),
    NoticeAction.DISCARD: Rule(frozenset({S.DRAFT}), S.WITHDRAWN, BUREAU),
    NoticeAction.SIGN_FOR: Rule(frozenset({S.ISSUED, S.REFUSED}), S.RECEIVED, SCHOOL),
    NoticeAction.RECORD_REFUSAL: Rule(frozenset({S.ISSUED}), S.REFUSED, BUREAU),
    NoticeAction.REPLY: Rule(frozenset({S.RECEIVED}), S.REPLIED, SCHOOL),
    NoticeAction.REVIEW: Rule(frozenset({S.RECEIVED, S.REFUSED, S.REPLIED}), S.REVIEWED, BUREAU),
    NoticeAction.WITHDRAW: Rule(frozenset({S.ISSUED, S.RECEIVED, S.REFUSED}), S.WITHDRAWN, BUREAU_LEADERS),
}
# A notice in one of these keeps its hazards from being put into another.
NOTICE_OPEN = frozenset({S.DRAFT, S.ISSUED, S.RECEIVED, S.REFUSED, S.REPLIED})
# The school has not answered yet.
UNANSWERED = frozenset({S.ISSUED, S.RECEIVED, S.REFUSED})
# What the school does; everything else is the issuer's.
SCHOOL_ACTIONS = frozenset({NoticeAction.SIGN_FOR, NoticeAction.REPLY})
# Only a hazard that waits for the school, or for its plan, can be ordered to be rectified.
CITABLE = frozenset({Status.PLANNING, Status.SIGNED, Status.RECTIFYING})


def cite_refusal(status, grade, cited_in=None):
    """None if a notice may cite a hazard in this state, else the reason; `cited_in`: a notice that does."""
    if status == Status.CLOSED:
        return _("It is closed already.")
    if status in {Status.SUBMITTED, Status.VERIFIED}:
        return _("It is handed in already: verify it or send it back.")
    if status not in CITABLE or not grade:
        return _("Grade it first.")
    if cited_in is not None:
        return _("It stands in another current notice: %(notice)s.") % {"notice": cited_in}
    return None


def notice_actions(status, roles):
    """What these roles may do with a notice in this state."""
    return [a for a, rule in NOTICE_RULES.items() if status in rule.source and rule.roles & set(roles)]


def notice_target(action, status, roles):
    """The state after the action; raises NotAllowed with the reason."""
    if action not in notice_actions(status, roles):
        raise NotAllowed(
            _("You cannot do this while the notice is “%(status)s”.") % {"status": S(status).label}
        )
    return NOTICE_RULES[action].target or status


class ItemResult(TextChoices):
    """The result of the re-check of one item."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly done")
    NOT_DONE = "not_done", _("Not done")
