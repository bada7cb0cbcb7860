"""Hints about photos where somebody verifies: used before, the same as before, another place; no leak."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.services import report
from hazards.workflow import Grade, Source
from schoolsafety.core.models import Attachment
from schoolsafety.core.roles import Role
from supervision.photo_hints import hints_of
from tests.core.kit import queries_of
from tests.drawn_places import again, jpeg, place
from tests.factories import OrganisationFactory, UserFactory
from tests.inspections.notice_ways import replied_at

BEFORE, AFTER, OTHER = place(1), again(place(1), 5), place(23)
UNLIKE = (place(1), place(12))


def upload(image, quality=80):
    return SimpleUploadedFile("现场.jpg", jpeg(image, quality))


def handed_in(school, officer, before, after, title="堆物"):
    now = timezone.now()
    hazard = report(
        school, actor=officer, title=title, place="楼道", source=Source.SNAP, found_at=now, now=now,
        category=Category.objects.get(code="XF"), proposed_grade=Grade.GENERAL, photos=[upload(before)],
    )  # fmt: skip
    hazards.submit(hazard, actor=officer, measure="已清走", photos=[upload(after)], now=now)
    return Hazard.objects.select_related("school").get(pk=hazard.pk)


def texts(hazard, user):
    return [hint["text"] for hint in hints_of([hazard], user).get(hazard.pk, [])]


def enter(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def elsewhere(other_district):
    """A case of another district, with its officer."""
    school = OrganisationFactory(name="江南一小", code="JN001", parent=other_district)
    officer = UserFactory(post=(school, Role.SAFETY_OFFICER))
    return handed_in(school, officer, OTHER, AFTER, title="江南的案件")


def test_an_ordinary_rectification_gives_no_hint(school, officer, principal):
    hazard = handed_in(school, officer, BEFORE, AFTER)
    handed_in(school, officer, OTHER, again(OTHER, 9))
    assert texts(hazard, principal) == []


def test_a_copy_of_a_photo_of_another_case_is_pointed_out_with_a_link(school, officer, principal, clerk):
    first = handed_in(school, officer, BEFORE, AFTER)
    copy = AFTER.resize((500, 375))
    second = handed_in(school, officer, again(BEFORE, 8), copy, title="又一处")
    for verifier in (principal, clerk):
        [hint] = hints_of([second], verifier)[second.pk]
        assert "另一案件" in hint["text"]
        assert [link["label"] for link in hint["links"]] == [first.number]


def test_the_very_same_file_is_pointed_out_too(school, officer, principal):
    hazard = handed_in(school, officer, BEFORE, AFTER)
    third = handed_in(school, officer, BEFORE, AFTER, title="又一处")
    assert len(texts(third, principal)) == 1
    handed_in(school, officer, BEFORE, AFTER, title="再一处")
    assert "2 个案件" in texts(hazard, principal)[0]


def test_another_districts_case_is_told_of_and_not_shown(
    elsewhere, school, officer, principal, clerk, city_clerk
):
    hazard = handed_in(school, officer, again(OTHER, 3), AFTER)
    for verifier in (principal, clerk):
        [hint] = hints_of([hazard], verifier)[hazard.pk]
        assert hint["links"] == []
    [hint] = hints_of([hazard], city_clerk)[hazard.pk]
    assert hint["links"][0]["label"] == elsewhere.number
    page = enter(clerk).get(f"/h/{hazard.number}/verify/").content.decode()
    assert "另一案件" in page
    for secret in (elsewhere.number, elsewhere.title, elsewhere.school.name):
        assert secret not in page


def test_after_that_is_the_photo_of_before(school, officer, principal):
    hazard = handed_in(school, officer, BEFORE, BEFORE.resize((480, 360)))
    assert "整改前照片相同" in texts(hazard, principal)[0]


def test_another_place_is_hinted_at_and_never_refused(school, officer, principal):
    hazard = handed_in(school, officer, *UNLIKE)
    [text] = texts(hazard, principal)
    assert "请自行比对" in text
    client = enter(principal)
    page = client.get(f"/h/{hazard.number}/close/")
    assert text in page.content.decode()
    assert client.post(f"/h/{hazard.number}/close/", {"closure": "rectified"}).status_code == 302


def test_a_merged_duplicate_shares_its_photos_rightly(school, officer, principal, clerk):
    stays = handed_in(school, officer, BEFORE, AFTER)
    twin = handed_in(school, officer, BEFORE, AFTER, title="同一处")
    hazards.merge(twin, actor=clerk, into=stays, note="同一处", now=timezone.now())
    assert texts(stays, principal) == []


@pytest.mark.parametrize("who", ["officer", "staff", "stranger", "auditor"])
def test_only_who_verifies_gets_hints(school, officer, who, request):
    hazard = handed_in(school, officer, BEFORE, BEFORE)
    assert hints_of([hazard], request.getfixturevalue(who)) == {}


def test_the_hints_cost_the_same_for_one_and_for_three(school, officer, clerk, django_assert_num_queries):
    rows = [handed_in(school, officer, place(n), again(place(n), n), title=f"{n}") for n in (4, 5, 6)]
    rows.append(handed_in(school, officer, place(4), again(place(4), 4), title="重复"))
    assert clerk.posts
    hints_of(rows[:1], clerk)  # content types
    for some in (rows[:1], rows):
        with django_assert_num_queries(5):
            hints_of(some, clerk)


def test_without_a_photo_of_after_nothing_is_compared(school, officer, clerk, django_assert_num_queries):
    now = timezone.now()
    hazard = report(
        school, actor=officer, title="堆物", place="楼道", source=Source.SNAP, found_at=now, now=now,
        category=Category.objects.get(code="XF"), proposed_grade=Grade.GENERAL, photos=[upload(BEFORE)],
    )  # fmt: skip
    assert hints_of([hazard], clerk) == {}


def test_the_re_check_of_a_notice_shows_the_hints(school, district, clerk, officer):
    notice = replied_at(school, district, clerk, officer, count=2)
    for item in notice.items.select_related("hazard__school"):
        hazards.supplement(
            item.hazard, actor=officer, measure="补充", photos=[upload(AFTER)], now=timezone.now()
        )
    Attachment.objects.filter(purpose="note").update(purpose="after")
    client = enter(clerk)
    page = client.get(f"/notices/{notice.pk}/review/")
    assert page.status_code == 200
    assert page.content.decode().count("另一案件") == 2
    assert queries_of(client, f"/notices/{notice.pk}/review/") < 40
