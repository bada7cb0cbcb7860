"""The ladder of measures as data: kinds, states, who may do what, which steps follow. No queries."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.roles import BUREAU_LEADERS, Role


class Kind(TextChoices):
    """The rungs, mildest first. The internal circular and the penalty of the same name are kept apart:
    since 2021 a circular to an outside party is a penalty (行政处罚法 Art. 9 (1)) with its own way."""

    INTERVIEW = "interview", _("Interview")  # 约谈
    CIRCULAR = "circular", _("Internal circular of criticism")  # 内部通报批评
    YELLOW_CARD = "yellow_card", _("Yellow card")  # 黄牌警告
    STOP = "stop", _("Stop of use")  # 责令停用: another part orders it, the ladder only proposes
    ACCOUNTABILITY = "accountability", _("Accountability")  # 责任追究
    DISCIPLINE = "discipline", _("Disciplinary sanction")  # 处分
    BAN = "ban", _("Ban from school management")  # 禁止从事学校管理事务
    PENALTY = "penalty", _("Administrative penalty")  # 行政处罚
    REFERRAL = "referral", _("Referral to another authority")  # 移送、提请关闭


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Awaiting the leader's decision")
    NOTICED = "noticed", _("Prior notice given, to be heard")
    HEARD = "heard", _("Heard, awaiting the leader's decision")
    ISSUED = "issued", pgettext_lazy("measure", "In force")
    LIFTED = "lifted", _("Lifted")
    ENDED = "ended", pgettext_lazy("measure", "Ended")
    REVOKED = "revoked", _("Revoked on appeal")
    DISCARDED = "discarded", _("Not imposed")


class Action(TextChoices):
    EDIT = "edit", _("Edit")
    SUBMIT = "submit", _("Hand to the leader")
    SEND_BACK = "send_back", pgettext_lazy("measure", "Send back to the drafter")
    GIVE_NOTICE = "give_notice", _("Give prior notice")
    STATE = "state", _("State one's case")
    HEAR = "hear", _("Record the hearing")
    ISSUE = "issue", pgettext_lazy("measure", "Decide and issue")
    DISCARD = "discard", _("Do not impose it")
    LIFT = "lift", _("Lift the measure")
    END = "end", _("End the measure")
    APPEAL = "appeal", _("File an appeal")
    DECIDE_APPEAL = "decide_appeal", _("Decide on the appeal")
    RELEASE = "release", _("Let the hazard be written off")


class Step(TextChoices):
    """What must follow a measure that is in force, each with its own clock."""

    HOLD = "hold", _("Hold the interview and record it")
    COMMIT = "commit", _("Commitment, with the signed record")
    REPORT = "report", _("Written report")
    CARRY_OUT = "carry_out", _("See that it was carried out")
    PUBLISH = "publish", _("Publish the decision")
    PERFORM = "perform", _("Carry out the penalty")
    ANSWER = "answer", _("Answer of the authority")
    UNPUBLISH = "unpublish", _("Take back what was published")


class Side(TextChoices):
    BUREAU = "bureau", pgettext_lazy("side", "Bureau")
    SCHOOL = "school", pgettext_lazy("side", "School")


class Result(TextChoices):
    """What became of an appeal."""

    UPHELD = "upheld", pgettext_lazy("appeal", "Upheld")
    CHANGED = "changed", pgettext_lazy("appeal", "Changed")
    REVOKED = "revoked", pgettext_lazy("appeal", "Revoked")


class Hearing(TextChoices):
    """How the party was heard (行政处罚法 Art. 45, 63, 64)."""

    STATEMENT = "statement", _("Statement in writing or recorded")
    HEARING = "hearing", _("Formal hearing")
    NONE = "none", _("Nothing said by the day set")


class Fault(TextChoices):
    """Why somebody is held to account: three of a school's duty, four of supervision."""

    SLOW = "slow", _("Slow progress")  # 进展缓慢
    NOT_DONE = "not_done", _("Measures not put into practice")  # 措施不落实
    NO_EFFECT = "no_effect", _("No visible effect")  # 效果不明显
    UNAWARE = "unaware", _("Seriousness not seen")  # 认识不高
    UNCLEAR = "unclear", _("Responsibility unclear")  # 责任不明
    INEXACT = "inexact", _("Hazards not found exactly")  # 排查不准
    INEFFECTIVE = "ineffective", _("Ineffective rectification")  # 整治不力


