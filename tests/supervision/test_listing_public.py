"""The public page: only what a person published, the same for everybody, without cookie, at a fixed cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from supervision.models import Listing
from supervision.services import listing_public
from tests.supervision.listing_ways import (
    PUBLIC,
    delisted_at,
    draft_at,
    listed_at,
    major_at,
    published_at,
    url,
)

PAGE = reverse("supervision:public_listings")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def visitor(db):
    return Client()


@pytest.fixture
def published(school, district, clerk, leader, now):
    return published_at(school, district, clerk, leader, now=now, situation="内部情况说明")


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_reads_what_where_until_when_and_what_to_mind(visitor, published, school):
    page = text(visitor.get(PAGE))
    for words in [*PUBLIC.values(), school.name, published.number, f"{published.due_on}", "挂牌督办中"]:
        assert words in page, words
    one = text(visitor.get(url("public_listing", published)))
    assert PUBLIC["public_advice"] in one


def test_no_person_and_no_inner_word_gets_out(visitor, published, clerk, leader):
    page = text(visitor.get(PAGE)) + text(visitor.get(url("public_listing", published)))
    for words in [str(clerk), str(leader), "王建国", "赵敏", published.situation, published.hazard.number]:
        assert words not in page, words


def test_nothing_is_shown_before_a_person_published_it(visitor, school, district, clerk, leader, now):
    rows = [draft_at(school, district, clerk, now=now), listed_at(school, district, clerk, leader, now=now)]
    assert school.name not in text(visitor.get(PAGE))
    for row in rows:
        assert visitor.get(url("public_listing", row)).status_code == 404


def test_what_is_taken_down_is_gone_at_once(visitor, published, clerk, now):
    listing_public.unpublish(published, actor=clerk, now=now, note="地点写错")
    assert published.number not in text(visitor.get(PAGE))
    assert visitor.get(url("public_listing", published)).status_code == 404


def test_it_has_ended_in_public_once_that_is_published(visitor, published, officer, clerk, leader, now):
    listing = delisted_at(published, officer, clerk, leader, now=now)
    assert "挂牌督办中" in text(visitor.get(PAGE))
    listing_public.publish_delisting(listing, actor=leader, now=now)
    page = text(visitor.get(PAGE))
    assert "已摘牌" in page
    assert PUBLIC["public_advice"] not in page
    Listing.objects.update(delisting_published_at=now - timedelta(days=181))
    assert listing.number not in text(visitor.get(PAGE))


def test_it_sets_no_cookie_and_may_be_kept_by_a_cache(visitor, published):
    for address in (PAGE, url("public_listing", published)):
        answer = visitor.get(address)
        assert answer["Cache-Control"] == "public, max-age=300"
        assert not answer.cookies
        assert not visitor.cookies


def test_a_signed_in_person_reads_the_same_and_no_cache_keeps_it(client, visitor, published, officer):
    client.force_login(officer)
    answer = client.get(PAGE)
    assert text(answer) == text(visitor.get(PAGE))
    assert "public" not in answer["Cache-Control"]


def test_it_only_reads(visitor, published):
    assert visitor.post(PAGE).status_code == 405
    assert visitor.post(url("public_listing", published)).status_code == 405


def test_it_is_searched_by_the_schools_name(visitor, published, school):
    assert published.number in text(visitor.get(PAGE, {"q": school.name[2:4]}))
    page = text(visitor.get(PAGE, {"q": "别的学校<b>"}))
    assert published.number not in page
    assert "<b>" not in page


def test_it_costs_one_query_for_one_row_and_for_sixty(visitor, published, leader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            text(visitor.get(PAGE))
        return len(queries)

    assert cost() == 1
    values = {
        field.name: getattr(published, field.name) for field in Listing._meta.fields if field.name != "id"
    }
    for n in range(59):
        hazard = major_at(published.school)
        Listing.objects.create(**values | {"number": f"督{n}号", "hazard": hazard})
    assert cost() == 1
    first = visitor.get(PAGE)
    assert "before=" in text(first)


def test_a_broken_cursor_is_not_found(visitor, published):
    assert visitor.get(PAGE, {"before": "nonsense"}).status_code == 404
