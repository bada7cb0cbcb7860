"""The workbook of a checklist: its columns, in and out; what went out can be changed and brought back."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from hazards.models import Category
from schoolsafety.core.imports import Importer, In, check_fields, one_of, register, yes_no
from schoolsafety.core.models.organisation import FACILITIES, SCHOOL_KINDS, Kind, Organisation
from schoolsafety.core.spreadsheets import Column

from .models import ChecklistItem
from .services import checklists
from .workflow import Frequency, Level, ZoneKind

CATEGORY, KINDS = "类别", "适用学校"
FIELDS = [
    "code", "text", "text_en", "frequency", "zone_kind", "level_if_failed", "basis", "kinds", "facility",
    "must_photograph", "phrases",
]  # fmt: skip


def facility_labels():
    """{facility: its words in the reader's language}."""
    return {name: str(Organisation._meta.get_field(f"has_{name}").verbose_name) for name in FACILITIES}


def check(rows, batch):
    """Categories must be known, fields must fit."""
    known = {name: row.pk for row in Category.objects.all() for name in (row.code, row.name)}
    for row in rows:
        clean = row["clean"]
        clean["category_id"] = known.get(clean["category_name"])
        if clean["category_id"] is None:
            row["errors"][CATEGORY] = [_("There is no such category.")]
        values = {name: clean[name] for name in FIELDS if name in clean}
        check_fields(row, ChecklistItem(**values), IMPORTER)


def write(rows, batch, *, actor, now):
    """A draft of the organisation with every row as an item, in the order of the workbook."""
    items = [
        {name: row["clean"][name] for name in [*FIELDS, "category_id"] if name in row["clean"]}
        for row in rows
    ]
    name = batch.file_name.rsplit(".", 1)[0]
    draft = checklists.import_items(batch.organisation, actor=actor, rows=items, name=name)
    return {"checklist": draft.pk}


def columns_out():
    """The heads of the workbook that goes out: the same as of the one that comes in."""
    return [Column(column.head, WIDTHS.get(column.name, 14)) for column in IMPORTER.columns]


def row_out(item):
    """The cells of one item, in the order of the columns."""
    with override("zh-hans"):
        facilities = facility_labels()
        return [
            item.code, item.category.name, item.text, item.text_en, item.get_frequency_display(),
            item.get_zone_kind_display(), item.level_if_failed, item.basis,
            "|".join(str(Kind(kind).label) for kind in item.kinds), facilities.get(item.facility, ""),
            "是" if item.must_photograph else "否", "|".join(checklists.words_of(item.phrases)),
        ]  # fmt: skip


def _kinds(text):
    parse = one_of(Kind)
    found = [parse(part.strip()) for part in text.replace("、", "|").split("|") if part.strip()]
    if wrong := [kind for kind in found if kind not in SCHOOL_KINDS]:
        raise ValueError(_("Not a kind of school: %(kind)s") % {"kind": Kind(wrong[0]).label})
    return found


def _facility(text):
    with override("zh-hans"):
        chinese = {words: name for name, words in facility_labels().items()}
    names = chinese | {words: name for name, words in facility_labels().items()}
    if text.strip() and text.strip() not in {*names, *FACILITIES}:
        raise ValueError(_("Write one of: %(labels)s") % {"labels": "、".join(chinese)})
    return names.get(text.strip(), text.strip())


def _level(text):
    return one_of(Level)(text.strip() or Level.GENERAL)


WIDTHS = {"text": 60, "text_en": 40, "basis": 24, "kinds": 30, "phrases": 40}
IMPORTER = register(
    Importer(
        "checklist", gettext_lazy("Items of a checklist"),
        (
            In("编号", "code", True, "清单内不重复，如 XF-05"),
            In(CATEGORY, "category_name", True, "如：消防安全"),
            In("检查内容", "text", True, "一句话，说清怎样算合格"),
            In("英文", "text_en", False, "可不填"),
            In("频次", "frequency", True, "每日、每周、每月、每季度、每学期、每年或按需", one_of(Frequency)),
            In("区域", "zone_kind", True, "如：教学楼", one_of(ZoneKind)),
            In("不合格时", "level_if_failed", False, "G 一般，P 可能重大，M 重大；不填为 G", _level),
            In("依据", "basis"),
            In(KINDS, "kinds", False, "不填为全部；多个用 | 分开", _kinds),
            In("所需设施", "facility", False, "不填为不限", _facility),
            In("必须拍照", "must_photograph", False, "是或否", yes_no),
            In("常用说法", "phrases", False, "多个用 | 分开，末尾加 ! 表示建议重大", checklists.phrases_of),
        ),
        check, write, key="code", roles=checklists.EDITORS,
        examples=(
            ("XF-05", "消防安全", "疏散通道、楼梯、安全出口畅通", "", "每日", "教学楼", "G",
             "消防法第二十八条", "", "", "否", "堆放杂物|门被锁闭!"),
        ),
    )
)  # fmt: skip
