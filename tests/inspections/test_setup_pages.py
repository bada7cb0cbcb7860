"""Checklists, zones, points and labels; visits by a bureau."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from hazards.models import Category, Hazard
from hazards.workflow import NotAllowed, Source
from inspections.models import ChecklistTemplate, Inspection, Point, Zone
from inspections.services import checklists, points, visits
from schoolsafety.core.files import attachments_of

from .conftest import TUESDAY, picture

TEAM = [
    {"name": "陈涛", "unit": "区局", "certificate": "12"},
    {"name": "邢勇", "unit": "消防", "certificate": "7"},
]
SIGNED = {"head_name": "刘芳", "handling": "三日内更换"}
FACTS = {"form": "open", "subject": "冬季检查", "place": "教学楼", "inspected_on": date(2026, 11, 24)}


@pytest.fixture
def visit(district, school, clerk):
    return visits.open_visit(
        bureau=district, school=school, actor=clerk, values=FACTS, members=TEAM, categories=[], now=TUESDAY
    )


def test_a_published_checklist_never_changes(school, principal):
    built_in = ChecklistTemplate.objects.get(code="builtin")
    item = built_in.items.first()

    with pytest.raises(NotAllowed):
        checklists.save_item(built_in, actor=principal, values={"text": "x"}, item=item)
    with pytest.raises(NotAllowed):
        checklists.drop_item(item, actor=principal)


def test_a_school_changes_its_own_copy_and_publishes_the_next_version(client, school, principal):
    client.force_login(principal)
    built_in = ChecklistTemplate.objects.get(code="builtin")

    client.post(reverse("inspections:checklist_copy", args=[built_in.pk]))
    draft = ChecklistTemplate.objects.get(organisation=school)
    item = draft.items.get(code="XF-05")
    data = {
        "code": "XF-05", "category": "XF", "text": "楼梯畅通", "frequency": "D", "zone_kind": "teaching",
        "level_if_failed": "P", "kinds": ["primary"], "facility": "boarding", "phrases_text": "堵塞\n锁闭!",
    }  # fmt: skip
    client.post(reverse("inspections:item_edit", args=[draft.pk, item.pk]), data)
    client.post(reverse("inspections:checklist_publish", args=[draft.pk]), {"on": "2099-01-01"})

    item.refresh_from_db()
    draft.refresh_from_db()
    assert item.phrases == [{"text": "堵塞", "grade": "general"}, {"text": "锁闭", "grade": "major"}]
    assert (item.level_if_failed, item.kinds, item.facility) == ("P", ["primary"], "boarding")
    assert (draft.is_published, draft.items.count()) == (True, 245)
    assert built_in.items.get(code="XF-05").text != "楼梯畅通"


def test_a_code_stands_once_in_a_checklist(client, school, principal):
    client.force_login(principal)
    draft = checklists.copy_template(
        ChecklistTemplate.objects.get(code="builtin"), organisation=school, actor=principal
    )
    data = {"code": "XF-05", "category": "XF", "text": "新", "frequency": "D", "zone_kind": "teaching"}
    data["level_if_failed"] = "G"

    answer = client.post(reverse("inspections:item_new", args=[draft.pk]), data)

    assert answer.status_code == 400
    assert "code" in answer.context["form"].errors


def test_a_school_starts_with_the_zones_of_its_facilities(client, school, officer):
    client.force_login(officer)

    client.post(reverse("inspections:points", args=[school.pk]))
    client.post(reverse("inspections:points", args=[school.pk]))

    kinds = set(Zone.objects.filter(school=school).values_list("kind", flat=True))
    assert {"gate", "teaching", "canteen"} <= kinds
    assert "dormitory" not in kinds
    assert len(set(Point.objects.values_list("code", flat=True))) == Point.objects.count() > 5


def test_a_new_point_gets_a_free_code_and_keeps_it(school, officer):
    points.set_up_school(school)
    zone = school.zones.first()

    point = points.save_point(school, actor=officer, values={"name": "后门", "zone": zone})
    changed = points.save_point(school, actor=officer, values={"name": "西门"}, point=point)

    assert Point.objects.filter(code=point.code).count() == 1
    assert (changed.code, changed.token) == (point.code, point.token)


def test_only_the_school_changes_its_points(client, school, clerk, stranger):
    points.set_up_school(school)
    client.force_login(clerk)
    data = {"name": "新区", "kind": "gate", "order": "3", "is_active": "on"}
    assert client.post(reverse("inspections:zone_new", args=[school.pk]), data).status_code == 400
    client.force_login(stranger)
    assert client.post(reverse("inspections:zone_new", args=[school.pk]), data).status_code == 404


def test_a_label_opens_its_point_for_its_school_only(client, school, officer, stranger):
    points.set_up_school(school)
    point = Point.objects.first()
    client.force_login(officer)
    page = client.get(reverse("inspections:point", args=[point.token]))
    labels = client.get(reverse("inspections:labels", args=[school.pk]))
    client.force_login(stranger)

    assert point.name in page.text
    assert labels.content.startswith(b"%PDF")
    assert client.get(reverse("inspections:point", args=[point.token])).status_code == 404


def test_a_covert_visit_is_hidden_from_the_school_until_it_is_finished(client, visit, school, clerk, officer):
    Inspection.objects.update(form="covert")
    client.force_login(officer)
    address = reverse("inspections:visit", args=[visit.pk])
    assert client.get(address).status_code == 404

    visits.finish(visit, actor=clerk, values={"head_name": "刘芳"}, now=TUESDAY)

    assert client.get(address).status_code == 200


def test_what_a_visit_found_becomes_hazards_of_the_school(visit, clerk, district):
    visits.add_finding(
        visit,
        actor=clerk,
        title="灭火器失压",
        place="三层",
        proposed_grade="general",
        now=TUESDAY,
        photos=[picture()],
        category=Category.objects.get(code="XF"),
    )

    done = visits.finish(visit, actor=clerk, values=SIGNED, now=TUESDAY)

    hazard = Hazard.objects.get()
    assert (hazard.source, hazard.title, hazard.school) == (Source.INSPECTION, "灭火器失压", visit.school)
    assert hazard.category.code == "XF"
    assert attachments_of(hazard, "before").count() == 1
    assert done.number == f"{district.code}-JC-2026-0001"
    with pytest.raises(NotAllowed):
        visits.finish(done, actor=clerk, values={}, now=TUESDAY)


def test_a_team_of_one_is_refused(district, school, clerk):
    with pytest.raises(ValidationError):
        visits.open_visit(
            bureau=district,
            school=school,
            actor=clerk,
            values=FACTS,
            members=TEAM[:1],
            categories=[],
            now=TUESDAY,
        )


def test_a_refusal_needs_circumstances_and_a_witness(client, visit, clerk):
    client.force_login(clerk)
    address = reverse("inspections:visit_finish", args=[visit.pk])

    bad = client.post(address, {"is_signature_refused": "on"})
    good = client.post(address, {"is_signature_refused": "on", "refusal_note": "当场拒签", "witness": "社区"})

    assert bad.status_code == 400
    assert {"refusal_note", "witness"} <= set(bad.context["form"].errors)
    assert good.status_code == 302


def test_the_check_record_is_a_pdf_with_its_facts(client, visit, clerk):
    client.force_login(clerk)

    answer = client.get(reverse("inspections:visit_record", args=[visit.pk]))

    assert answer.content.startswith(b"%PDF")


def test_a_visit_is_opened_through_its_page(client, clerk, school):
    client.force_login(clerk)
    data = {
        "school": school.pk, "form": "open", "subject": "消防", "place": "食堂", "inspected_on": "2026-11-24",
        "member-TOTAL_FORMS": "2", "member-INITIAL_FORMS": "0", "member-MIN_NUM_FORMS": "2",
        "member-MAX_NUM_FORMS": "8", "member-0-name": "陈涛", "member-0-is_leader": "on",
        "member-1-name": "邢勇", "member-0-certificate": "12", "member-1-certificate": "7",
    }  # fmt: skip

    assert client.get(reverse("inspections:visit_new")).status_code == 200
    answer = client.post(reverse("inspections:visit_new"), data)

    assert answer.url == reverse("inspections:visit", args=[Inspection.objects.get().pk])
    assert client.get(answer.url).status_code == 200
