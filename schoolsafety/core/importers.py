"""The kernel's own workbooks: schools, and people with their posts."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import directory
from .imports import Importer, In, day, one_of, register, whole, yes_no
from .models import Organisation, User
from .models.organisation import Kind, Ownership
from .roles import Role


def _codes():
    return {row.code: row for row in Organisation.objects.all()}


def check_organisations(rows, batch):
    """A known code changes that organisation; a new one needs a known superior inside one's own tree."""
    known = _codes()
    new = {row["clean"]["code"] for row in rows}
    for row in rows:
        clean = row["clean"]
        parent = known.get(clean["parent"])
        if parent is None and clean["parent"] not in new:
            row["errors"]["上级代码"] = [_("There is no organisation with this code.")]
        elif parent and not parent.path.startswith(batch.organisation.path):
            row["errors"]["上级代码"] = [_("Outside your own organisations.")]
        if clean["code"] in known and not known[clean["code"]].path.startswith(batch.organisation.path):
            row["errors"]["代码"] = [_("Outside your own organisations.")]


def write_organisations(rows, batch, *, actor, now):
    """Create and change, superiors before what hangs below them."""
    known, waiting, created, changed = _codes(), list(rows), 0, 0
    while waiting:
        ready = [row for row in waiting if row["clean"]["parent"] in known]
        for row in ready:
            values = {k: v for k, v in row["clean"].items() if k != "parent"}
            if values["code"] in known:
                directory.change_organisation(known[values["code"]], actor=actor, **values)
                changed += 1
            else:
                parent = known[row["clean"]["parent"]]
                known[values["code"]] = directory.create_organisation(parent, actor=actor, **values)
                created += 1
        waiting = [row for row in waiting if row not in ready]
    return {"created": created, "changed": changed}


def check_people(rows, batch):
    """The organisation must be one's own; sign-in name and phone must be free."""
    known = _codes()
    names = set(User.objects.values_list("username", flat=True))
    phones = set(User.objects.exclude(phone=None).values_list("phone", flat=True))
    for row in rows:
        clean = row["clean"]
        place = known.get(clean["organisation"])
        if place is None or not place.path.startswith(batch.organisation.path):
            row["errors"]["单位代码"] = [_("There is no organisation with this code among yours.")]
        if clean["username"] in names:
            row["errors"]["登录名"] = [_("This name is taken.")]
        if clean["phone"] and clean["phone"] in phones:
            row["errors"]["手机号"] = [_("This phone number is taken.")]


def write_people(rows, batch, *, actor, now):
    """Create people with their post; returns the one-time links by sign-in name."""
    known, links = _codes(), []
    for row in rows:
        clean = row["clean"]
        user = directory.create_person(
            known[clean["organisation"]], actor=actor, role=clean["role"], title=clean["title"],
            starts_on=clean["starts_on"] or localdate(now), username=clean["username"], name=clean["name"],
            phone=clean["phone"] or None, email=clean["email"],
        )  # fmt: skip
        links.append([clean["username"], clean["name"], directory.welcome_link(user)])
    return {"created": len(rows), "links": links}


def _phone(text):
    digits = text.strip().replace(" ", "").replace("-", "")
    if digits and not (digits.isdigit() and 7 <= len(digits) <= 15):
        raise ValueError(_("Write 7 to 15 digits."))
    return digits


def _optional_day(text):
    return day(text) if text.strip() else None


register(
    Importer(
        "organisations", gettext_lazy("Schools and bureaus"),
        (
            In("代码", "code", True, "全市唯一"),
            In("全称", "name", True),
            In("简称", "short_name"),
            In("类型", "kind", True, "如：小学、初级中学", one_of(Kind)),
            In("举办性质", "ownership", False, "公办、民办、合作", lambda text: one_of(Ownership)(text) if text else "public"),
            In("上级代码", "parent", True),
            In("市直属", "is_directly_affiliated", False, "是或否", yes_no),
            In("学生数", "pupils", False, "", whole),
            In("教职工数", "staff", False, "", whole),
            In("寄宿", "has_boarding", False, "是或否", yes_no),
            In("食堂", "has_canteen", False, "是或否", yes_no),
            In("校车", "has_bus", False, "是或否", yes_no),
            In("实验室", "has_laboratory", False, "是或否", yes_no),
            In("电梯", "has_lift", False, "是或否", yes_no),
            In("泳池", "has_pool", False, "是或否", yes_no),
            In("地址", "address"),
            In("电话", "phone"),
        ),
        check_organisations, write_organisations, key="code",
    )
)  # fmt: skip
register(
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
            In("任职起", "starts_on", False, "2026-09-01，空则为今天", _optional_day),
        ),
        check_people, write_people, key="username",
    )
)  # fmt: skip
