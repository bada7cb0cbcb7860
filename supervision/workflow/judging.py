"""What the criteria of a major hazard say once gone through, as data. Pure: no queries, no clock."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, Grade
from schoolsafety.core.roles import BUREAU_LEADERS


class Area(TextChoices):
    """The areas of 教育系统重大事故隐患判定指南 (教发厅函〔2024〕20号), Art. 2."""

    FIRE = "fire", _("Fire safety of the campus")
    BUILDINGS = "buildings", _("Safety of the buildings")
    FOOD = "food", _("Food safety")
    LABORATORY = "laboratory", _("Laboratories and practice")
    TRAFFIC = "traffic", _("School buses and campus traffic")
    CROWDING = "crowding", _("Crowding and stampedes")
    EQUIPMENT = "equipment", _("Special equipment")
    UTILITIES = "utilities", _("Water, power, heat and gas")


class Mode(TextChoices):
    """直接判定: one item is enough. 综合判定: at least so many of a group, as the source says."""

    DIRECT = "direct", pgettext_lazy("criterion", "Direct")
    COMBINED = "combined", pgettext_lazy("criterion", "Combined")


class Answer(TextChoices):
    MET = "met", pgettext_lazy("criterion", "Met")
    NOT_MET = "not_met", pgettext_lazy("criterion", "Not met")
    MISSING = "missing", pgettext_lazy("criterion", "A fact is missing")


class Outcome(TextChoices):
    """What the answers come to. It advises; a person decides."""

    MAJOR = "major", _("The criteria of a major hazard are met")
    NOT_MAJOR = "not_major", _("No criterion is met")
    UNCLEAR = "unclear", _("It cannot be told: a fact is missing")
    NOT_WALKED = "not_walked", _("Graded without going through the criteria")


class Flag(TextChoices):
    """What a reader of a judgement should notice."""

    LATE_DOWNGRADE = "late_downgrade", _("Downgraded shortly before the deadline")
    AGAINST = "against", _("Decided against the criteria")
    FACT_MISSING = "fact_missing", _("Decided although a fact is missing")
    BEYOND = "beyond", _("Major although no criterion is met")
    NOT_WALKED = "not_walked", _("Criteria not gone through")


JUDGES = BUREAU
# A downgrade shortly before a deadline is looked over by a leader who did not make it.
OVERSEERS = BUREAU_LEADERS

# Which area comes up first for a category of hazards. Any other can be chosen on the page.
AREA_OF_CATEGORY = {
    "XF": Area.FIRE, "SS": Area.FIRE, "JZ": Area.BUILDINGS, "TY": Area.BUILDINGS, "SP": Area.FOOD,
    "SY": Area.LABORATORY, "XC": Area.TRAFFIC, "YJ": Area.CROWDING, "TZ": Area.EQUIPMENT,
    "DQ": Area.UTILITIES,
}  # fmt: skip


def area_of(category):
    """The area whose criteria are gone through first for a category's code."""
    return AREA_OF_CATEGORY.get(category, Area.FIRE)


def outcome_of(answers):
    """The Outcome of [{"mode", "group", "at_least", "answer"}]; NOT_WALKED for none.

    A direct item decides by itself. Of a combined group so many must be met as its rows say
    (`at_least`, out of the source). A missing fact leaves it open where the fact could decide it.
    """
    if not answers:
        return Outcome.NOT_WALKED
    if any(_is_reached(rows, {Answer.MET}) for rows in _decisive(answers)):
        return Outcome.MAJOR
    if any(_is_reached(rows, {Answer.MET, Answer.MISSING}) for rows in _decisive(answers)):
        return Outcome.UNCLEAR
    return Outcome.NOT_MAJOR


def _decisive(answers):
    """Each direct item by itself and each combined group: lists of answers that can decide."""
    groups: dict = {}
    for number, row in enumerate(answers):
        key = number if row["mode"] == Mode.DIRECT else (row.get("area"), row["group"])
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _is_reached(rows, counted):
    needed = 1 if rows[0]["mode"] == Mode.DIRECT else max(row["at_least"] for row in rows)
    return sum(row["answer"] in counted for row in rows) >= needed


def flags_of(outcome, *, is_major, was_major, workdays_left, late_days):
    """The flags of a decision, as values of Flag.

    `workdays_left`: to the deadline that held before, negative past it, None without one; `late_days`: the
    bureau's setting.
    """
    flags = []
    if was_major and not is_major and workdays_left is not None and workdays_left <= late_days:
        flags.append(Flag.LATE_DOWNGRADE)
    if outcome == Outcome.NOT_WALKED:
        flags.append(Flag.NOT_WALKED)
    if outcome == Outcome.MAJOR and not is_major:
        flags.append(Flag.AGAINST)
    if outcome == Outcome.UNCLEAR and not is_major:
        flags.append(Flag.FACT_MISSING)
    if outcome == Outcome.NOT_MAJOR and is_major:
        flags.append(Flag.BEYOND)
    return [flag.value for flag in flags]


def grade_after(is_major):
    """The grade of a hazard after the decision."""
    return Grade.MAJOR if is_major else Grade.GENERAL
