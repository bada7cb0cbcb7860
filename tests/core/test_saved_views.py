"""Saved views: what is kept, whose they are, the view to begin with, the bar above every filtered list."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone

from schoolsafety.core import saved_views
from schoolsafety.core.filtered import PAGES, cleaned_text
from schoolsafety.core.models import Post, SavedView
from schoolsafety.core.roles import Role
from tests.factories import HazardFactory

PAGE = "hazards:list"
LIST = reverse(PAGE)
SAVE = reverse("core:view_save")
assert get_resolver().url_patterns  # the addresses are loaded: every list is registered


def keep(user, name="重大", query="grade=major", page=PAGE, **more):
    return saved_views.save(user, page, name, query, now=timezone.now(), **more)


def change(client, view, does, **data):
    return client.post(reverse("core:view_change", args=[view.pk]), {"does": does, **data}, follow=True)


def names(user, page=PAGE):
    return [view.name for view in SavedView.objects.visible_to(user).filter(page=page)]


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def everybody(city_clerk, city):
    """A person whose posts open every list."""
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CITY_LEADER):
        Post.objects.create(user=city_clerk, organisation=city, role=role, starts_on="2020-01-01")
    return city_clerk


# --- every list --------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", sorted(PAGES))
def test_each_list_shows_the_bar_and_begins_with_its_default(client, everybody, page):
    key = sorted(PAGES[page])[0]
    view = keep(everybody, "我的", f"{key}=1", page, is_default=True)
    client.force_login(everybody)

    bare = client.get(reverse(page))
    shown = client.get(reverse(page), {"all": "1"})

    assert (bare.status_code, bare.url) == (302, f"{reverse(page)}?{view.query}")
    words = shown.content.decode()
    assert shown.status_code == 200
    assert f'href="{reverse(page)}?{view.query}"' in words
    assert f'href="{reverse(page)}?all=1" aria-current="page"' in words


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_list_costs_one_query_more_whatever_is_kept(client, everybody, page):
    client.force_login(everybody)
    address, costs = f"{reverse(page)}?all=1", []
    client.get(address)
    for more in (0, 1, 3):
        for index in range(more):
            keep(everybody, f"{more} {index}", f"{sorted(PAGES[page])[0]}={more}{index}", page)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        costs.append(len(asked))
        found = [each["sql"] for each in asked if "savedview" in each["sql"].lower()]
        assert len(found) == 1
    assert len(set(costs)) == 1


def test_the_register_names_the_views_that_stand_there():
    for page in PAGES:
        assert hasattr(resolve(reverse(page)).func, "__wrapped__"), page


# --- what is kept ------------------------------------------------------------------------------------
def test_only_known_keys_without_blanks_and_cursors_are_kept():
    query = "q=%20%E5%A0%86%E7%89%A9%20&grade=&before=2026&evil=1&export=1&all=1&status=open"
    assert cleaned_text(PAGE, query) == "q=%E5%A0%86%E7%89%A9&status=open"


def test_what_is_kept_has_one_form_whatever_the_order():
    assert cleaned_text(PAGE, "status=open&grade=major") == cleaned_text(PAGE, "grade=major&status=open")


def test_control_signs_and_long_words_are_cut():
    assert cleaned_text(PAGE, "q=a%00b%0Ac") == "q=abc"
    assert len(cleaned_text(PAGE, "q=" + "x" * 300)) == len("q=") + 100


def test_a_person_keeps_the_choice_and_sees_it_marked(as_clerk, clerk):
    page = as_clerk.post(
        SAVE, {"page": PAGE, "name": " 重大  未销号 ", "query": "grade=major&evil=1"}, follow=True
    )

    assert page.redirect_chain[-1][0] == f"{LIST}?grade=major"
    assert names(clerk) == ["重大 未销号"]
    assert f'href="{LIST}?grade=major" aria-current="page"' in page.content.decode()


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", "grade=major", "请给视图起个名称"),
        ("长" * 31, "grade=major", "最多 30 个字"),
        ("空", "", "请先选择筛选条件"),
        ("空", "before=1&evil=2", "请先选择筛选条件"),
        ("太长", "&".join(f"{key}={'汉' * 90}" for key in ("q", "school", "status")), "筛选条件太长"),
    ],
)
def test_what_does_not_do_is_told(as_clerk, clerk, name, query, words):
    page = as_clerk.post(SAVE, {"page": PAGE, "name": name, "query": query}, follow=True)
    assert words in page.content.decode()
    assert names(clerk) == []


def test_saving_twice_is_once_and_another_choice_under_that_name_is_refused(clerk):
    assert keep(clerk).pk == keep(clerk).pk
    with pytest.raises(ValidationError, match="已有名为"):
        keep(clerk, query="grade=general")
    keep(clerk, page="inspections:notices", query="status=draft")
    assert SavedView.objects.visible_to(clerk).count() == 2


def test_there_is_an_end_to_views(clerk):
    for index in range(saved_views.MOST):
        keep(clerk, f"视图{index}", f"q={index}")
    with pytest.raises(ValidationError, match="最多保存 30"):
        keep(clerk, "再一个", "q=x")
    keep(clerk, page="inspections:notices", query="status=draft")


def test_an_unknown_page_is_not_found(as_clerk):
    for page in ("hazards:nothing", "core:home", "https://elsewhere.test/", ""):
        assert as_clerk.post(SAVE, {"page": page, "name": "x", "query": "q=1"}).status_code == 404


# --- what is changed ---------------------------------------------------------------------------------
def test_rename_renew_put_first_and_delete(as_clerk, clerk):
    first, second = keep(clerk, "一", "q=1"), keep(clerk, "二", "q=2")
    change(as_clerk, first, "rename", name="甲")
    change(as_clerk, second, "first")
    assert names(clerk) == ["二", "甲"]
    page = change(as_clerk, first, "update", query="status=open&evil=1")
    first.refresh_from_db()
    assert first.query == "status=open"
    assert page.redirect_chain[-1][0] == f"{LIST}?status=open"
    change(as_clerk, second, "delete")
    assert names(clerk) == ["甲"]


def test_a_name_that_is_taken_is_refused(as_clerk, clerk):
    first, _second = keep(clerk, "一", "q=1"), keep(clerk, "二", "q=2")
    assert "已有名为“二”的视图" in change(as_clerk, first, "rename", name="二").content.decode()
    change(as_clerk, first, "rename", name="一")  # its own name is no other's
    assert names(clerk) == ["一", "二"]


def test_one_view_stands_at_the_start_and_gives_way(as_clerk, clerk):
    first, second = keep(clerk, "一", "q=1", is_default=True), keep(clerk, "二", "q=2")
    change(as_clerk, second, "default")
    assert list(SavedView.objects.filter(is_default=True)) == [second]
    assert as_clerk.get(LIST).url == f"{LIST}?q=2"
    change(as_clerk, second, "undo_default")
    assert as_clerk.get(LIST).status_code == 200
    assert first.query == "q=1"


def test_a_choice_is_never_led_away(as_clerk, clerk, school):
    HazardFactory(school=school, rectifying=True)
    keep(clerk, query="grade=major", is_default=True)
    for query in ("?all=1", "?q=", "?grade=major", "?queue=overdue", "?nonsense=1"):
        assert as_clerk.get(LIST + query).status_code == 200
    assert len(as_clerk.get(LIST + "?all=1").context["rows"]) == 1
    assert as_clerk.get(LIST, follow=True).redirect_chain == [(f"{LIST}?grade=major", 302)]


def test_everything_is_no_filter_for_the_page_below(as_clerk):
    page = as_clerk.get(LIST + "?all=1")
    assert page.context["is_filtered"] is False
    assert "all=1" not in page.context["export"]


# --- whose they are ----------------------------------------------------------------------------------
@pytest.mark.parametrize("does", ["rename", "update", "delete", "default", "undo_default", "first"])
def test_another_persons_view_does_not_exist(as_clerk, clerk, leader, does):
    view = keep(leader, "局长专看")
    answer = change(as_clerk, view, does, name="mine", query="q=1")
    assert answer.status_code == 404
    view.refresh_from_db()
    assert (view.name, view.query, view.is_default) == ("局长专看", "grade=major", False)
    assert view.name not in as_clerk.get(LIST).content.decode()


def test_the_default_of_another_leads_nobody(as_clerk, leader):
    keep(leader, is_default=True)
    assert as_clerk.get(LIST).status_code == 200


def test_the_acts_take_no_reading_and_no_unknown_word(as_clerk, clerk):
    view = keep(clerk)
    assert as_clerk.get(SAVE).status_code == 405
    assert as_clerk.get(reverse("core:view_change", args=[view.pk])).status_code == 405
    assert change(as_clerk, view, "steal").status_code == 404


def test_signed_out_people_keep_nothing(client, db):
    assert client.post(SAVE, {"page": PAGE, "name": "x", "query": "q=1"}).status_code == 302
    assert not SavedView.objects.exists()
