"""Rectification notices (整改通知书): the only code that moves a notice along, one verb, one function."""

from schoolsafety.core.drafts import EditedMeanwhile

from .notice_answering import names_in, reply, review
from .notice_drafting import bureau_of, discard, draft, edit, refusals, suggest_basis
from .notice_issuing import TEMPLATE, issue, record_refusal, sign_for, withdraw
from .notice_jobs import issue_for, issue_many
from .notice_shared import actions_of

__all__ = [
    "TEMPLATE",
    "EditedMeanwhile",
    "actions_of",
    "bureau_of",
    "discard",
    "draft",
    "edit",
    "issue",
    "issue_for",
    "issue_many",
    "names_in",
    "record_refusal",
    "refusals",
    "reply",
    "review",
    "sign_for",
    "suggest_basis",
    "withdraw",
]
