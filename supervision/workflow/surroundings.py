"""Hazards around schools: their states, the letters about them and who may do what, as data. Pure."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.roles import BUREAU_LEADERS, Role


class Kind(TextChoices):
    """What the plans of city and district, and the checklist's part ZB, name around a school."""

    NET_CAFE = "net_cafe", _("Internet café")
    GAMES = "games", _("Games room")
    ENTERTAINMENT = "entertainment", _("Place of entertainment or bar")
    PUBLICATIONS = "publications", _("Bookstall, audio or video shop")
    SHOP = "shop", _("Small shop")
    TOBACCO = "tobacco", _("Tobacco, alcohol or lottery")
    FOOD_STALL = "food_stall", _("Mobile food stall")
    TRAFFIC = "traffic", _("Road signs and crossings")
    CONGESTION = "congestion", _("Congestion when school ends")
    RIDES = "rides", _("Pupils in vehicles not licensed for them")
    SECURITY = "security", _("Public security")
    QUARRY = "quarry", _("Quarry or blasting")
    WORKS = "works", _("Building works and noise")
    DANGEROUS_GOODS = "dangerous_goods", _("Dangerous goods, fuel station, power line")
    WATER = "water", _("Water, railway or main road")
    OTHER = "other", _("Other")


# The agency that usually leads, as suggested to whoever reports; a person writes what holds at the place.
AGENCIES = {
    Kind.NET_CAFE: "文化市场综合行政执法部门", Kind.GAMES: "文化市场综合行政执法部门",
    Kind.ENTERTAINMENT: "文化市场综合行政执法部门", Kind.PUBLICATIONS: "文化市场综合行政执法部门",
    Kind.SHOP: "市场监督管理部门", Kind.TOBACCO: "烟草专卖和市场监督管理部门",
    Kind.FOOD_STALL: "城市管理部门", Kind.TRAFFIC: "公安机关交通管理部门",
    Kind.CONGESTION: "公安机关交通管理部门", Kind.RIDES: "公安机关交通管理部门", Kind.SECURITY: "公安机关",
    Kind.QUARRY: "应急管理部门", Kind.WORKS: "住房城乡建设部门", Kind.DANGEROUS_GOODS: "应急管理部门",
    Kind.WATER: "当地人民政府", Kind.OTHER: "当地人民政府",
}  # fmt: skip


class State(TextChoices):
    RECORDED = "recorded", _("Recorded, no letter yet")  # 已建档
    SENT = "sent", _("Letter sent, awaiting the answer")  # 已致函
    ANSWERED = "answered", _("Answered, being dealt with")  # 已答复
    SOLVED = "solved", _("Solved, to be looked at again")  # 已消除，待回看
    CLOSED = "closed", _("Looked at again, closed")  # 已归档
    DROPPED = "dropped", _("Taken out: not a hazard")


UNSOLVED = frozenset({State.RECORDED, State.SENT, State.ANSWERED})
LIVE = UNSOLVED | {State.SOLVED}


class Action(TextChoices):
    EDIT = "edit", _("Correct the record")
    SOLVE = "solve", _("Record that it is solved")
    LOOK_AGAIN = "look-again", _("Look again")
    DROP = "drop", _("Take out of the archive")


class LetterState(TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent, awaiting the answer")
    REMINDED = "reminded", _("Followed by a reminder")
    ANSWERED = "answered", pgettext_lazy("letter", "Answered")
    DISCARDED = "discarded", _("Discarded")


class LetterAction(TextChoices):
    EDIT = "edit", _("Edit")
    ISSUE = "issue", _("Issue")
    DISCARD = "discard", _("Discard the draft")
    REPLY = "reply", _("Record the answer")
    REMIND = "remind", _("Draft a reminder")


class MeetingState(TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    HELD = "held", _("Held")
    CALLED_OFF = "called_off", _("Called off")


class Outcome(TextChoices):
    GONE = "gone", _("It is gone")
    BACK = "back", _("It is back, or was never gone")


@dataclass(frozen=True)
class Rule:
    source: frozenset[str]
    roles: frozenset[Role]


REPORTERS = BUREAU | SCHOOL
RULES: dict[Action, Rule] = {
    Action.EDIT: Rule(frozenset({State.RECORDED}), BUREAU | SCHOOL),
    Action.SOLVE: Rule(UNSOLVED, BUREAU | SCHOOL),
    Action.LOOK_AGAIN: Rule(frozenset({State.SOLVED}), BUREAU | SCHOOL),
    Action.DROP: Rule(UNSOLVED, BUREAU),
}
# The staff writes; what goes out to a government or agency is signed by a leader.
LETTER_RULES: dict[LetterAction, Rule] = {
    LetterAction.ISSUE: Rule(frozenset({LetterState.DRAFT}), BUREAU_LEADERS),
    LetterAction.EDIT: Rule(frozenset({LetterState.DRAFT}), BUREAU),
    LetterAction.DISCARD: Rule(frozenset({LetterState.DRAFT}), BUREAU),
    LetterAction.REPLY: Rule(frozenset({LetterState.SENT}), BUREAU),
    LetterAction.REMIND: Rule(frozenset({LetterState.SENT}), BUREAU),
}


def refusal(action, state, roles, *, is_own_word=False):
    """None if the action is allowed, else the sentence to show. `is_own_word`: the actor called it solved."""
    rule = RULES[action]
    if state not in rule.source:
        return _("You cannot do this while it is “%(state)s”.") % {"state": State(state).label}
    if not rule.roles & set(roles):
        return _("You hold no post that may do this.")
    if action == Action.LOOK_AGAIN and is_own_word:
        return _("Whoever called it solved does not look at it again.")
    return None


def letter_refusal(action, state, roles):
    """None if the action on a letter is allowed, else the sentence to show."""
    rule = LETTER_RULES[action]
    if state not in rule.source:
        return _("You cannot do this while it is “%(state)s”.") % {"state": LetterState(state).label}
    if not rule.roles & set(roles):
        if action == LetterAction.ISSUE:
            return _("A leader of the bureau issues the letter.")
        return _("You hold no post that may do this.")
    return None


def demand(reason):
    """Raise NotAllowed with `reason` if there is one."""
    if reason is not None:
        raise NotAllowed(str(reason))
