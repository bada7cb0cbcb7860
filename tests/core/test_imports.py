"""Workbooks in: what is refused as a file, what is wrong in a row, and all or nothing when accepted."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from schoolsafety.core import imports, jobs
from schoolsafety.core.models import CalendarDay, Event, ImportBatch, Job, Organisation, User
from schoolsafety.core.roles import Role
from schoolsafety.core.spreadsheets import Column, safe_text, write_workbook
from tests.core.kit import bytes_of, cells_of, queries_of, workbook
from tests.factories import UserFactory

HEADS = ["代码", "全称", "类型", "上级代码", "学生数", "食堂"]
PEOPLE = ["登录名", "姓名", "手机号", "单位代码", "角色", "职务", "任职起"]
State = ImportBatch.State


def preview(kind, *rows, city, admin):
    return imports.preview(kind, workbook(*rows), organisation=city, actor=admin, now=timezone.now())


def schools(*rows, city, admin):
    return preview("organisations", HEADS, *rows, city=city, admin=admin)


def errors_of(batch):
    return [row["errors"] for row in batch.rows]


def test_new_schools_are_written_with_one_event_each(city, district, admin):
    batch = schools(["S1", "一小", "小学", "LJ-JB", 900, "是"], ["S2", "二中", "初级中学", "LJ-JB", None, ""],
                    city=city, admin=admin)  # fmt: skip
    assert (batch.good_count, batch.bad_count) == (2, 0)
    assert not Organisation.objects.filter(code="S1").exists()
    imports.accept(batch, actor=admin, now=timezone.now())
    row = Organisation.objects.get(code="S1")
    assert (row.parent, row.pupils, row.has_canteen) == (district, 900, True)
    assert row.path.startswith(district.path)
    assert Event.objects.filter(verb="core.create_organisation").count() == 2
    assert Event.objects.get(verb="core.accept_import").organisation == city


def test_a_bureau_and_its_schools_may_come_in_any_order(city, admin):
    batch = schools(["S1", "一小", "小学", "B9", 9, ""], ["B9", "新区教育局", "区县教育局", "LJ", 0, ""],
                    city=city, admin=admin)  # fmt: skip
    imports.accept(batch, actor=admin, now=timezone.now())
    assert Organisation.objects.get(code="S1").parent.code == "B9"


def test_a_known_code_changes_that_school(city, school, admin):
    batch = schools(["JB001", "育才新校", "小学", "LJ-JB", 1000, ""], city=city, admin=admin)
    imports.accept(batch, actor=admin, now=timezone.now())
    school.refresh_from_db()
    assert (school.name, school.pupils) == ("育才新校", 1000)


@pytest.mark.parametrize(
    ("row", "head", "words"),
    [
        (["", "一小", "小学", "LJ-JB", 1, ""], "代码", "未填写"),
        (["S1", "一小", "大学堂", "LJ-JB", 1, ""], "类型", "小学"),
        (["S1", "一小", "小学", "没有", 1, ""], "上级代码", "没有此代码"),
        (["S1", "一小", "小学", "JB001", 1, ""], "上级代码", "教育行政部门"),
        (["S1", "一小", "小学", "LJ-JB", "很多", ""], "学生数", "整数"),
        (["S1", "一小", "小学", "LJ-JB", "-3", ""], "学生数", "整数"),
        (["S1", "一小", "小学", "LJ-JB", "1e400", ""], "学生数", "整数"),
        (["S1", "一小", "小学", "LJ-JB", 1, "也许"], "食堂", "是"),
        (["S1", "长" * 201, "小学", "LJ-JB", 1, ""], "全称", "200"),
        (["JB001", "育才", "小学", "LJ", 1, ""], "上级代码", "移动"),
        (["JB001", "育才", "区县教育局", "LJ-JB", 1, ""], "类型", "不能互相变更"),
    ],
)
def test_what_is_wrong_stands_at_its_row_and_column(city, school, admin, row, head, words):
    batch = schools(["S0", "零小", "小学", "LJ-JB", 1, ""], row, city=city, admin=admin)
    assert errors_of(batch)[0] == {}
    assert words in "".join(errors_of(batch)[1][head])
    assert batch.bad_count == 1
    with pytest.raises(ValidationError, match="预览无误"):
        imports.accept(batch, actor=admin, now=timezone.now())
    assert not Organisation.objects.filter(code="S0").exists()


def test_a_code_twice_and_superiors_in_a_circle_are_refused(city, district, admin):
    twice = schools(*[["S1", "一小", "小学", "LJ-JB", 1, ""]] * 2, city=city, admin=admin)
    assert "第 2 行" in errors_of(twice)[1]["代码"][0]
    circle = schools(
        ["A", "甲局", "区县教育局", "B", 0, ""],
        ["B", "乙局", "区县教育局", "A", 0, ""],
        city=city,
        admin=admin,
    )
    assert all("循环" in row["上级代码"][0] for row in errors_of(circle))


def test_a_district_cannot_bring_in_what_lies_outside(district, other_district, admin):
    local = UserFactory(post=(district, Role.ADMINISTRATOR))
    rows = [HEADS, ["S1", "一小", "小学", "LJ-JN", 1, ""], ["LJ-JN", "改名", "区县教育局", "LJ", 1, ""]]
    batch = preview("organisations", *rows, city=district, admin=local)
    assert [list(errors) for errors in errors_of(batch)] == [["上级代码"], ["代码"]]


def test_data_that_changed_since_the_preview_is_not_written(city, district, admin):
    batch = schools(["S1", "一小", "小学", "LJ-JB", 1, ""], ["S2", "二小", "小学", "LJ-JB", 1, ""],
                    city=city, admin=admin)  # fmt: skip
    Organisation.objects.filter(pk=district.pk).update(closed_on="2026-01-01")
    with pytest.raises(ValidationError, match="已变化"):
        imports.accept(batch, actor=admin, now=timezone.now())
    assert not Organisation.objects.filter(code__in=["S1", "S2"]).exists()
    batch.refresh_from_db()
    assert batch.state == State.PREVIEW


def test_a_failure_in_the_last_row_leaves_nothing(city, district, admin, monkeypatch):
    batch = schools(["S1", "一小", "小学", "LJ-JB", 1, ""], ["S2", "二小", "小学", "LJ-JB", 1, ""],
                    city=city, admin=admin)  # fmt: skip
    real = imports.IMPORTERS["organisations"].write

    def fail(rows, batch, **more):
        real(rows, batch, **more)
        raise RuntimeError("power cut")

    monkeypatch.setitem(
        imports.IMPORTERS, "organisations", replace(imports.IMPORTERS["organisations"], write=fail)
    )
    with pytest.raises(RuntimeError):
        imports.accept(batch, actor=admin, now=timezone.now())
    assert not Organisation.objects.filter(code__in=["S1", "S2"]).exists()
    assert not Event.objects.filter(verb="core.accept_import").exists()


def test_the_same_workbook_waits_once_and_is_written_once(city, district, admin):
    file = workbook(HEADS, ["S1", "一小", "小学", "LJ-JB", 1, ""])
    facts = {"organisation": city, "actor": admin, "now": timezone.now()}
    for _again in range(2):
        file.seek(0)
        batch = imports.preview("organisations", file, **facts)
    assert ImportBatch.objects.count() == 1
    imports.accept(batch, actor=admin, now=timezone.now())
    imports.accept(batch, actor=admin, now=timezone.now())
    assert Event.objects.filter(verb="core.accept_import").count() == 1
    file.seek(0)
    with pytest.raises(ValidationError, match="已于"):
        imports.preview("organisations", file, **facts)


def upload(content):
    return SimpleUploadedFile("x.xlsx", content)


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def sheet_with(place):
    """A real workbook whose one cell claims to stand at `place`."""
    source, stream = zipfile.ZipFile(workbook(["代码"], ["x"])), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, content.replace(b'r="A2"', f'r="{place}"'.encode()))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "不是有效"),
        (zipped(a_txt="x"), "不是有效"),
        (zipped(xl__worksheets__sheet1_xml="0" * 30_000_000), "解压"),
        (b"x" * (imports.MAX_BYTES + 1), "10 MB"),
        (sheet_with("XFD2"), "20000 行"),
        (sheet_with("A1048576"), "20000 行"),
        (sheet_with("&#65;2"), "20000 行"),
    ],
)
def test_a_file_that_is_no_plain_workbook_is_refused(city, admin, content, words):
    with pytest.raises(ValidationError, match=words):
        imports.preview("people", upload(content), organisation=city, actor=admin, now=timezone.now())
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [([["代码", "全称"]], "没有数据行"), ([["名字"], ["x"]], "缺少列"), ([HEADS, [""]], "没有数据行")],
)
def test_a_workbook_without_its_heads_or_rows_is_refused(city, admin, rows, words):
    with pytest.raises(ValidationError, match=words):
        preview("organisations", *rows, city=city, admin=admin)


def test_people_come_with_posts_and_choose_their_own_passwords(city, school, admin, as_admin):
    row = ["wangwu", "王五", 13800000000, "JB001", "学校安全员", "安全主任", "2026-09-01"]
    batch = preview("people", PEOPLE, row, city=city, admin=admin)
    assert errors_of(batch) == [{}]
    imports.accept(batch, actor=admin, now=timezone.now())
    user = User.objects.get(username="wangwu")
    assert (user.phone, user.has_usable_password()) == ("13800000000", False)
    post = user.held_posts.get()
    assert (post.organisation, post.role, str(post.starts_on)) == (school, Role.SAFETY_OFFICER, "2026-09-01")
    rows = cells_of(bytes_of(as_admin.get(reverse("core:import_links", args=[batch.pk]))))
    link = rows[1][2]
    assert rows[1][:2] == ("wangwu", "王五")
    as_admin.logout()
    assert as_admin.get(link).status_code == 200


@pytest.mark.parametrize(
    ("row", "head"),
    [
        (["admin", "重名", "", "JB001", "校长", "", ""], "登录名"),
        (["a b", "空格", "", "JB001", "校长", "", ""], "登录名"),
        (["u1", "电话", "12", "JB001", "校长", "", ""], "手机号"),
        (["u1", "单位", "", "XX", "校长", "", ""], "单位代码"),
        (["u1", "角色", "", "JB001", "市局工作人员", "", ""], "角色"),
        (["u1", "角色", "", "JB001", "皇帝", "", ""], "角色"),
        (["u1", "日期", "", "JB001", "校长", "", "去年"], "任职起"),
    ],
)
def test_wrong_people_are_explained(city, school, admin, row, head):
    assert list(errors_of(preview("people", PEOPLE, row, city=city, admin=admin))[0]) == [head]


def test_one_phone_number_for_two_people_is_refused(city, school, admin):
    rows = [[f"u{n}", "某", "13800000001", "JB001", "校长", "", ""] for n in (1, 2)]
    assert "第 2 行" in errors_of(preview("people", PEOPLE, *rows, city=city, admin=admin))[1]["手机号"][0]


def test_days_of_the_topmost_bureau_hold_for_everyone_others_at_home(city, district, admin):
    rows = [["日期", "类型", "名称"], ["2027-01-01", "放假", "元旦"], ["2027年1月3日", "调休上班", ""]]
    imports.accept(preview("calendar", *rows, city=city, admin=admin), actor=admin, now=timezone.now())
    assert CalendarDay.objects.filter(organisation=None, day__year=2027).count() == 2
    local = UserFactory(post=(district, Role.ADMINISTRATOR))
    batch = preview("calendar", *rows, city=district, admin=local)
    imports.accept(batch, actor=local, now=timezone.now())
    assert CalendarDay.objects.filter(organisation=district).count() == 2


def test_the_template_can_be_filled_in_and_brought_back(city, district, as_admin):
    answer = as_admin.get(reverse("core:import_template", args=["organisations"]))
    rows = cells_of(answer.content)
    assert rows[0][:2] == ("代码", "全称")
    assert rows[1][0].startswith("必填")
    values = {"代码": "S7", "全称": "七小", "类型": "小学", "上级代码": "LJ-JB"}
    file = workbook(rows[0], rows[1], [values.get(head, "") for head in rows[0]])
    page = as_admin.post(reverse("core:import_new", args=["organisations"]), {"workbook": file}, follow=True)
    batch = ImportBatch.objects.get()
    assert "1 行无误" in page.content.decode()
    assert (
        as_admin.post(reverse("core:import", args=[batch.pk]), {"accept": "1"}, follow=True).status_code
        == 200
    )
    assert Organisation.objects.filter(code="S7").exists()


def test_the_preview_and_the_error_workbook_show_what_is_wrong(city, district, as_admin):
    file = workbook(HEADS, ["S1", "@cmd()", "小学", "没有", 1, ""])
    page = as_admin.post(reverse("core:import_new", args=["organisations"]), {"workbook": file}, follow=True)
    batch = ImportBatch.objects.get()
    assert "没有此代码" in page.content.decode()
    assert "确认导入" not in page.content.decode()
    rows = cells_of(as_admin.get(reverse("core:import_errors", args=[batch.pk])).content)
    assert "没有此代码" in rows[1][-1]
    assert "'@cmd()" in rows[1]
    as_admin.post(reverse("core:import", args=[batch.pk]), {"discard": "1"})
    batch.refresh_from_db()
    assert (batch.state, batch.rows) == (State.DISCARDED, [])


def test_a_bad_file_is_explained_at_the_field(city, as_admin):
    page = as_admin.post(reverse("core:import_new", args=["people"]), {"workbook": upload(b"nothing")})
    assert page.status_code == 400
    assert "不是有效的 Excel" in page.content.decode()
    assert as_admin.post(reverse("core:import_new", args=["people"])).status_code == 400
    assert as_admin.get(reverse("core:import_new", args=["elephants"])).status_code == 404


def test_only_whoever_administers_brings_in_and_sees(client, city, district, admin, officer, other_district):
    batch = schools(["S1", "一小", "小学", "LJ-JB", 1, ""], city=city, admin=admin)
    client.force_login(officer)
    for name, argument in [("import_new", "people"), ("import_template", "people")]:
        assert client.get(reverse(f"core:{name}", args=[argument])).status_code == 403
    assert "人员与任职" not in client.get(reverse("core:imports")).content.decode()
    client.force_login(UserFactory())
    assert client.get(reverse("core:imports")).status_code == 403
    client.force_login(UserFactory(post=(other_district, Role.ADMINISTRATOR)))
    for name in ("import", "import_errors", "import_links"):
        assert client.get(reverse(f"core:{name}", args=[batch.pk])).status_code == 404
    assert client.post(reverse("core:import", args=[batch.pk]), {"accept": "1"}).status_code == 404


def test_a_long_workbook_is_written_by_a_job(city, district, admin, as_admin, monkeypatch):
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 1)
    batch = schools(["S1", "一小", "小学", "LJ-JB", 1, ""], ["S2", "二小", "小学", "LJ-JB", 1, ""],
                    city=city, admin=admin)  # fmt: skip
    answer = as_admin.post(reverse("core:import", args=[batch.pk]), {"accept": "1"})
    again = as_admin.post(reverse("core:import", args=[batch.pk]), {"accept": "1"})
    job = Job.objects.get()
    assert answer.url == again.url == reverse("core:job", args=[job.pk])
    assert jobs.run(job.pk, now=timezone.now())
    assert Organisation.objects.filter(code__in=["S1", "S2"]).count() == 2
    assert reverse("core:import", args=[batch.pk]) in as_admin.get(answer.url).content.decode()


def test_the_list_costs_the_same_however_long(city, district, admin, as_admin):
    schools(["S1", "一小", "小学", "LJ-JB", 1, ""], city=city, admin=admin)
    short = queries_of(as_admin, reverse("core:imports"))
    for n in (2, 3):
        schools([f"S{n}", "一小", "小学", "LJ-JB", 1, ""], city=city, admin=admin)
    assert queries_of(as_admin, reverse("core:imports")) == short


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx", "＝1"])
def test_no_cell_of_ours_runs_as_a_formula(text):
    stream = io.BytesIO()
    write_workbook(stream, "台账", [Column("名称"), Column("数", kind="number")], [[text, 3]])
    assert cells_of(stream.getvalue())[1] == (f"'{text}", 3)
    assert safe_text("正常") == "正常"
