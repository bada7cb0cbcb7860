"""The only code that moves a hazard along. One verb, one function; one module an aggregate."""

from .bulk import act_on_many
from .closing import close, reopen, send_back, verify
from .extending import ask_extension, decide_extension, move_deadline, order
from .funding import await_funds, end_wait, grant_funds
from .grading import dismiss, grade, regrade, transfer
from .importing import import_ledger
from .laws import save_legal_basis
from .merging import merge, suggest_duplicates
from .moving import comment, facts_of, protect
from .planning import accept_plan, return_plan, save_plan, sign_plan, sign_responsibility
from .rectifying import arrived, submit, supplement
from .reminding import chase, remind_ahead, remind_overdue
from .reporting import report

__all__ = [
    "accept_plan",
    "act_on_many",
    "arrived",
    "ask_extension",
    "await_funds",
    "chase",
    "close",
    "comment",
    "decide_extension",
    "dismiss",
    "end_wait",
    "facts_of",
    "grade",
    "grant_funds",
    "import_ledger",
    "merge",
    "move_deadline",
    "order",
    "protect",
    "regrade",
    "remind_ahead",
    "remind_overdue",
    "reopen",
    "report",
    "return_plan",
    "save_legal_basis",
    "save_plan",
    "send_back",
    "sign_plan",
    "sign_responsibility",
    "submit",
    "suggest_duplicates",
    "supplement",
    "transfer",
    "verify",
]
