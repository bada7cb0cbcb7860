"""Inspections by a bureau, page by page and verb by verb."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from hazards.models import Category, Hazard
from hazards.workflow import NotAllowed
from inspections import documents
from inspections.models import Finding, Inspection
from inspections.services import visits
from schoolsafety.core.audit import history_of
from schoolsafety.core.files import attachments_of

from .conftest import TUESDAY, picture
from .test_setup_pages import FACTS, SIGNED, TEAM

QUERIES_OF_THE_LIST, QUERIES_OF_A_VISIT = 17, 18


@pytest.fixture
def fire(db):
    return Category.objects.get(code="XF")


@pytest.fixture
def visit(district, school, clerk, fire):
    return visits.open_visit(
        bureau=district, school=school, actor=clerk, values=FACTS | {"form": "covert"}, members=TEAM,
        categories=[fire], now=TUESDAY,
    )  # fmt: skip


@pytest.fixture
def page(client, clerk):
    with time_machine.travel(TUESDAY, tick=False):
        client.force_login(clerk)
        yield client


def url(name, visit, *more):
    return reverse(f"inspections:{name}", args=[visit.pk, *more])


def extinguisher(visit, clerk, **more):
    facts = {"title": "灭火器失压", "place": "三层", "proposed_grade": "general", "photos": [picture()]}
    return visits.add_finding(visit, actor=clerk, now=TUESDAY, **facts | more)


def form_of(**more):
    return {
        "school": "", "form": "open", "subject": "消防", "place": "食堂", "inspected_on": "2026-11-24",
        "member-TOTAL_FORMS": "2", "member-INITIAL_FORMS": "0", "member-MIN_NUM_FORMS": "2",
        "member-MAX_NUM_FORMS": "8", "member-0-name": "陈涛", "member-0-certificate": "12",
        "member-1-name": "邢勇", "member-1-certificate": "7",
    } | more  # fmt: skip


def test_the_checklist_is_answered_on_one_page_and_stands_in_the_record(page, visit):
    items = visit.template.items.filter(pk__in=visit.item_ids)
    first, second = items[:2]
    answers = {f"item-{first.pk}": "n", f"item-{second.pk}": "x"}

    assert page.get(url("visit_answers", visit)).status_code == 200
    page.post(url("visit_answers", visit), answers)
    page.post(url("visit_answers", visit), answers | {f"item-{second.pk}": ""})

    visit.refresh_from_db()
    record = str(documents.visit_record(visit))
    assert visit.answers == {str(first.pk): "ne"}
    assert first.text in record
    assert second.text not in record


def test_answers_that_no_page_offers_are_refused(page, visit, clerk, fire):
    bad = page.post(url("visit_answers", visit), {f"item-{visit.item_ids[0]}": "q"})
    other = visit.template.items.exclude(category=fire).first()

    assert bad.status_code == 400
    for answers in ({other.pk: "n"}, {visit.item_ids[0]: "q"}):
        with pytest.raises(ValidationError):
            visits.save_answers(visit, actor=clerk, answers=answers)


def test_a_finding_at_an_item_answers_it_and_takes_its_category(page, visit, clerk, fire):
    item = visit.template.items.get(code="XF-09")
    data = {"title": "灭火器失压", "place": "三层", "proposed_grade": "general", "item": item.pk}

    page.post(url("visit_finding", visit), data | {"photos": picture()})
    visits.finish(visit, actor=clerk, values=SIGNED, now=TUESDAY)

    visit.refresh_from_db()
    assert visit.answers == {str(item.pk): "pf"}
    assert (Hazard.objects.get().category, Hazard.objects.get().item_code) == (fire, "XF-09")


@pytest.mark.parametrize("missing", ["title", "place", "photos", "category"])
def test_a_finding_says_beside_the_field_what_is_missing(page, visit, missing):
    data = {
        "title": "灭火器失压", "place": "三层", "proposed_grade": "general", "category": "XF",
        "photos": picture(),
    }  # fmt: skip

    answer = page.post(url("visit_finding", visit), data | {missing: ""})

    assert answer.status_code == 400
    assert missing in answer.context["form"].errors
    assert not Finding.objects.exists()


def test_a_finding_taken_back_opens_its_item_again(page, visit, clerk):
    finding = extinguisher(visit, clerk, item=visit.template.items.get(code="XF-09"))

    page.post(url("visit_finding_drop", visit, finding.pk))

    visit.refresh_from_db()
    assert visit.answers == {}
    assert not Finding.objects.exists()


def test_nothing_changes_once_it_is_finished(page, visit, clerk, fire):
    finding = extinguisher(visit, clerk, category=fire)
    visits.finish(visit, actor=clerk, values=SIGNED, now=TUESDAY)

    page.post(url("visit_finding_drop", visit, finding.pk))
    page.post(url("visit_discard", visit))
    again = page.post(url("visit_finish", visit), SIGNED)

    assert Finding.objects.count() == Inspection.objects.count() == Hazard.objects.count() == 1
    assert again.status_code == 400


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"handling": ""}, "handling"),
        ({"head_name": ""}, "head_name"),
        ({"is_signature_refused": True, "witness": "社区"}, "refusal_note"),
        ({"is_signature_refused": True, "refusal_note": "拒签"}, "witness"),
    ],
)
def test_finishing_asks_for_the_facts_of_the_law(visit, clerk, fire, values, field):
    extinguisher(visit, clerk, category=fire)

    with pytest.raises(ValidationError) as reason:
        visits.finish(visit, actor=clerk, values=SIGNED | values, now=TUESDAY)

    assert field in reason.value.error_dict
    assert not Hazard.objects.exists()


def test_the_problems_found_are_written_out_from_the_findings(page, visit, clerk, fire):
    extinguisher(visit, clerk, category=fire)

    form = page.get(url("visit_finish", visit)).context["form"]

    assert form["problems_text"].value() == "1. 三层：灭火器失压。"
    assert form.fields["handling"].required


def test_a_refusal_is_recorded_without_a_signature(visit, clerk):
    refusal = {"is_signature_refused": True, "refusal_note": "称需请示", "witness": "社区王五"}

    done = visits.finish(visit, actor=clerk, values=refusal, now=TUESDAY)

    assert done.head_signed_at is None
    assert "社区王五" in str(documents.visit_record(done))
    assert next(event.verb for event in history_of(done)) == "inspections.finish_visit"


def test_a_covert_visit_shows_neither_itself_nor_its_photos_to_the_school(
    client, visit, clerk, principal, fire
):
    photo = attachments_of(extinguisher(visit, clerk, category=fire)).get()
    client.force_login(principal)
    addresses = [
        url("visit", visit), url("visit_record", visit), reverse("core:attachment", args=[photo.pk]),
        reverse("core:thumbnail", args=[photo.pk]),
    ]  # fmt: skip

    before = [client.get(address).status_code for address in addresses]
    listed = client.get(reverse("inspections:visits")).context["page"].rows
    visits.finish(visit, actor=clerk, values=SIGNED, now=TUESDAY)
    after = [client.get(address).status_code for address in addresses]

    assert before == [404] * 4
    assert listed == []
    assert after == [200] * 4


@pytest.mark.parametrize(
    "name", ["visit", "visit_answers", "visit_finding", "visit_finish", "visit_record", "visit_discard"]
)
def test_a_stranger_gets_404(client, stranger, visit, name):
    client.force_login(stranger)

    assert client.post(url(name, visit), {}).status_code == 404


def test_a_school_does_not_open_or_change_a_visit(client, visit, clerk, principal):
    visits.finish(visit, actor=clerk, values=SIGNED, now=TUESDAY)
    client.force_login(principal)

    assert client.get(reverse("inspections:visit_new")).status_code == 403
    assert client.post(url("visit_finish", visit), SIGNED).status_code == 400
    with pytest.raises(NotAllowed):
        extinguisher(visit, principal)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": ""}, {"is_joint": "on"}, {"member-1-name": "", "member-1-certificate": ""},
        {"member-1-certificate": ""}, {"inspected_on": "soon"},
    ],
)  # fmt: skip
def test_an_inspection_without_its_facts_is_not_opened(page, school, change):
    answer = page.post(reverse("inspections:visit_new"), form_of(school=school.pk) | change)

    assert answer.status_code == 400
    assert not Inspection.objects.exists()


def test_a_school_of_another_district_cannot_be_chosen(page, other_district, school):
    school.parent = other_district
    foreign = type(school).objects.create(code="JN1", name="江南一小", kind="primary", parent=other_district)

    answer = page.post(reverse("inspections:visit_new"), form_of(school=foreign.pk))

    assert "school" in answer.context["form"].errors


def test_a_visit_opened_by_mistake_goes_unless_it_holds_findings(page, visit, clerk, fire):
    finding = extinguisher(visit, clerk, category=fire)
    page.post(url("visit_discard", visit))
    assert Inspection.objects.exists()

    visits.drop_finding(finding, actor=clerk)
    answer = page.post(url("visit_discard", visit))

    assert answer.url == reverse("inspections:visits")
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(page, district, school, clerk, count, django_assert_num_queries):
    for _index in range(count):
        visits.open_visit(
            bureau=district, school=school, actor=clerk, values=FACTS, members=TEAM, categories=[],
            now=TUESDAY,
        )  # fmt: skip

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        answer = page.get(reverse("inspections:visits"))

    assert len(answer.context["page"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_visit_costs_the_same_with_few_and_many_findings(
    page, visit, clerk, fire, count, django_assert_num_queries
):
    for _index in range(count):
        extinguisher(visit, clerk, category=fire)

    with django_assert_num_queries(QUERIES_OF_A_VISIT):
        answer = page.get(url("visit", visit))

    assert len(answer.context["findings"]) == count
