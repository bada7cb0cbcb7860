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
    WRITE = "write", _("Write")
    SUBMIT = "submit", _("Submit for signature")
    SEND_BACK = "send_back", _("Send back")
    SIGN = "sign", _("Sign and send up")
    RECEIVE = "receive", _("Receive")
    RETURN = "return", _("Return to the school")


class BulletinStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", _("Issued")


class BulletinAction(TextChoices):
    WRITE = "write", _("Write")
    REFRESH = "refresh", _("Draw the figures again")
    SUBMIT = "submit", _("Submit for approval")
    SEND_BACK = "send_back", _("Send back")
    APPROVE = "approve", _("Approve")
    ISSUE = "issue", _("Give a number and issue")


@dataclass(frozen=True)
class Rule:
    source: frozenset
    target: str | None
    roles: frozenset[Role]


W, B = WeeklyStatus, BulletinStatus
OFFICERS = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL})
BUREAU = BUREAU_STAFF | BUREAU_LEADERS
HEADS = BUREAU_LEADERS | {Role.PRINCIPAL}

# A school's report is written by its officer and signed by its principal, a bureau's by staff and leader.
WEEKLY_RULES = {
    WeeklyAction.WRITE: Rule(frozenset({W.DRAFT}), None, OFFICERS | BUREAU),
    WeeklyAction.SUBMIT: Rule(frozenset({W.DRAFT}), W.SUBMITTED, OFFICERS | BUREAU),
    WeeklyAction.SEND_BACK: Rule(frozenset({W.SUBMITTED}), W.DRAFT, HEADS),
    WeeklyAction.SIGN: Rule(frozenset({W.SUBMITTED}), W.SIGNED, HEADS),
    WeeklyAction.RECEIVE: Rule(frozenset({W.SIGNED}), W.RECEIVED, BUREAU),
    WeeklyAction.RETURN: Rule(frozenset({W.SIGNED}), W.DRAFT, BUREAU),
}
BULLETIN_RULES = {
    BulletinAction.WRITE: Rule(frozenset({B.DRAFT}), None, BUREAU),
    BulletinAction.REFRESH: Rule(frozenset({B.DRAFT}), None, BUREAU),
    BulletinAction.SUBMIT: Rule(frozenset({B.DRAFT}), B.REVIEW, BUREAU),
    BulletinAction.SEND_BACK: Rule(frozenset({B.REVIEW, B.APPROVED}), B.DRAFT, BUREAU_LEADERS),
    BulletinAction.APPROVE: Rule(frozenset({B.REVIEW}), B.APPROVED, BUREAU_LEADERS),
    BulletinAction.ISSUE: Rule(frozenset({B.APPROVED}), B.ISSUED, BUREAU),
}


def allowed(rules, status, roles):
    """The actions of `rules` that fit the state and one of the roles."""
    return [action for action, rule in rules.items() if status in rule.source and rule.roles & set(roles)]


def target_of(rules, action, status, roles):
    """The state after the action; raises NotAllowed with the reason."""
    if action not in allowed(rules, status, roles):
        raise NotAllowed(_("You cannot do this in the state “%(status)s”.") % {"status": status.label})
    return rules[action].target or status
