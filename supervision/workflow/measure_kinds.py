"""The kinds of measures as data: what each imposes, asks of a draft, and has follow. No queries."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    SUPERVISION = "supervision", _("Review of the supervision")  # 死亡事故后倒查监管责任
    VETO = "veto", _("One-vote veto")  # 年度目标责任考核一票否决


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


class Fault(TextChoices):
    """Why somebody is held to account: three of a school's duty, four of supervision."""

    SLOW = "slow", _("Slow progress")  # 进展缓慢
    NOT_DONE = "not_done", _("Measures not put into practice")  # 措施不落实
    NO_EFFECT = "no_effect", _("No visible effect")  # 效果不明显
    UNAWARE = "unaware", _("Seriousness not seen")  # 认识不高
    UNCLEAR = "unclear", _("Responsibility unclear")  # 责任不明
    INEXACT = "inexact", _("Hazards not found exactly")  # 排查不准
    INEFFECTIVE = "ineffective", _("Ineffective rectification")  # 整治不力


class Question(TextChoices):
    """What a review of the supervision asks after a fatal accident."""

    LEAD = "lead", _("Organisation and leadership")  # 组织领导
    GUARD = "guard", _("Prevention and safeguards")  # 防范和保障措施
    DUTY = "duty", _("Duties of the supervising staff")  # 监管人员履职


class Answer(TextChoices):
    DONE = "done", pgettext_lazy("review", "Carried out")
    PARTLY = "partly", pgettext_lazy("review", "Carried out in part")
    NOT_DONE = "not_done", pgettext_lazy("review", "Not carried out")


class Sanction(TextChoices):
    """What exactly is imposed; which ones fit a kind says its rule."""

    NOTHING = "nothing", _("No failure of the supervision found")
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
    # Whom it concerns: "": the school; "any": the school or a bureau between it and the one that decides;
    # "bureau": such a bureau. The school sees and hears nothing of what concerns a bureau.
    unit: str = ""
    questions: tuple[Question, ...] = ()  # answered one by one, each with its words
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
    Kind.SUPERVISION: KindRule(
        "accountability", OFFICIAL, ("unit", "accident_on", "deaths", *_PERSON, "fault", "sanction"),
        (_CARRY_OUT,), unit="bureau", questions=tuple(Question),
        sanctions=(
            Sanction.NOTHING, Sanction.CRITICISM, Sanction.SELF_REVIEW, Sanction.ADMONITION, Sanction.MOVED,
        ),
    ),
    Kind.VETO: KindRule(
        "accountability", OFFICIAL, ("unit", "year", "effect", "resolved_by", *_PERSON), (_CARRY_OUT,),
        unit="any", appeal_days=15, appeal_note=_INTERNAL,
    ),
}  # fmt: skip
PERSONAL = frozenset(kind for kind, rule in KIND_RULES.items() if rule.is_personal)
HIDDEN = frozenset(kind for kind, rule in KIND_RULES.items() if rule.is_hidden)
DRAFTABLE = [(kind.value, kind.label) for kind in KIND_RULES]


def steps_of(kind, sanction, after=None):
    """The StepRules that begin with the issue (`after=None`) or once the step `after` is done."""
    rules = KIND_RULES[Kind(kind)].steps
    return [rule for rule in rules if rule.after == after and (not rule.only or sanction in rule.only)]
