"""The tree and its pages: find, create, change, move, close, open again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from schoolsafety.core import directory, tree
from schoolsafety.core.models import Event, Organisation
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.roles import Role
from tests.core.kit import queries_of
from tests.factories import HazardFactory, OrganisationFactory, UserFactory

LIST = "/organisations/"
FORM = {
    "code": "N1", "name": "新建小学", "kind": "primary", "ownership": "public", "pupils": "10", "staff": "2",
}  # fmt: skip


def page(name, row):
    return reverse(f"core:organisation{name}", args=[row.pk])


@pytest.fixture
def local(district):
    """The administrator of one district."""
    return UserFactory(post=(district, Role.ADMINISTRATOR))


def test_a_new_school_hangs_below_its_bureau(as_admin, district):
    answer = as_admin.post(page("_new", district), FORM)
    row = Organisation.objects.get(code="N1")
    assert answer.url == row.get_absolute_url()
    assert row.path == f"{district.path}{row.pk}/"
    assert Event.objects.get(verb="core.create_organisation").organisation == row


@pytest.mark.parametrize(
    ("change", "words"),
    [({"code": ""}, "必填"), ({"code": "JB001"}, "已存在"), ({"pupils": "-1"}, "0"), ({"kind": "x"}, "选项")],
)
def test_a_bad_new_school_is_explained_and_keeps_what_was_typed(as_admin, district, school, change, words):
    answer = as_admin.post(page("_new", district), FORM | change)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "新建小学" in answer.content.decode()
    assert Organisation.objects.filter(name="新建小学").count() == 0


def test_nothing_hangs_below_a_school_or_a_closed_bureau(as_admin, admin, school, other_district):
    assert as_admin.post(page("_new", school), FORM).status_code == 400
    tree.close(other_district, on=timezone.localdate(), actor=admin)
    assert as_admin.post(page("_new", other_district), FORM).status_code == 400


def test_a_change_keeps_old_and_new_in_the_log(as_admin, school):
    as_admin.post(page("_edit", school), FORM | {"code": "JB001", "name": "育才新校", "has_canteen": "on"})
    school.refresh_from_db()
    assert school.name == "育才新校"
    event = Event.objects.get(verb="core.change_organisation")
    assert '"name":["江北区育才小学","育才新校"]' in event.payload
    as_admin.post(page("_edit", school), FORM | {"code": "JB001", "name": "育才新校", "has_canteen": "on"})
    assert Event.objects.filter(verb="core.change_organisation").count() == 1


def test_a_school_does_not_become_a_bureau(as_admin, school):
    answer = as_admin.post(page("_edit", school), FORM | {"code": "JB001", "kind": Kind.DISTRICT_BUREAU})
    assert answer.status_code == 400
    assert "不能互相变更" in answer.content.decode()


def test_a_school_moves_with_its_cases(as_admin, school, other_district, clerk):
    hazard = HazardFactory(school=school)
    form = {"parent": other_district.pk, "note": "区划调整"}
    assert as_admin.post(page("_move", school), form).url == school.get_absolute_url()
    school.refresh_from_db()
    assert school.path.startswith(other_district.path)
    assert not type(hazard).objects.visible_to(clerk).exists()
    event = Event.objects.get(verb="core.move_organisation")
    assert event.words.text == "区划调整"


def test_a_bureau_moves_with_all_that_hangs_below_it(
    admin, city, district, school, neighbour, other_district
):
    tree.move(district, new_parent=other_district, actor=admin)
    for row in (school, neighbour):
        row.refresh_from_db()
        assert row.path == f"{other_district.path}{district.pk}/{row.pk}/"


def test_impossible_moves_are_refused(as_admin, admin, city, district, school, neighbour):
    for parent in (district, school):
        with pytest.raises(ValidationError):
            tree.move(district, new_parent=parent, actor=admin)
    with pytest.raises(ValidationError):
        tree.move(school, new_parent=neighbour, actor=admin)
    assert as_admin.post(page("_move", school), {"parent": neighbour.pk, "note": "x"}).status_code == 400


def test_a_district_moves_nothing_into_or_out_of_another(local, school, other_district):
    theirs = OrganisationFactory(parent=other_district)
    with pytest.raises(PermissionDenied):
        tree.move(school, new_parent=other_district, actor=local)
    with pytest.raises(PermissionDenied):
        tree.move(theirs, new_parent=school.parent, actor=local)


def test_a_school_is_closed_and_opened_again(as_admin, school):
    form = {"on": "2026-09-01", "note": "撤并"}
    assert as_admin.post(page("_close", school), form).status_code == 302
    school.refresh_from_db()
    assert str(school.closed_on) == "2026-09-01"
    assert "已撤销" in as_admin.get(LIST).content.decode()
    as_admin.post(page("_close", school), {"note": "误操作"})
    school.refresh_from_db()
    assert school.closed_on is None
    assert Event.objects.filter(organisation=school).count() == 2


def test_a_bureau_with_open_schools_stays_open(as_admin, district, school):
    answer = as_admin.post(page("_close", district), {"on": "2026-09-01", "note": "x"})
    assert answer.status_code == 400
    assert "下级单位" in answer.content.decode()


def test_whoever_does_not_administer_sees_but_does_not_change(client, clerk, district, school):
    client.force_login(clerk)
    assert client.get(LIST).status_code == client.get(page("", school)).status_code == 200
    assert "修改" not in client.get(page("", school)).content.decode()
    for name in ("_new", "_edit", "_move", "_close"):
        assert client.get(page(name, school)).status_code == 403
        assert client.post(page(name, school), FORM).status_code == 403
    with pytest.raises(PermissionDenied):
        directory.change_organisation(school, actor=clerk, name="x")


def test_a_stranger_finds_nothing(client, stranger, school, other_district):
    client.force_login(stranger)
    for name in ("", "_new", "_edit", "_move", "_close"):
        assert client.get(page(name, school)).status_code == 404
    assert "育才" not in client.get(LIST).content.decode()


def test_a_district_administrator_has_no_hand_in_the_next_district(client, local, other_district):
    client.force_login(local)
    assert client.get(page("_edit", other_district)).status_code == 404


def test_the_list_searches_narrows_and_pages(as_admin, city, district, school, neighbour, monkeypatch):
    assert "实验中学" not in as_admin.get(LIST, {"q": "育才"}).content.decode()
    assert "JB002" in as_admin.get(LIST, {"q": "jb002"}).content.decode()
    assert "没有符合条件" in as_admin.get(LIST, {"q": "没有的"}).content.decode()
    assert "临江市" not in as_admin.get(LIST, {"within": district.pk}).context["rows"][0][0].name
    assert as_admin.get(LIST, {"within": "x"}).status_code == 404
    OrganisationFactory.create_batch(100, parent=district)
    seen, answer = [], as_admin.get(LIST)
    while True:
        seen += [row.pk for row, _depth in answer.context["rows"]]
        if not answer.context["page"].older:
            break
        answer = as_admin.get(LIST + answer.context["page"].older)
    assert len(seen) == len(set(seen)) == Organisation.objects.count()
    back = as_admin.get(LIST + answer.context["page"].newer)
    assert [row.pk for row, _depth in back.context["rows"]] == seen[50:100]
    assert as_admin.get(LIST, {"after": "a~b"}).status_code == 404


def test_list_and_page_cost_the_same_however_many(as_admin, city, district):
    OrganisationFactory(parent=district)
    short = [queries_of(as_admin, address) for address in (LIST, page("", district))]
    OrganisationFactory.create_batch(2, parent=district)
    assert [queries_of(as_admin, address) for address in (LIST, page("", district))] == short