class Sanction(TextChoices):
    """What exactly is imposed; which ones fit a kind says its rule."""

    CRITICISM = "criticism", _("Criticism and instruction")
    SELF_REVIEW = "self_review", _("Written self-criticism")
    ADMONITION = "admonition", _("Admonishing talk")
    MOVED = "moved", _("Moved to another post")
    WARNING = "warning", pgettext_lazy("sanction", "Warning")
    DEMERIT = "demerit", _("Demerit")
    MAJOR_DEMERIT = "major_demerit", _("Major demerit")
    DEMOTION = "demotion", _("Demotion")
    REMOVAL = "removal", _("Removal from post")
    DISMISSAL = "dismissal", _("Dismissal")
    PUBLIC_CRITICISM = "public_criticism", _("Public criticism (a penalty)")
    FINE = "fine", _("Fine")
    CONFISCATION = "confiscation", _("Confiscation of unlawful gains")
    LICENCE = "licence", _("Licence withdrawn")
    CLOSE = "close", _("Ask the government to close it")
    INSPECTORATE = "inspectorate", _("Hand over to the discipline inspectorate")
    POLICE = "police", _("Hand over to the police or prosecutor")
    COMPETENT = "competent", _("Hand over to the competent authority")


# Months for which a sanction works: 行政机关公务员处分条例 Art. 7; dismissal has no end.
SANCTION_MONTHS = {
    Sanction.WARNING: 6, Sanction.DEMERIT: 12, Sanction.MAJOR_DEMERIT: 18, Sanction.DEMOTION: 24,
    Sanction.REMOVAL: 24,
}  # fmt: skip
MONEY = frozenset({Sanction.FINE, Sanction.CONFISCATION})
# The party may ask for a formal hearing before these (行政处罚法 Art. 63).
HEARING_ON_REQUEST = frozenset({Sanction.FINE, Sanction.CONFISCATION, Sanction.LICENCE})
BAN_YEARS = 5  # 五年内不得从事学校管理事务
TAKE_BACK_DAYS = 3  # calendar days, 行政处罚法 Art. 48 (2)


@dataclass(frozen=True)
class StepRule:
    """A step of a kind. `days` is a setting (workdays from the issue, or from the step it comes `after`);
    "meet": the day of the interview. `only`: it follows only these sanctions."""

    step: Step
    side: Side
    days: str
    after: Step | None = None
    only: frozenset = frozenset()


@dataclass(frozen=True)
class KindRule:
    """What is special about a kind."""

    series: str  # of numbers, core.numbering.PAPER_SERIES
    template: str  # layout of its paper
    fields: tuple[str, ...]  # what a draft asks beside basis, facts and words
    steps: tuple[StepRule, ...]
    sanctions: tuple[Sanction, ...] = ()
    is_personal: bool = False  # concerns a person: at the school only the principal sees it
    is_hidden: bool = False  # goes to another authority: the school does not see it
    needs_notice: bool = False  # prior notice and the right to be heard come first
    needs_until: bool = False
    is_liftable: bool = False
    appeal_days: int = 0  # calendar days from the issue; 0: no appeal
    appeal_note: object = ""


OFFICIAL, LETTER = "papers/official.html", "papers/letter.html"
_PERSON = ("person_name", "person_post")
_REPORT = StepRule(Step.REPORT, Side.SCHOOL, "measures.reply_days")
_CARRY_OUT = StepRule(Step.CARRY_OUT, Side.BUREAU, "measures.follow_up_days")
_INTERNAL = _("An objection goes to the bureau; it does not stop the measure meanwhile.")
_REVIEW = _("A review of the decision is asked for; it does not stop the sanction meanwhile.")
_LAWSUIT = _(
    "The way of administrative review or of a lawsuit stays open; neither stops the penalty meanwhile."
)

