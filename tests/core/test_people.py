"""People and posts: who is added, changed, shut out, and by whom."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from schoolsafety.core import forms, people
from schoolsafety.core.models import Event, Post, User
from schoolsafety.core.roles import Role
from tests.core.kit import queries_of
from tests.factories import UserFactory

LIST = "/people/"
TODAY = timezone.localdate


def page(name, row):
    return reverse(f"core:{name}", args=[row.pk])


@pytest.fixture
def local(district):
    """The administrator of one district."""
    return UserFactory(name="区管", post=(district, Role.ADMINISTRATOR))


def form(school, **change):
    return {
        "username": "new1", "name": "新人", "phone": "13900000000", "email": "", "organisation": school.pk,
        "role": Role.PRINCIPAL, "title": "校长", "starts_on": "2026-09-01", "ends_on": "",
    } | change  # fmt: skip


def test_a_new_person_gets_a_post_and_a_link_that_is_shown_once(as_admin, client, school):
    answer = as_admin.post(reverse("core:person_new"), form(school), follow=True)
    user = User.objects.get(username="new1")
    assert user.roles_at(school) == {Role.PRINCIPAL}
    assert "/welcome/" in answer.content.decode()
    assert "/welcome/" not in as_admin.get(page("person", user)).content.decode()
    assert set(Event.objects.values_list("verb", flat=True)) == {"core.create_person", "core.give_post"}


def test_among_many_organisations_one_is_named_by_code_or_full_name(as_admin, school, monkeypatch):
    monkeypatch.setattr(forms, "MOST_CHOICES", 1)
    assert "<select" not in as_admin.get(reverse("core:person_new")).content.decode().split("organisation")[1]
    bad = as_admin.post(reverse("core:person_new"), form(school, organisation="没有"))
    assert "没有此代码或全称" in bad.content.decode()
    for name, words in [("a1", "JB001"), ("a2", "江北区育才小学")]:
        more = {"username": name, "phone": "", "organisation": words}
        assert as_admin.post(reverse("core:person_new"), form(school, **more)).status_code == 302
        assert User.objects.get(username=name).roles_at(school)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "admin"}, "已存在"),
        ({"username": "a b"}, "合法"),
        ({"name": ""}, "必填"),
        ({"role": Role.CITY_STAFF}, "没有该角色"),
        ({"ends_on": "2026-08-01"}, "晚于"),
        ({"organisation": "0"}, "选项"),
    ],
)
def test_a_bad_new_person_is_explained_and_nothing_is_made(as_admin, school, change, words):
    answer = as_admin.post(reverse("core:person_new"), form(school, **change))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not User.objects.filter(username="new1").exists()


def test_a_person_is_changed_and_the_log_says_what(as_admin, officer, clerk):
    answer = as_admin.post(
        page("person_edit", officer), {"username": "officer", "name": "李大明", "phone": "", "email": ""}
    )
    officer.refresh_from_db()
    assert (answer.status_code, officer.name, officer.phone) == (302, "李大明", None)
    bad = as_admin.post(
        page("person_edit", officer), {"username": "clerk", "name": "x", "phone": "", "email": ""}
    )
    assert bad.status_code == 400
    assert as_admin.get(page("person_edit", officer)).status_code == 200


def test_a_post_is_given_and_ended(as_admin, officer, neighbour):
    fields = {"organisation": neighbour.pk, "role": Role.SAFETY_OFFICER, "starts_on": "2026-09-01"}
    assert as_admin.post(page("person", officer), fields).status_code == 302
    post = officer.held_posts.get(organisation=neighbour)
    assert as_admin.post(page("post_end", post)).status_code == 302
    post.refresh_from_db()
    assert post.ends_on == TODAY()
    as_admin.post(page("post_end", post))
    assert Event.objects.filter(verb="core.end_post").count() == 1
    bad = as_admin.post(page("person", officer), fields | {"role": "nothing"})
    assert bad.status_code == 400


def test_rights_end_the_day_after_the_post(officer, school, admin):
    people.end_post(officer.held_posts.get(), actor=admin, on=TODAY() - timedelta(days=1))
    assert User.objects.get(pk=officer.pk).roles_at(school) == set()


def test_a_post_that_begins_later_cannot_end_before(officer, school, admin):
    post = people.give_post(
        officer, organisation=school, role=Role.PRINCIPAL, starts_on=date(2099, 1, 1), actor=admin
    )
    with pytest.raises(ValidationError):
        people.end_post(post, actor=admin, on=TODAY())


def test_the_last_administrator_stays(as_admin, admin, city, district, local):
    as_admin.post(page("post_end", admin.held_posts.get()))
    assert admin.held_posts.get().ends_on is None
    people.end_post(local.held_posts.get(), actor=admin, on=TODAY())
    UserFactory(post=(city, Role.ADMINISTRATOR))
    people.end_post(admin.held_posts.get(), actor=admin, on=TODAY())


def test_nobody_gives_themselves_a_post(as_admin, admin, city):
    fields = {"organisation": city.pk, "role": Role.CITY_STAFF, "starts_on": "2026-09-01"}
    assert as_admin.post(page("person", admin), fields).status_code == 403
    with pytest.raises(ValidationError, match="其他管理员"):
        people.give_post(admin, organisation=city, role=Role.CITY_STAFF, starts_on=TODAY(), actor=admin)
    assert admin.held_posts.count() == 1


def test_a_district_cannot_take_over_the_citys_administrator(client, local, admin, district):
    people.give_post(admin, organisation=district, role=Role.AUDITOR, starts_on=TODAY(), actor=local)
    client.force_login(local)
    assert client.get(page("person", admin)).status_code == 200
    for name in ("person_link", "person_account"):
        assert client.post(page(name, admin)).status_code == 403
    assert client.post(page("person_edit", admin), {"username": "hack", "name": "x"}).status_code == 403
    assert not User.objects.administered_by(local).filter(pk=admin.pk).exists()
    with pytest.raises(PermissionDenied):
        people.new_link(admin, actor=local, on=TODAY())


def test_a_fresh_link_is_made_by_the_administrator(as_admin, officer):
    answer = as_admin.post(page("person_link", officer), follow=True)
    assert "/welcome/" in answer.content.decode()
    assert Event.objects.get().verb == "core.make_link"


def test_a_closed_account_is_out_at_once_and_can_come_back(client, as_admin, officer):
    phone = type(client)()
    phone.force_login(officer)
    as_admin.post(page("person_account", officer))
    assert phone.get("/").status_code == 302
    officer.refresh_from_db()
    assert not officer.is_active
    as_admin.post(page("person_account", officer))
    officer.refresh_from_db()
    assert officer.is_active


def test_nobody_closes_their_own_account(as_admin, admin):
    as_admin.post(page("person_account", admin))
    admin.refresh_from_db()
    assert admin.is_active


def test_whoever_does_not_administer_changes_nobody(client, clerk, officer, school):
    client.force_login(clerk)
    assert client.get(page("person", officer)).status_code == 200
    assert client.post(page("person", officer), {}).status_code == 403
    assert client.get(reverse("core:person_new")).status_code == 403
    for name in ("person_edit", "person_link", "person_account"):
        assert client.post(page(name, officer), {}).status_code == 403
    assert client.post(page("post_end", officer.held_posts.get())).status_code == 403
    assert officer.held_posts.get().ends_on is None


def test_a_stranger_does_not_find_the_person(client, stranger, officer):
    client.force_login(stranger)
    for name in ("person", "person_edit"):
        assert client.get(page(name, officer)).status_code == 404
    for name in ("person_link", "person_account"):
        assert client.post(page(name, officer)).status_code == 404
    assert client.post(page("post_end", officer.held_posts.get())).status_code == 404


def test_the_list_searches_and_hides_ended_posts(as_admin, officer, clerk, admin):
    assert "陈涛" not in as_admin.get(LIST, {"q": "李明"}).content.decode()
    Post.objects.filter(user=officer).update(ends_on=date(2024, 1, 1))
    assert "李明" not in as_admin.get(LIST).content.decode()
    assert "李明" in as_admin.get(LIST, {"ended": "1"}).content.decode()


def test_the_list_pages_and_costs_the_same_however_long(as_admin, school):
    UserFactory(post=(school, Role.SCHOOL_STAFF))
    short = queries_of(as_admin, LIST)
    for _each in range(60):
        UserFactory(post=(school, Role.SCHOOL_STAFF))
    assert queries_of(as_admin, LIST) == short
    first = as_admin.get(LIST).context["page"]
    second = as_admin.get(LIST + first.older).context["page"]
    assert not {post.pk for post in first.rows} & {post.pk for post in second.rows}
    assert as_admin.get(LIST, {"after": "1~x"}).status_code == 404


def test_a_person_page_costs_the_same_however_many_posts(as_admin, officer, school, neighbour):
    short = queries_of(as_admin, page("person", officer))
    for place in (school, neighbour):
        Post.objects.create(user=officer, organisation=place, role=Role.SCHOOL_STAFF, starts_on=TODAY())
    assert queries_of(as_admin, page("person", officer)) == short
