"""The pages of the walk and the lists, as a browser without JavaScript asks for them."""

from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from hazards.models import Hazard
from inspections.models import Patrol
from inspections.services import patrols, plan

from .conftest import TUESDAY, picture

QUERIES_OF_THE_LIST = 16


@pytest.fixture
def at_seven():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def page(client, officer, walk, at_seven):
    client.force_login(officer)
    return client


def url(name, walk, *more):
    return reverse(f"inspections:{name}", args=[walk.pk, *more])


def test_a_whole_walk_by_plain_forms(page, walk, school):
    answer = page.post(reverse("inspections:today"))
    assert answer.url == url("walk", walk)
    for pk in walk.photo_item_ids:
        page.post(url("photo", walk, pk), {"photo": picture()})
    bad = next(pk for pk in walk.item_ids if pk not in walk.photo_item_ids)
    assert page.post(url("walk", walk), {"answer": f"{bad}:p"}).url == url("finding", walk, bad)
    page.post(url("finding", walk, bad), {"photos": picture(), "note": "门锁坏", "proposed_grade": "general"})
    for zone in page.get(url("walk", walk)).context["zones"]:
        page.post(url("walk", walk), {"rest": zone["key"]})

    review = page.get(url("review", walk))
    done = page.post(url("review", walk), {"note": ""}, follow=True)

    assert review.context["missing"] == []
    assert "已提交" in done.text
    assert f"XC{school.code}-20261124-1" in done.text
    assert Hazard.objects.get().title == "门锁坏"


def test_the_review_lists_exactly_what_is_missing(page, walk, officer):
    left = walk.item_ids[:4]
    Patrol.objects.filter(pk=walk.pk).update(answers={str(pk): "ne" for pk in walk.item_ids[4:]})

    answer = page.post(url("review", walk), {"note": ""})

    assert answer.status_code == 400
    assert [line["pk"] for line in answer.context["missing"]] == [
        pk for zone in answer.context["zones"] for pk in zone["ids"] if pk in left
    ]


def test_a_bad_photo_is_refused_beside_the_field_and_the_words_stay(page, walk):
    fake = SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")
    data = {"photos": fake, "note": "门锁坏了", "proposed_grade": "general"}

    answer = page.post(url("finding", walk, walk.item_ids[0]), data)

    assert answer.status_code == 400
    assert "photos" in answer.context["form"].errors
    assert "门锁坏了" in answer.text


@pytest.mark.parametrize("name", ["walk", "review", "receipt"])
def test_a_stranger_gets_404(client, stranger, walk, name):
    client.force_login(stranger)

    assert client.get(url(name, walk)).status_code == 404
    assert client.post(url(name, walk), {"rest": "gate"}).status_code == 404


def test_the_bureau_reads_but_does_not_answer(client, clerk, walk, at_seven):
    client.force_login(clerk)
    assert client.get(url("walk", walk)).status_code == 200

    client.post(url("walk", walk), {"rest": "teaching"})

    walk.refresh_from_db()
    assert walk.answers == {}


def test_the_walk_costs_the_same_with_few_and_many_items(page, walk, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        page.get(url("walk", walk))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_patrols_costs_the_same(
    client, clerk, whole_walk, officer, count, django_assert_num_queries
):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    done = Patrol.objects.get()
    for number in range(2, count + 1):
        done.pk, done.round, done.number = None, number, f"XC-{number}"
        done.client_uuid = f"00000000-0000-4000-8000-00000000000{number}"
        done.save(force_insert=True)
    client.force_login(clerk)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        answer = client.get(reverse("inspections:patrols"))

    assert len(answer.context["page"].rows) == count


def test_the_workbook_holds_what_is_filtered(client, clerk, whole_walk, officer, neighbour):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    client.force_login(clerk)

    full = client.get(reverse("inspections:patrols"), {"export": "1"})
    none = client.get(reverse("inspections:patrols"), {"export": "1", "within": neighbour.pk})

    rows = list(load_workbook(BytesIO(b"".join(full.streaming_content))).active.values)
    assert [rows[0][0], rows[1][0]] == ["编号", Patrol.objects.get().number]
    assert len(list(load_workbook(BytesIO(b"".join(none.streaming_content))).active.values)) == 1


def test_the_day_names_the_silent_schools(client, clerk, school, neighbour, term, whole_walk, officer):
    plan.plan_day(TUESDAY.date())
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    client.force_login(clerk)

    answer = client.get(reverse("inspections:day"), {"day_shown": "2026-11-24"})

    assert [row.school for row in answer.context["silent"]] == [neighbour]
    assert (answer.context["silent_count"], answer.context["total"]) == (1, 2)
