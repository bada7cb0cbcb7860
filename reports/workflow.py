"""The states of weekly reports and bulletins, as data. Pure: no queries, no saving, no clock."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hazards.workflow import NotAllowed
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_STAFF, Role


class WeeklyStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting signature")
    SIGNED = "signed", _("Signed and sent up")
    RECEIVED = "received", _("Received")


class WeeklyAction(TextChoices):
    WRITE = "write", _("Save the words")
    REFRESH = "refresh", _("Draw the figures again")
    NIL = "nil", _("Nil report")
    SUBMIT = "submit", _("Submit for signature")
    SEND_BACK = "send_back", _("Send back")
    SIGN = "sign", _("Sign and send up")
    RECEIVE = "receive", _("Receive")
    RETURN = "return", _("Return the report")
    CHASE = "chase", _("Chase the report")


class BulletinStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", _("Issued to all")


class BulletinAction(TextChoices):
    WRITE = "write", _("Save the words")
    REFRESH = "refresh", _("Draw the figures again")
    SUBMIT = "submit", _("Submit for approval")
    SEND_BACK = "send_back", _("Send back")
    APPROVE = "approve", _("Approve")
    ISSUE = "issue", _("Give a number and issue")


@dataclass(frozen=True)
class Standing:
    """The roles of a person at exactly one organisation, and those held above it."""

    own: frozenset
    above: frozenset


@dataclass(frozen=True)
class Rule:
    """Who may act: by a post at the organisation itself, or by one above it."""

    source: frozenset
    target: str | None
    roles: frozenset[Role]
    is_from_above: bool = False

    def fits(self, status, standing):
        held = standing.above if self.is_from_above else standing.own
        return status in self.source and bool(self.roles & held)


W, B = WeeklyStatus, BulletinStatus
OFFICERS = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL})
BUREAU = BUREAU_STAFF | BUREAU_LEADERS
WRITERS = OFFICERS | BUREAU
HEADS = BUREAU_LEADERS | {Role.PRINCIPAL}

# A school's report is written by its officer and signed by its principal, a bureau's by staff and
# leader; whoever stands above receives or returns it, and never writes or signs it in their place.
WEEKLY_RULES = {
    WeeklyAction.WRITE: Rule(frozenset({W.DRAFT}), None, WRITERS),
    WeeklyAction.REFRESH: Rule(frozenset({W.DRAFT}), None, WRITERS),
    WeeklyAction.NIL: Rule(frozenset({W.DRAFT}), W.SUBMITTED, OFFICERS),
    WeeklyAction.SUBMIT: Rule(frozenset({W.DRAFT}), W.SUBMITTED, WRITERS),
    WeeklyAction.SEND_BACK: Rule(frozenset({W.SUBMITTED}), W.DRAFT, HEADS),
    WeeklyAction.SIGN: Rule(frozenset({W.SUBMITTED}), W.SIGNED, HEADS),
    WeeklyAction.RECEIVE: Rule(frozenset({W.SIGNED}), W.RECEIVED, BUREAU, is_from_above=True),
    WeeklyAction.RETURN: Rule(frozenset({W.SIGNED}), W.DRAFT, BUREAU, is_from_above=True),
    WeeklyAction.CHASE: Rule(frozenset({W.DRAFT, W.SUBMITTED}), None, BUREAU, is_from_above=True),
}
BULLETIN_RULES = {
    BulletinAction.WRITE: Rule(frozenset({B.DRAFT}), None, BUREAU),
    BulletinAction.REFRESH: Rule(frozenset({B.DRAFT}), None, BUREAU),
    BulletinAction.SUBMIT: Rule(frozenset({B.DRAFT}), B.REVIEW, BUREAU),
    BulletinAction.SEND_BACK: Rule(frozenset({B.REVIEW, B.APPROVED}), B.DRAFT, BUREAU_LEADERS),
    BulletinAction.APPROVE: Rule(frozenset({B.REVIEW}), B.APPROVED, BUREAU_LEADERS),
    BulletinAction.ISSUE: Rule(frozenset({B.APPROVED}), B.ISSUED, BUREAU),
}
# What must come with a reason.
WITH_REASON = frozenset({WeeklyAction.SEND_BACK, WeeklyAction.RETURN, BulletinAction.SEND_BACK})


def standing_of(posts, path):
    """The Standing of a person's `posts` ((path, role) pairs) at the organisation at `path`."""
    own = frozenset(role for held, role in posts if held == path)
    above = frozenset(role for held, role in posts if held != path and path.startswith(held))
    return Standing(own, above)


def allowed(rules, status, standing):
    """The actions of `rules` that fit the state and the standing, in the order of the rules."""
    return [action for action, rule in rules.items() if rule.fits(status, standing)]


def target_of(rules, action, status, standing):
    """The state after the action; raises NotAllowed with the reason."""
    if action not in allowed(rules, status, standing):
        label = (WeeklyStatus if rules is WEEKLY_RULES else BulletinStatus)(status).label
        raise NotAllowed(_("You cannot do this in the state “%(status)s”.") % {"status": label})
    return rules[action].target or status
