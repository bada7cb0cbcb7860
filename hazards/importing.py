"""The workbook of an old ledger (隐患排查治理台账): its columns, and what is checked in a row."""

from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.imports import Importer, In, day, register
from schoolsafety.core.models import Organisation

from . import services
from .exporting import grade_of
from .models import Category, Hazard

NAMESPACE = UUID("6f1d7f0a-2f0e-4a55-9a43-6a1f6f1c7d10")
TEN_THOUSAND = 10_000


def check(rows, batch):
    """Schools must be one's own, categories known, no row there already, dates in their order."""
    schools = _schools(batch.organisation)
    categories = {
        name: category for category in Category.objects.all() for name in (category.code, category.name)
    }
    keys = {}
    for row in rows:
        clean, errors = row["clean"], row["errors"]
        clean["school"] = schools.get(clean["school_name"])
        clean["category"] = categories.get(clean["category_name"])
        if clean["school"] is None:
            errors[SCHOOL] = [_("There is no such school among yours.")]
        if clean["category"] is None:
            errors[CATEGORY] = [_("Write one of: %(names)s") % {"names": "、".join(_names())}]
        _check_days(clean, errors)
        if not errors:
            clean["key"] = _key(clean)
            if clean["key"] in keys:
                errors[TITLE] = [_("The same hazard stands in row %(n)d.") % {"n": keys[clean["key"]]}]
            keys.setdefault(clean["key"], row["row"])
    known = set(Hazard.objects.filter(client_uuid__in=list(keys)).values_list("client_uuid", flat=True))
    for row in rows:
        if row["clean"].get("key") in known:
            row["errors"].setdefault(TITLE, []).append(_("This hazard was imported before."))


def write(rows, batch, *, actor, now):
    """Every row becomes a hazard."""
    return {"created": services.import_ledger([row["clean"] for row in rows], actor=actor, now=now)}


def _schools(organisation):
    """{code or name: school} of all below; a name that two schools share names neither."""
    found: dict = {}
    doubled = set()
    for school in Organisation.objects.below(organisation).schools():
        for name in {school.code, school.name, school.short_name} - {""}:
            if name in found:
                doubled.add(name)
            found[name] = school
    return {name: school for name, school in found.items() if name not in doubled}


def _names():
    return list(Category.objects.values_list("name", flat=True))


def _check_days(clean, errors):
    today = localdate()
    for name, head in ((FOUND, "found_on"), (DONE, "done_on"), (CLOSED, "closed_on")):
        value = clean.get(head)
        if value and value > today:
            errors[name] = [_("lies in the future")]
        elif value and value < clean["found_on"]:
            errors[name] = [_("lies before the day of finding")]


def _key(clean):
    """The same row gives the same key, so that a ledger brought twice is seen."""
    parts = (clean["found_on"], clean["place"], clean["title"])
    own = clean["old_number"] or "|".join(str(part) for part in parts)
    return uuid5(NAMESPACE, f"{clean['school'].pk}|{own}")


def _grade(text):
    grade = grade_of(text)
    if grade is None:
        raise ValueError(_("Write 一般 or 重大."))
    return grade


def _money(text):
    """Yuan from a figure in 万元."""
    if not text.strip():
        return None
    try:
        amount = Decimal(text.strip().replace(",", "")) * TEN_THOUSAND
    except InvalidOperation as error:
        raise ValueError(_("Write a number.")) from error
    if not 0 <= amount < 10**10:
        raise ValueError(_("Write a number."))
    return amount.quantize(Decimal("0.01"))


def _optional_day(text):
    return day(text) if text.strip() else None


def _short(length):
    def parse(text):
        if len(text) > length:
            raise ValueError(_("At most %(n)d characters.") % {"n": length})
        return text

    return parse


SCHOOL, FOUND, CATEGORY, TITLE = "学校", "排查日期", "类别", "隐患描述"
DONE, CLOSED = "完成日期", "销号日期"
IMPORTER = register(
    Importer(
        "hazards", gettext_lazy("Ledger of hazards"),
        (
            In("原台账号", "old_number", False, "有则用于识别重复", _short(60)),
            In(SCHOOL, "school_name", True, "学校代码或全称"),
            In(FOUND, "found_on", True, "2026-09-01", day),
            In("部位", "place", True, "如：教学楼一层东侧", _short(120)),
            In(CATEGORY, "category_name", True, "如：消防安全"),
            In(TITLE, "title", True, "", _short(200)),
            In("补充说明", "description"),
            In("等级", "grade", True, "一般或重大", _grade),
            In("责任人", "responsible", False, "", _short(60)),
            In("整改措施", "measure"),
            In("整改资金（万元）", "cost", False, "", _money),
            In("整改时限", "due_on", False, "2026-09-30", _optional_day),
            In(DONE, "done_on", False, "已整改的填写", _optional_day),
            In(CLOSED, "closed_on", False, "已销号的填写", _optional_day),
        ),
        check, write,
    )
)  # fmt: skip
