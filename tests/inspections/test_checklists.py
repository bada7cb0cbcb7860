"""Checklists: out to a workbook and in again, in force by the nearest, published only forwards."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from hazards.workflow import NotAllowed
from inspections.models import ChecklistTemplate
from inspections.services import checklists
from schoolsafety.core import imports

from .conftest import TUESDAY

FIELDS = [name for name in checklists.ITEM_FIELDS if name != "order"]


@pytest.fixture
def builtin(db):
    return ChecklistTemplate.objects.get(code="builtin")


@pytest.fixture
def draft(builtin, school, principal):
    return checklists.copy_template(builtin, organisation=school, actor=principal)


def exported(client, template):
    answer = client.get(reverse("inspections:checklist_export", args=[template.pk]))
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


def uploaded(book):
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("我校清单.xlsx", stream.getvalue())


def content(template):
    return [tuple(str(getattr(item, name)) for name in FIELDS) for item in template.items.all()]


def test_what_goes_out_comes_in_again_unchanged_as_a_draft(client, builtin, school, principal):
    client.force_login(principal)

    batch = imports.preview(
        "checklist", uploaded(exported(client, builtin)), organisation=school, actor=principal, now=TUESDAY
    )
    assert [row["errors"] for row in batch.rows if row["errors"]] == []
    imports.accept(batch, actor=principal, now=TUESDAY)

    draft = ChecklistTemplate.objects.get(organisation=school)
    assert content(draft) == content(builtin)
    assert (draft.name, draft.version, draft.is_published) == ("我校清单", 1, False)


def test_a_wrong_cell_is_told_beside_its_row_and_nothing_is_written(client, builtin, school, principal):
    client.force_login(principal)
    book = exported(client, builtin)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    faults = {"类别": "没有这类", "频次": "天天", "适用学校": "市教育局", "所需设施": "火箭", "编号": "ZD-01"}
    for row, (head, value) in enumerate(faults.items(), start=3):
        sheet.cell(row, heads.index(head) + 1, value)

    batch = imports.preview("checklist", uploaded(book), organisation=school, actor=principal, now=TUESDAY)

    wrong = {head for row in batch.rows for head in row["errors"]}
    assert wrong == set(faults)
    with pytest.raises(ValidationError):
        imports.accept(batch, actor=principal, now=TUESDAY)
    assert not ChecklistTemplate.objects.filter(organisation=school).exists()


def test_the_nearest_checklist_upwards_is_in_force(builtin, city, district, school, neighbour, city_clerk):
    today = TUESDAY.date()
    clerks = {}
    for place in (city, district):
        draft = checklists.copy_template(builtin, organisation=place, actor=city_clerk)
        clerks[place] = checklists.publish(draft, actor=city_clerk, on=today, now=TUESDAY)

    assert checklists.template_for(school, today) == clerks[district]
    assert checklists.template_for(city, today) == clerks[city]
    assert checklists.template_for(school, date(2026, 11, 23)) == builtin


def test_the_next_version_ends_the_one_before(builtin, school, principal):
    first = checklists.copy_template(builtin, organisation=school, actor=principal)
    checklists.publish(first, actor=principal, on=date(2026, 11, 24), now=TUESDAY)
    second = checklists.copy_template(first, organisation=school, actor=principal)
    checklists.publish(second, actor=principal, on=date(2026, 12, 1), now=TUESDAY)

    first.refresh_from_db()
    assert (first.effective_to, second.version) == (date(2026, 11, 30), 2)
    assert checklists.template_for(school, date(2026, 11, 30)) == first
    assert checklists.template_for(school, date(2026, 12, 1)) == second


def test_publishing_in_the_past_or_empty_is_refused_on_the_page(client, draft, principal):
    client.force_login(principal)
    address = reverse("inspections:checklist_publish", args=[draft.pk])

    past, never = client.post(address, {"on": "2020-01-01"}), client.post(address, {"on": ""})
    draft.items.all().delete()
    empty = client.post(address, {"on": "2099-01-01"})

    assert [answer.status_code for answer in (past, never, empty)] == [400, 400, 400]
    assert "on" in past.context["publish_form"].errors
    assert not ChecklistTemplate.objects.get(pk=draft.pk).is_published


def test_a_draft_of_the_bureau_is_not_shown_to_its_schools(client, builtin, district, clerk, principal):
    draft = checklists.copy_template(builtin, organisation=district, actor=clerk)
    address = reverse("inspections:checklist", args=[draft.pk])
    client.force_login(principal)
    assert client.get(address).status_code == 404

    checklists.publish(draft, actor=clerk, on=date(2099, 1, 1), now=TUESDAY)

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["checklist", "checklist_export", "item_new"])
def test_a_strangers_checklist_is_404(client, draft, stranger, name):
    client.force_login(stranger)

    assert client.get(reverse(f"inspections:{name}", args=[draft.pk])).status_code == 404


def test_nobody_else_changes_a_draft_not_even_who_sees_it(client, draft, clerk, staff, stranger):
    item = draft.items.first()
    for person in (staff, stranger):
        with pytest.raises(NotAllowed):
            checklists.drop_item(item, actor=person)
    client.force_login(staff)

    answer = client.post(reverse("inspections:item_drop", args=[draft.pk, item.pk]))

    assert answer.status_code == 302
    assert draft.items.filter(pk=item.pk).exists()
    assert client.post(reverse("inspections:checklist_copy", args=[draft.pk])).status_code == 403


def test_an_item_is_added_at_the_end_and_taken_out(client, draft, principal):
    client.force_login(principal)
    data = {
        "code": "ZZ-01", "category": "XF", "text": "新项", "frequency": "D", "zone_kind": "gate",
        "level_if_failed": "G", "phrases_text": "坏了\n!\n",
    }  # fmt: skip

    client.post(reverse("inspections:item_new", args=[draft.pk]), data)
    item = draft.items.last()
    assert (item.code, item.phrases) == ("ZZ-01", [{"text": "坏了", "grade": "general"}])
    client.post(reverse("inspections:item_drop", args=[draft.pk, item.pk]))

    assert draft.items.count() == 245


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, builtin, school, principal, count, django_assert_num_queries):
    for _index in range(count):
        checklists.copy_template(builtin, organisation=school, actor=principal)
    client.force_login(principal)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        answer = client.get(reverse("inspections:checklists"))

    assert len(answer.context["rows"]) == count + 1


QUERIES_OF_THE_LIST = 16
