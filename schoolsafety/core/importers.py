"""The kernel's own workbooks: schools and bureaus, people with their posts, days of the calendar."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import calendars, directory, people
from .imports import Importer, In, check_fields, day, one_of, register, whole, yes_no
from .models import CalendarDay, Organisation, User
from .models.organisation import BUREAU_KINDS, SCHOOL_KINDS, Kind, Ownership
from .roles import Role


def _by_code():
    return {row.code: row for row in Organisation.objects.all()}


def check_organisations(rows, batch):
    """A known code changes that organisation; a new one needs a superior bureau inside one's own tree."""
    known, own = _by_code(), batch.organisation.path
    coming = {row["clean"]["code"]: row["clean"] for row in rows}
    for row in rows:
        clean = row["clean"]
        here, parent = known.get(clean["code"]), known.get(clean["parent"])
        parent_kind = parent.kind if parent else coming.get(clean["parent"], {}).get("kind")
        if here:
            _check_known(row, here, own)
        elif parent_kind is None or (parent and not parent.path.startswith(own)):
            row["errors"]["上级代码"] = [_("There is no organisation with this code among yours.")]
        elif parent_kind not in BUREAU_KINDS or (parent and parent.closed_on):
            row["errors"]["上级代码"] = [_("Schools and bureaus hang below an open bureau.")]
        elif clean["parent"] == clean["code"] or _is_circle(clean["code"], coming, known):
            row["errors"]["上级代码"] = [_("These superiors run in a circle.")]
        values = {name: value for name, value in clean.items() if name != "parent"}
        check_fields(row, Organisation(**values), ORGANISATIONS)


def _check_known(row, here, own):
    """What an organisation that exists already does not allow."""
    clean = row["clean"]
    if not here.path.startswith(own):
        row["errors"]["代码"] = [_("This code belongs to an organisation outside yours.")]
    elif here.parent and here.parent.code != clean["parent"]:
        row["errors"]["上级代码"] = [_("It hangs elsewhere now; move it on its own page.")]
    if (here.kind in SCHOOL_KINDS) != (clean["kind"] in SCHOOL_KINDS):
        row["errors"]["类型"] = [_("A school cannot become a bureau, nor a bureau a school.")]


def _is_circle(code, coming, known):
    """Does the chain of superiors inside the workbook never leave it?"""
    seen = set()
    while code in coming and code not in known:
        if code in seen:
            return True
        seen.add(code)
        code = coming[code]["parent"]
    return False


def write_organisations(rows, batch, *, actor, now):
    """Create and change, superiors before what hangs below them."""
    known, waiting, created, changed = _by_code(), list(rows), 0, 0
    while waiting:
        later = []
        for row in waiting:
            values = {name: value for name, value in row["clean"].items() if name != "parent"}
            here, parent = known.get(values["code"]), known.get(row["clean"]["parent"])
            if here:
                directory.change_organisation(here, actor=actor, **values)
                changed += 1
            elif parent:
                known[values["code"]] = directory.create_organisation(parent, actor=actor, **values)
                created += 1
            else:
                later.append(row)
        if len(later) == len(waiting):
            raise RuntimeError("No superior for what is left: check_organisations should have refused it.")
        waiting = later
    return {"created": created, "changed": changed}


def check_people(rows, batch):
    """The place must be one's own and fit the role; sign-in name and phone number must be free."""
    known = _by_code()
    names = set(User.objects.values_list("username", flat=True))
    phones = set(User.objects.exclude(phone=None).values_list("phone", flat=True))
    seen: dict[str, int] = {}
    for row in rows:
        clean = row["clean"]
        place = known.get(clean["organisation"])
        if place is None or not place.path.startswith(batch.organisation.path):
            row["errors"]["单位代码"] = [_("There is no organisation with this code among yours.")]
        elif not people.fits(clean["role"], place):
            row["errors"]["角色"] = [_("This role does not exist at an organisation of this kind.")]
        if clean["username"] in names:
            row["errors"]["登录名"] = [_("This name is taken.")]
        if clean["phone"]:
            _check_phone(row, phones, seen)
        values = {name: clean[name] for name in ("username", "name", "phone", "email")}
        check_fields(row, User(**values), PEOPLE)