KIND_RULES: dict[Kind, KindRule] = {
    Kind.INTERVIEW: KindRule(
        "interview", LETTER, (*_PERSON, "meet_at", "meet_place", "host", "bring"),
        (
            StepRule(Step.HOLD, Side.BUREAU, "meet"),
            StepRule(Step.COMMIT, Side.SCHOOL, "measures.report_days", after=Step.HOLD),
            StepRule(Step.REPORT, Side.SCHOOL, "measures.report_days", after=Step.HOLD),
        ),
        appeal_days=15, appeal_note=_INTERNAL,
    ),
    Kind.CIRCULAR: KindRule(
        "circular", OFFICIAL, ("copies",), (_REPORT,), appeal_days=15, appeal_note=_INTERNAL,
    ),
    Kind.YELLOW_CARD: KindRule(
        "yellow_card", LETTER, ("until",), (_REPORT,), needs_until=True, is_liftable=True, appeal_days=15,
        appeal_note=_INTERNAL,
    ),
    Kind.ACCOUNTABILITY: KindRule(
        "accountability", OFFICIAL, (*_PERSON, "fault", "sanction"), (_CARRY_OUT,),
        sanctions=(Sanction.CRITICISM, Sanction.SELF_REVIEW, Sanction.ADMONITION, Sanction.MOVED),
        is_personal=True, appeal_days=30, appeal_note=_REVIEW,
    ),
    Kind.DISCIPLINE: KindRule(
        "accountability", OFFICIAL, (*_PERSON, "fault", "sanction"), (_CARRY_OUT,),
        sanctions=(*SANCTION_MONTHS, Sanction.DISMISSAL), is_personal=True, appeal_days=30,
        appeal_note=_REVIEW,
    ),
    Kind.BAN: KindRule(
        "accountability", OFFICIAL, (*_PERSON, "until"), (_CARRY_OUT,), is_personal=True, needs_until=True,
        is_liftable=True, appeal_days=30, appeal_note=_REVIEW,
    ),
    # 行政复议法 Art. 20: sixty days from the day one learns of it.
    Kind.PENALTY: KindRule(
        "penalty", LETTER, (*_PERSON, "sanction", "amount"),
        (
            StepRule(Step.PUBLISH, Side.BUREAU, "measures.publish_days"),
            StepRule(Step.PERFORM, Side.SCHOOL, "measures.pay_days", only=MONEY),
        ),
        sanctions=(
            Sanction.WARNING, Sanction.PUBLIC_CRITICISM, Sanction.FINE, Sanction.CONFISCATION,
            Sanction.LICENCE,
        ),
        needs_notice=True, appeal_days=60, appeal_note=_LAWSUIT,
    ),
    Kind.REFERRAL: KindRule(
        "letter", LETTER, ("authority", "sanction"),
        (StepRule(Step.ANSWER, Side.BUREAU, "measures.follow_up_days"),),
        sanctions=(Sanction.CLOSE, Sanction.INSPECTORATE, Sanction.POLICE, Sanction.COMPETENT),
        is_hidden=True,
    ),
}  # fmt: skip
PERSONAL = frozenset(kind for kind, rule in KIND_RULES.items() if rule.is_personal)
HIDDEN = frozenset(kind for kind, rule in KIND_RULES.items() if rule.is_hidden)
DRAFTABLE = [(kind.value, kind.label) for kind in KIND_RULES]
# A measure in one of these is not over; those the school was told of hold the close-out of its hazard.
UNDECIDED = frozenset({Status.DRAFT, Status.READY, Status.NOTICED, Status.HEARD})
UNFINISHED = UNDECIDED | {Status.ISSUED}
HOLDING = frozenset({Status.NOTICED, Status.HEARD, Status.ISSUED})


@dataclass(frozen=True)
class Facts:
    """What a guard may look at: a snapshot of the measure and of the person, without queries."""

    kind: str
    has_statement: bool  # the school stated its case
    is_term_over: bool  # the day set for the statement lies behind
    open_steps: int
    is_period_over: bool  # no period, or it lies behind
    has_open_appeal: bool
    is_appeal_over: bool  # the days for an appeal lie behind
    is_issuer: bool  # the actor issued it
    is_holding: bool  # it hangs on a hazard and holds its close-out

    @property
    def rule(self):
        return KIND_RULES[Kind(self.kind)]


@dataclass(frozen=True)
class Rule:
    """Who may take a measure from where to where; `target=None`: the state stays or the service decides."""

    source: frozenset[Status]
    target: Status | None
    roles: frozenset[Role]
    guard: Callable[[Facts], object] = lambda facts: ""


def _with_notice(facts):
    return "" if facts.rule.needs_notice else _("Only a penalty has a prior notice.")


def _heard_first(facts):
    return _("Prior notice and the right to be heard come first.") if facts.rule.needs_notice else ""


