"""Zones, points and labels through their pages."""

import pytest
from django.urls import reverse

from inspections.models import Point, Zone
from inspections.services import points

NAMES = ["points", "labels", "point_new", "zone_new"]
QUERIES_OF_THE_LIST = 15


@pytest.fixture
def placed(school):
    points.set_up_school(school)
    return school


@pytest.fixture
def page(client, officer, placed):
    client.force_login(officer)
    return client


def test_four_digits_open_the_point_of_ones_own_school(page, placed, neighbour, stranger, client):
    points.set_up_school(neighbour)
    point = Point.objects.get(school=placed, code="1001")
    address = reverse("inspections:point_find")

    assert page.get(address, {"code": " 1001 "}).url == reverse("inspections:point", args=[point.token])
    assert page.get(address, {"code": "9999"}).url == reverse("inspections:today")
    assert "9999" in "".join(str(m) for m in page.get(reverse("inspections:today")).context["messages"])


def test_a_point_is_renamed_moved_and_taken_out_of_use_but_keeps_its_label(page, placed):
    point = Point.objects.get(code="1001")
    zone = placed.zones.get(kind="teaching")
    data = {"name": "南门", "zone": zone.pk, "risk": "1"}

    page.post(reverse("inspections:point_edit", args=[placed.pk, point.pk]), data)

    changed = Point.objects.get(pk=point.pk)
    assert (changed.name, changed.zone, changed.risk, changed.is_active) == ("南门", zone, "1", False)
    assert (changed.code, changed.token) == (point.code, point.token)
    assert page.get(reverse("inspections:point_find"), {"code": "1001"}).url == reverse("inspections:today")


def test_a_zone_is_renamed_and_reordered(page, placed):
    zone = placed.zones.get(kind="grounds")

    page.post(
        reverse("inspections:zone_edit", args=[placed.pk, zone.pk]),
        {"name": "大操场", "kind": "grounds", "order": "0", "is_active": "on"},
    )

    zone.refresh_from_db()
    assert (zone.name, zone.order, zone.is_active) == ("大操场", 0, True)


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("zone_new", {"name": "教学楼", "kind": "teaching", "order": "1"}, "name"),
        ("zone_new", {"name": "", "kind": "moon", "order": "1"}, "kind"),
        ("point_new", {"name": "后门", "zone": "", "risk": "3"}, "zone"),
    ],
)
def test_bad_input_is_told_beside_its_field(page, placed, name, data, field):
    before = Zone.objects.count(), Point.objects.count()

    answer = page.post(reverse(f"inspections:{name}", args=[placed.pk]), data)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert (Zone.objects.count(), Point.objects.count()) == before


def test_a_point_cannot_be_put_into_another_schools_zone(page, placed, neighbour):
    zone = points.set_up_school(neighbour)[0]
    data = {"name": "后门", "zone": zone.pk, "risk": "3"}

    answer = page.post(reverse("inspections:point_new", args=[placed.pk]), data)

    assert "zone" in answer.context["form"].errors


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_gets_404(client, stranger, placed, name):
    client.force_login(stranger)

    assert client.get(reverse(f"inspections:{name}", args=[placed.pk])).status_code == 404


def test_the_bureau_reads_but_sets_nothing_up(client, clerk, school):
    client.force_login(clerk)
    address = reverse("inspections:points", args=[school.pk])

    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 403
    assert not Zone.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_few_and_many_zones(page, placed, count, django_assert_num_queries):
    kept = list(Zone.objects.values_list("pk", flat=True)[:count])
    Point.objects.exclude(zone__in=kept).delete()
    Zone.objects.exclude(pk__in=kept).delete()

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        answer = page.get(reverse("inspections:points", args=[placed.pk]))

    assert len(answer.context["zones"]) == count


def test_the_digits_of_a_point_mean_nothing_to_someone_without_a_school(client, clerk, placed):
    client.force_login(clerk)

    answer = client.get(reverse("inspections:point_find"), {"code": "1001"})

    assert answer.url == reverse("inspections:today")
