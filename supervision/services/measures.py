"""The ladder of measures: every verb of proposals, drafts, issue, steps, appeals and bans, by its name."""

from schoolsafety.core.drafts import EditedMeanwhile

from .measure_appeals import appeal, decide_appeal, decision_before, draft_decision
from .measure_bans import check_person
from .measure_drafting import bureau_of, discard, draft, edit, release, send_back, submit
from .measure_issuing import end, give_notice, hear, issue, lift, paper_before, state
from .measure_proposals import Triggers, dismiss, lapse, may_decide, propose_all, save_trigger, take_up
from .measure_shared import actions_of, appeal_ends, is_printable, why_not
from .measure_steps import finish, may_finish
from .measure_words import sentence

__all__ = [
    "EditedMeanwhile",
    "Triggers",
    "actions_of",
    "appeal",
    "appeal_ends",
    "bureau_of",
    "check_person",
    "decide_appeal",
    "decision_before",
    "discard",
    "dismiss",
    "draft",
    "draft_decision",
    "edit",
    "end",
    "finish",
    "give_notice",
    "hear",
    "is_printable",
    "issue",
    "lapse",
    "lift",
    "may_decide",
    "may_finish",
    "paper_before",
    "propose_all",
    "release",
    "save_trigger",
    "send_back",
    "sentence",
    "state",
    "submit",
    "take_up",
    "why_not",
]
