"""The verbs of reports: drafting, writing, signing, issuing. One public function a verb."""

from .bulletins import approve, confirm_reading, edit, issue, redraw, send_back_bulletin, submit_bulletin
from .drafting import draft_week, refresh
from .editions import draft
from .weekly import (
    EditedMeanwhile,
    chase,
    chase_all,
    nil_report,
    paper_of,
    receive,
    return_to_sender,
    send_back,
    sign,
    submit,
    write,
)

__all__ = [
    "EditedMeanwhile", "approve", "chase", "chase_all", "confirm_reading", "draft",
    "draft_week", "edit", "issue", "nil_report", "paper_of", "receive", "redraw", "refresh",
    "return_to_sender", "send_back", "send_back_bulletin", "sign", "submit", "submit_bulletin",
    "write",
]  # fmt: skip