def _time_to_speak(facts):
    if facts.has_statement or facts.is_term_over:
        return ""
    return _("The school may still state its case until the day set.")


def _liftable(facts):
    if facts.has_open_appeal:
        return _("Decide on the appeal first.")
    return "" if facts.rule.is_liftable else _("A measure of this kind runs its course or is appealed.")


def _run_its_course(facts):
    if facts.has_open_appeal:
        return _("Decide on the appeal first.")
    if facts.open_steps:
        return _("A step is still open.")
    return "" if facts.is_period_over else _("Its period still runs.")


def _in_time(facts):
    if not facts.rule.appeal_days:
        return _("There is no appeal against a measure of this kind.")
    if facts.has_open_appeal:
        return _("An appeal is already waiting for its decision.")
    return _("The days for an appeal are over.") if facts.is_appeal_over else ""


def _by_another(facts):
    if not facts.has_open_appeal:
        return _("No appeal is waiting for a decision.")
    return _("Whoever issued the measure does not decide on its appeal.") if facts.is_issuer else ""


def _holding(facts):
    return "" if facts.is_holding else _("It does not hold the close-out of a hazard.")


def _rule(source, target, roles, guard=lambda facts: ""):
    return Rule(frozenset(source), target, frozenset(roles), guard)


_S = Status
_KNOWN = {_S.ISSUED, _S.LIFTED, _S.ENDED}
# Staff drafts, a leader decides; a penalty passes through prior notice and hearing. The first rule that
# fits the state decides.
RULES: dict[Action, list[Rule]] = {
    Action.EDIT: [_rule({_S.DRAFT, _S.HEARD}, None, BUREAU)],
    Action.SUBMIT: [_rule({_S.DRAFT}, _S.READY, BUREAU)],
    Action.SEND_BACK: [_rule({_S.READY}, _S.DRAFT, BUREAU_LEADERS)],
    Action.GIVE_NOTICE: [_rule({_S.READY}, _S.NOTICED, BUREAU_LEADERS, _with_notice)],
    Action.STATE: [_rule({_S.NOTICED}, None, SCHOOL)],
    Action.HEAR: [_rule({_S.NOTICED}, _S.HEARD, BUREAU, _time_to_speak)],
    Action.ISSUE: [
        _rule({_S.HEARD}, _S.ISSUED, BUREAU_LEADERS),
        _rule({_S.READY}, _S.ISSUED, BUREAU_LEADERS, _heard_first),
    ],
    Action.DISCARD: [_rule(UNDECIDED, _S.DISCARDED, BUREAU)],
    Action.LIFT: [_rule({_S.ISSUED}, _S.LIFTED, BUREAU_LEADERS, _liftable)],
    Action.END: [_rule({_S.ISSUED}, _S.ENDED, BUREAU, _run_its_course)],
    Action.APPEAL: [_rule(_KNOWN, None, {Role.PRINCIPAL}, _in_time)],
    Action.DECIDE_APPEAL: [_rule(_KNOWN, None, BUREAU_LEADERS, _by_another)],
    Action.RELEASE: [_rule(HOLDING, None, BUREAU, _holding)],
}
# What the school does; everything else is the bureau's.
SCHOOL_ACTIONS = frozenset({Action.STATE, Action.APPEAL})


def refusal(action, status, roles, facts):
    """None if one of `roles` may take `action` now, else the reason to show."""
    rule = _rule_for(action, status, roles)
    if rule is None:
        return _("You cannot do this while the measure is “%(status)s”.") % {"status": Status(status).label}
    return rule.guard(facts) or None


def target_of(action, status, roles, facts):
    """The state after the action; raises NotAllowed with the reason."""
    reason = refusal(action, status, roles, facts)
    if reason is not None:
        raise NotAllowed(str(reason))
    return _rule_for(action, status, roles).target or status


def roles_of(action):
    """All roles that some rule of `action` names."""
    return frozenset().union(*(rule.roles for rule in RULES[action]))


def steps_of(kind, sanction, after=None):
    """The StepRules that begin with the issue (`after=None`) or once the step `after` is done."""
    rules = KIND_RULES[Kind(kind)].steps
    return [rule for rule in rules if rule.after == after and (not rule.only or sanction in rule.only)]


def _rule_for(action, status, roles):
    for rule in RULES[action]:
        if status in rule.source and rule.roles & set(roles):
            return rule
    return None
