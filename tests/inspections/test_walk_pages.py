"""The pages of a walk: one press at a time with htmx, what others see, what is refused, what it costs."""

import pytest
import time_machine
from django.urls import reverse

from hazards.models import Hazard
from inspections.models import Finding, Patrol
from inspections.services import patrols
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Attachment
from schoolsafety.core.roles import Role
from tests.factories import OrganisationFactory, UserFactory

from .conftest import TUESDAY, picture

QUERIES = {"walk": 17, "review": 17, "receipt": 17, "finding": 18}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def page(client, officer, walk):
    with time_machine.travel(TUESDAY, tick=False):
        client.force_login(officer)
        yield client


@pytest.fixture
def plain(walk):
    """An item of the walk that was not drawn for a photo."""
    return next(pk for pk in walk.item_ids if pk not in walk.photo_item_ids)


def url(name, walk, *more):
    return reverse(f"inspections:{name}", args=[walk.pk, *more])


def found(page, walk, item, **more):
    data = {"photos": picture(), "note": "门锁坏", "proposed_grade": "general"} | more
    return page.post(url("finding", walk, item), data)


def test_a_press_with_htmx_brings_back_the_item_and_the_counts_only(page, walk, plain):
    answer = page.post(url("walk", walk), {"answer": f"{plain}:n"}, **HTMX)

    walk.refresh_from_db()
    assert walk.answers == {str(plain): "ne"}
    assert answer.text.count('class="item"') == 1
    assert f'id="i{plain}"' in answer.text
    assert 'id="progress" hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text


def test_the_rest_with_htmx_brings_back_the_zone(page, walk, plain):
    zone = next(z for z in page.get(url("walk", walk)).context["zones"] if plain in z["ids"])

    answer = page.post(url("walk", walk), {"rest": zone["key"]}, **HTMX)

    assert answer.text.count('class="item"') == zone["total"]
    assert 'name="undo"' in answer.text
    assert page.post(url("walk", walk), {"undo": zone["key"]}, **HTMX).status_code == 200
    walk.refresh_from_db()
    assert walk.answers == {}


def test_a_refused_press_with_htmx_shows_the_whole_page_with_the_reason(page, walk):
    answer = page.post(url("walk", walk), {"answer": f"{walk.photo_item_ids[0]}:n"}, **HTMX)

    assert answer["HX-Redirect"] == url("walk", walk)
    assert "拍" in "".join(str(m) for m in page.get(url("walk", walk)).context["messages"])


def test_a_press_after_the_walk_was_handed_in_leads_to_the_receipt(page, whole_walk, officer, plain):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)

    answer = page.post(url("walk", whole_walk), {"answer": f"{plain}:x"}, **HTMX)

    assert answer["HX-Redirect"] == url("receipt", whole_walk)
    assert Patrol.objects.get().not_applicable_count == 0


@pytest.mark.parametrize("press", [{"answer": "abc:n"}, {"rest": "nowhere"}, {"undo": ""}, {}])
def test_a_press_that_no_page_sends_is_404(page, walk, press):
    assert page.post(url("walk", walk), press).status_code == 404


def test_others_see_the_walk_without_buttons(client, principal, clerk, walk):
    for person in (principal, clerk):
        client.force_login(person)
        text = client.get(url("walk", walk)).text
        assert 'name="answer"' not in text
        assert "李明" in text


def test_another_person_cannot_note_a_finding_or_hand_in(client, principal, whole_walk, plain):
    client.force_login(principal)

    answer = found(client, whole_walk, plain)
    handed = client.post(url("review", whole_walk), {"note": ""})

    assert (answer.status_code, handed.status_code) == (400, 400)
    assert not Finding.objects.exists()
    assert Patrol.objects.get().status == "walking"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"note": ""}, "note"),
        ({"photos": ""}, "photos"),
        ({"is_fixed_on_spot": "on"}, "after_photos"),
        ({"is_fixed_on_spot": "on", "proposed_grade": "major"}, "is_fixed_on_spot"),
        ({"proposed_grade": "huge"}, "proposed_grade"),
    ],
)
def test_a_finding_says_beside_the_field_what_is_missing(page, walk, plain, change, field):
    answer = found(page, walk, plain, **change)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Finding.objects.exists()


