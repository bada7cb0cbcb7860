"""The workbook of major-hazard criteria: its columns, and what is checked in a row."""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.imports import Importer, In, check_fields, day, one_of, register, whole, yes_no

from .models import MajorCriterion
from .services import criteria
from .services.criteria import KEY
from .workflow.judging import Area, Mode

AREA, MODE, GROUP, AT_LEAST = "领域", "判定方式", "综合判定组", "至少满足项数"
ITEM, FROM, TO = "条目号", "生效日期", "失效日期"


def check(rows, batch):
    """Topmost bureau only; a combined group says how many; a new version begins after the one before."""
    if batch.organisation.parent_id is not None:
        for row in rows:
            row["errors"][AREA] = [_("The criteria hold for all: the topmost bureau brings them in.")]
        return
    known, seen = _known(), {}
    for row in rows:
        clean, errors = row["clean"], row["errors"]
        _check_mode(clean, errors)
        key = tuple(clean[name] for name in KEY)
        if key in seen:
            errors[ITEM] = [_("stands in row %(n)d already") % {"n": seen[key]}]
        seen.setdefault(key, row["row"])
        if known.get(key) and clean["effective_from"] <= known[key]:
            words = {"day": known[key]}
            errors[FROM] = [_("A version from %(day)s stands already: a new one begins later.") % words]
        if clean["effective_to"] and clean["effective_to"] < clean["effective_from"]:
            errors[TO] = [_("It cannot end before it begins.")]
        check_fields(row, MajorCriterion(**clean), IMPORTER)
    _check_groups(rows, seen)


def write(rows, batch, *, actor, now):
    """Each row becomes a version of its criterion."""
    return criteria.bring_in([row["clean"] for row in rows])


def _known():
    """{key: the newest day from which a version holds}"""
    found = {}
    for *key, starts in MajorCriterion.objects.order_by("effective_from").values_list(*KEY, "effective_from"):
        found[tuple(key)] = starts
    return found


def _check_mode(clean, errors):
    if clean["mode"] == Mode.DIRECT:
        if clean["group"] or clean["at_least"]:
            errors[GROUP] = [_("A direct criterion has no group and no number.")]
        return
    if not clean["group"]:
        errors[GROUP] = [_("is missing")]
    if not clean["at_least"]:
        errors[AT_LEAST] = [_("Say how many of the group must be met, as the source says.")]


def _check_groups(rows, seen):
    """All items of a combined group, new or staying in force, say the same number, and there are as many."""
    numbers, sizes = defaultdict(set), Counter()
    combined = [row for row in rows if row["clean"]["mode"] == Mode.COMBINED and row["clean"]["at_least"]]
    stay = MajorCriterion.objects.filter(mode=Mode.COMBINED, effective_to__isnull=True)
    told = [(*(row["clean"][name] for name in KEY), row["clean"]["at_least"]) for row in combined]
    told += [
        (*key, at_least) for *key, at_least in stay.values_list(*KEY, "at_least") if tuple(key) not in seen
    ]
    for area, _mode, group, _item, at_least in told:
        numbers[area, group].add(at_least)
        sizes[area, group] += 1
    for row in combined:
        place = row["clean"]["area"], row["clean"]["group"]
        if len(numbers[place]) > 1:
            row["errors"][AT_LEAST] = [_("The items of one group must say the same number.")]
        elif row["clean"]["at_least"] > sizes[place]:
            row["errors"][AT_LEAST] = [_("The group has only %(n)d items.") % {"n": sizes[place]}]


def _optional_day(text):
    return day(text) if text.strip() else None


def _optional_number(text):
    return whole(text) or None


IMPORTER = register(
    Importer(
        "major_criteria", gettext_lazy("Criteria of major hazards"),
        (
            In(AREA, "area", True, "如：校园消防", one_of(Area)),
            In(MODE, "mode", True, "直接判定或综合判定", one_of(Mode)),
            In(GROUP, "group", False, "综合判定的填写，同组条目填同一名称"),
            In(AT_LEAST, "at_least", False, "综合判定的填写，按依据原文，如2", _optional_number),
            In(ITEM, "item_no", True, "依据中的条目号"),
            In("判定内容", "text", True, "按官方原文录入"),
            In("依据", "source", True, "文件名称、文号和条款"),
            In(FROM, "effective_from", True, "如2026-09-01；同一条目的旧版本到前一天为止", day),
            In(TO, "effective_to", False, "已知失效日期的填写", _optional_day),
            In("已核对原文", "is_verified", False, "是或否", yes_no),
        ),
        check, write,
    )
)  # fmt: skip