def _check_phone(row, phones, seen):
    phone = row["clean"]["phone"]
    if phone in phones:
        row["errors"]["手机号"] = [_("This phone number is taken.")]
    elif phone in seen:
        row["errors"]["手机号"] = [_("stands in row %(n)d already") % {"n": seen[phone]}]
    seen.setdefault(phone, row["row"])


def write_people(rows, batch, *, actor, now):
    """Create people with their post; returns their ids, from which one-time links can be made."""
    known, made = _by_code(), []
    for row in rows:
        clean = row["clean"]
        user = people.create_person(
            known[clean["organisation"]], actor=actor, role=clean["role"], title=clean["title"],
            starts_on=clean["starts_on"] or localdate(now), username=clean["username"], name=clean["name"],
            phone=clean["phone"], email=clean["email"],
        )  # fmt: skip
        made.append(user.pk)
    return {"created": len(made), "people": made}


def check_days(rows, batch):
    """Any date will do; the same day may not stand twice (the importer's key sees to that)."""


def write_days(rows, batch, *, actor, now):
    """Set each day: for everyone if the workbook came from the topmost bureau, else for one's own."""
    for row in rows:
        calendars.set_day(batch.organisation, actor=actor, **row["clean"])
    return {"created": len(rows)}


def _phone(text):
    digits = text.replace(" ", "").replace("-", "")
    if digits and not (digits.isdecimal() and 7 <= len(digits) <= 15):
        raise ValueError(_("Write 7 to 15 digits."))
    return digits or None


def _optional_day(text):
    return day(text) if text else None


def _ownership(text):
    return one_of(Ownership)(text) if text else Ownership.PUBLIC


ORGANISATIONS = register(
    Importer(
        "organisations", gettext_lazy("Schools and bureaus"),
        (
            In("代码", "code", True, "全市唯一；已有代码则更新该单位"),
            In("全称", "name", True),
            In("简称", "short_name"),
            In("类型", "kind", True, "如：小学、初级中学、区县教育局", one_of(Kind)),
            In("举办性质", "ownership", False, "公办、民办、合作办学，空则为公办", _ownership),
            In("上级代码", "parent", True, "上级教育行政部门的代码"),
            In("市直属", "is_directly_affiliated", False, "是或否", yes_no),
            In("学生数", "pupils", False, "", whole),
            In("教职工数", "staff", False, "", whole),
            In("寄宿", "has_boarding", False, "是或否", yes_no),
            In("食堂", "has_canteen", False, "是或否", yes_no),
            In("校车", "has_bus", False, "是或否", yes_no),
            In("实验室", "has_laboratory", False, "是或否", yes_no),
            In("电梯", "has_lift", False, "是或否", yes_no),
            In("泳池", "has_pool", False, "是或否", yes_no),
            In("外购餐", "has_catering", False, "是或否", yes_no),
            In("瓶装液化气", "has_lpg", False, "是或否", yes_no),
            In("在建工程", "has_works", False, "是或否", yes_no),
            In("危房", "has_danger", False, "C、D级危房，是或否", yes_no),
            In("地址", "address"),
            In("电话", "phone"),
        ),
        check_organisations, write_organisations, key="code",
    )
)  # fmt: skip
PEOPLE = register(
    Importer(
        "people", gettext_lazy("People and posts"),
        (
            In("登录名", "username", True, "字母或数字，全市唯一"),
            In("姓名", "name", True),
            In("手机号", "phone", False, "可用于登录", _phone),
            In("邮箱", "email"),
            In("单位代码", "organisation", True),
            In("角色", "role", True, "如：学校安全员、校长", one_of(Role)),
            In("职务", "title"),
            In("任职起", "starts_on", False, "如2026-09-01，空则为今天", _optional_day),
        ),
        check_people, write_people, key="username",
    )
)  # fmt: skip
DAYS = register(
    Importer(
        "calendar", gettext_lazy("Days of the work calendar"),
        (
            In("日期", "day", True, "如2027-01-01", day),
            In("类型", "kind", True, "放假、调休上班、停课", one_of(CalendarDay.Kind)),
            In("名称", "name", False, "如：元旦"),
        ),
        check_days, write_days, key="day",
    )
)  # fmt: skip
