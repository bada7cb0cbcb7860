"""The pages of the lottery of look-backs: freeze, draw, download, check; and for whom they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from supervision.look_back_pages import recomputed
from supervision.models import Draw, LookBack
from supervision.services import lottery
from supervision.workflow.lottery import DrawStatus
from tests.factories import HazardFactory
from tests.supervision.stop_ways import fields_of, url

DRAWS = reverse("supervision:draws")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def freeze(district, clerk, now, today):
    def made(**changes):
        values = {
            "closed_from": today - timedelta(days=9), "closed_to": today, "size": 3, "due_on": today,
            "seed_kind": "sealed",
        }  # fmt: skip
        return lottery.freeze(district, actor=clerk, now=now, **(values | changes))

    return made


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_freeze_draw_download_and_check(client, school, district, clerk, leader, today):
    hazards = [HazardFactory(school=school, closed=True, closed_by=leader) for _index in range(6)]
    client.force_login(clerk)
    address = reverse("supervision:draw_new")
    assert client.get(address).status_code == 200
    data = {
        "organisation": district.pk, "closed_from": today - timedelta(days=5), "closed_to": today,
        "grade": "", "category": "", "size": "2", "due_on": today + timedelta(days=10), "seed_kind": "sealed",
        "seed_origin": "",
    }  # fmt: skip
    answer = client.post(address, data | {"closed_to": today - timedelta(days=9)})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"closed_to"}
    assert client.post(address, data).status_code == 302
    draw = Draw.objects.get()
    page = client.get(draw.get_absolute_url()).content.decode()
    assert draw.seed_hash in page
    assert draw.population_hash in page
    assert draw.seed not in page
    assert client.get(url("draw_perform", draw)).status_code == 200  # asks, does not draw
    assert Draw.objects.get().status == DrawStatus.FROZEN
    assert client.post(url("draw_perform", draw)).status_code == 302
    draw.refresh_from_db()
    page = client.get(draw.get_absolute_url()).content.decode()
    assert draw.seed in page
    for number, _ticket in draw.picks:
        assert number in page
    answer = client.get(url("draw_population", draw))
    assert answer.content == draw.population.encode()
    assert answer["Content-Disposition"].endswith('.csv"')
    assert recomputed(draw)
    assert {look.hazard for look in LookBack.objects.all()} < set(hazards)
    assert client.post(url("draw_perform", draw)).status_code == 400


def test_a_tampered_draw_is_not_recomputed(school, freeze, clerk, now):
    for _index in range(4):
        HazardFactory(school=school, closed=True)
    draw = lottery.perform(freeze(size=2), actor=clerk, now=now)
    assert recomputed(draw)
    draw.picks = draw.picks[::-1]
    assert not recomputed(draw)


def test_a_public_number_is_typed_in(client, school, freeze, clerk):
    HazardFactory(school=school, closed=True)
    draw = freeze(seed_kind="public", seed_origin="双色球2026136期")
    client.force_login(clerk)
    assert "双色球2026136期" in client.get(draw.get_absolute_url()).content.decode()
    answer = client.post(url("draw_perform", draw), {"seed": ""})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"seed"}
    assert client.post(url("draw_perform", draw), {"seed": "03 11 17"}).status_code == 302
    assert Draw.objects.get().seed == "03 11 17"


def test_a_draw_is_given_up_with_a_reason(client, school, freeze, clerk):
    HazardFactory(school=school, closed=True)
    draw = freeze()
    client.force_login(clerk)
    assert client.get(url("draw_cancel", draw)).status_code == 200
    assert client.post(url("draw_cancel", draw), {"note": ""}).status_code == 400
    assert client.post(url("draw_cancel", draw), {"note": "时段选错"}).status_code == 302
    page = client.get(draw.get_absolute_url()).content.decode()
    assert "时段选错" in page
    assert draw.seed not in page
    assert client.post(url("draw_cancel", draw), {"note": "再来"}).status_code == 400


@pytest.mark.parametrize("who", ["stranger", "officer", "admin"])
def test_whom_a_draw_does_not_concern_finds_nothing(client, school, freeze, request, who):
    HazardFactory(school=school, closed=True)
    draw = freeze()
    before = fields_of(draw)
    client.force_login(request.getfixturevalue(who))
    for name in ("draw", "draw_population"):
        assert client.get(url(name, draw)).status_code == 404
    for name in ("draw_perform", "draw_cancel"):
        assert client.get(url(name, draw)).status_code == 404
        assert client.post(url(name, draw), {"note": "x"}).status_code == 404
    assert client.get(reverse("supervision:draw_new")).status_code == 403
    assert client.get(DRAWS).status_code == 200
    assert draw.seed_hash not in client.get(DRAWS).content.decode()
    assert fields_of(draw) == before


def test_an_auditor_reads_a_draw_and_cannot_draw(client, school, freeze, auditor):
    HazardFactory(school=school, closed=True)
    draw = freeze()
    client.force_login(auditor)
    page = client.get(draw.get_absolute_url())
    assert page.status_code == 200
    assert not page.context["may_act"]
    assert client.post(url("draw_perform", draw)).status_code == 400
    assert Draw.objects.get().status == DrawStatus.FROZEN


def test_the_script_is_handed_out(client, officer):
    client.force_login(officer)
    answer = client.get(reverse("supervision:lottery_script"))
    assert b"hashlib.sha256" in b"".join(answer.streaming_content)


def test_draws_cost_the_same_for_one_and_for_three(client, school, freeze, clerk, now):
    for _index in range(4):
        HazardFactory(school=school, closed=True)
    client.force_login(clerk)
    first = freeze(size=1)
    cost(client, DRAWS)
    one = cost(client, DRAWS)
    freeze(), freeze()
    assert cost(client, DRAWS) == one
    few = lottery.perform(first, actor=clerk, now=now)
    many = lottery.perform(freeze(size=3), actor=clerk, now=now)
    cost(client, url("draw", few))
    assert cost(client, url("draw", many)) == cost(client, url("draw", few))


def test_the_list_leaves_the_populations_in_the_database(client, school, freeze, clerk):
    HazardFactory(school=school, closed=True)
    freeze()
    client.force_login(clerk)
    with CaptureQueriesContext(connection) as queries:
        client.get(DRAWS)
    asked = [query["sql"] for query in queries if "supervision_draw" in query["sql"]]
    assert asked
    assert not [sql for sql in asked if '"population"' in sql]