def test_a_finding_said_again_keeps_its_photos_and_needs_no_new_one(page, walk, plain):
    found(page, walk, plain)
    again = found(page, walk, plain, photos="", note="门锁坏，钥匙断在里面")

    finding = Finding.objects.get()
    assert again.status_code == 302
    assert finding.note == "门锁坏，钥匙断在里面"
    assert attachments_of(finding, "before").count() == 1


def test_an_item_that_is_fine_after_all_leaves_neither_finding_nor_photo(page, walk, plain):
    found(page, walk, plain)

    page.post(url("walk", walk), {"answer": f"{plain}:n"})

    assert not Finding.objects.exists()
    assert not Attachment.objects.exists()


def test_handing_in_twice_shows_the_same_receipt(page, whole_walk):
    first = page.post(url("review", whole_walk), {"note": ""})
    second = page.post(url("review", whole_walk), {"note": "again"})

    assert first.url == second.url == url("receipt", whole_walk)
    assert Patrol.objects.get().note == ""


def test_the_receipt_shows_every_answer_with_its_photo(page, whole_walk, plain):
    found(page, whole_walk, plain)
    page.post(url("review", whole_walk), {"note": ""})

    answer = page.get(url("receipt", whole_walk))

    photo = attachments_of(whole_walk).first()
    assert answer.text.count('class="item"') == len(whole_walk.item_ids)
    assert reverse("core:thumbnail", args=[photo.pk]) in answer.text
    assert Hazard.objects.get().number in answer.text
    assert 'name="answer"' not in answer.text


def test_a_late_entry_asks_for_its_reason_beside_the_field(page, whole_walk):
    Patrol.objects.update(started_at=TUESDAY - (TUESDAY - TUESDAY.replace(day=22)))

    answer = page.post(url("review", whole_walk), {"note": ""})

    assert answer.status_code == 400
    assert "note" in answer.context["form"].errors


def test_a_bad_day_for_a_late_entry_is_said_on_the_page(page):
    for day in ("2026-12-24", "2026-01-01", "soon"):
        answer = page.post(reverse("inspections:today"), {"late": "1", "day": day})
        assert answer.status_code == 400
        assert answer.context["late_form"].errors
    assert Patrol.objects.count() == 1


def test_a_person_of_two_schools_chooses_where_to_walk(client, school, district, term, neighbour):
    other = OrganisationFactory(parent=district, code="JB009")
    person = UserFactory(post=(school, Role.SAFETY_OFFICER))
    person.held_posts.create(organisation=other, role=Role.SAFETY_OFFICER, starts_on="2020-01-01")
    client.force_login(person)

    page = client.get(reverse("inspections:today"), {"school": other.pk})
    with time_machine.travel(TUESDAY, tick=False):
        client.post(reverse("inspections:today"), {"school": other.pk})

    assert [row.code for row in page.context["schools"]] == ["JB001", "JB009"]
    assert Patrol.objects.get().school == other
    assert client.get(reverse("inspections:today"), {"school": neighbour.pk}).status_code == 404


@pytest.mark.parametrize("count", [3, 40])
@pytest.mark.parametrize("name", ["walk", "review", "receipt"])
def test_a_page_of_a_walk_costs_the_same_with_few_and_many_items(
    page, whole_walk, officer, name, count, django_assert_num_queries
):
    ids = whole_walk.item_ids[:count]
    Patrol.objects.update(item_ids=ids, answers={str(pk): "ne" for pk in ids})
    if name == "receipt":
        patrols.submit(Patrol.objects.get(), actor=officer, now=TUESDAY)

    with django_assert_num_queries(QUERIES[name]):
        answer = page.get(url(name, whole_walk))

    assert answer.status_code == 200


def test_a_finding_page_costs_a_fixed_number_of_queries(page, walk, plain, django_assert_num_queries):
    found(page, walk, plain)

    with django_assert_num_queries(QUERIES["finding"]):
        page.get(url("finding", walk, plain))
