"""Every page of a listing, for those it is for and for strangers; every write with its refusals."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards.models import Hazard
from hazards.workflow import Status
from schoolsafety.core.roles import Role
from supervision.models import Listing
from supervision.services import listing_running
from supervision.workflow.listing import ListingStatus, ReportState
from tests.factories import HazardFactory, UserFactory
from tests.inspections.conftest import picture
from tests.supervision.listing_ways import (
    PUBLIC,
    accepted_at,
    act_url,
    applied_at,
    delisted_at,
    draft_at,
    fresh,
    listed_at,
    major_at,
    published_at,
    reported_at,
    state_of,
    url,
)

LIST, WAITING, NEW = (
    reverse(f"supervision:{name}") for name in ("listings", "listings_waiting", "listing_new")
)
ACTS = [
    "issue", "discard", "publish", "unpublish", "report", "extension", "decide", "apply", "accept", "delist",
    "lift", "hand-over", "publish-delisting",
]  # fmt: skip


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def enter(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def listed(school, district, clerk, leader, now):
    return listed_at(school, district, clerk, leader, now=now)


def form_data(page, **changes):
    """What the form on a page sends when nothing was changed."""
    form = page.context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, False):
            data[field.html_name] = value.pk if hasattr(value, "pk") else value
    return data | changes


def test_a_listing_goes_its_whole_way_by_plain_forms(
    enter, school, district, clerk, leader, officer, principal, now
):
    hazard = major_at(school, due_on=timezone.localdate(now))
    address = f"{NEW}?hazard={hazard.number}"
    data = form_data(enter(clerk).get(address), demands="立即封闭外廊", contact="陈涛 0000-5550100")
    assert enter(clerk).post(address, data).status_code == 302
    listing = Listing.objects.get()
    assert (listing.demands, listing.stages.count()) == ("立即封闭外廊", 2)
    assert enter(leader).get(act_url(listing, "issue")).status_code == 200
    assert enter(leader).post(act_url(listing, "issue")).status_code == 302
    words = PUBLIC | {"is_checked": "on"}
    assert enter(leader).post(act_url(listing, "publish"), words).status_code == 302
    stage = listing.stages.first()
    progress = {"text": "已拆除", "protection": "封闭", "stages": [stage.pk], "photos": [picture()]}
    assert enter(officer).post(act_url(listing, "report"), progress).status_code == 302
    report = listing.reports.get()
    answer = {"state": "read", "answer": ""}
    assert enter(clerk).post(url("listing_report", report), answer).status_code == 302
    later = listing.due_on + timedelta(days=20)
    ask = {"due_on": later, "reason": "到货迟", "safeguards": "继续封闭"}
    assert enter(principal).post(act_url(listing, "extension"), ask).status_code == 302
    assert enter(leader).post(act_url(listing, "decide"), {"is_granted": "1"}).status_code == 302
    assert fresh(listing).due_on == later
    end = {"assessment": "全部更换", "assessed_by": "检测站", "photos": [picture()]}
    assert enter(officer).post(act_url(listing, "apply"), end).status_code == 302
    found = {"is_passed": "1", "people": "陈涛、周琳", "opinion": "合格", "photos": [picture()]}
    assert enter(clerk).post(act_url(listing, "accept"), found).status_code == 302
    assert enter(leader).post(act_url(listing, "delist"), {"note": ""}).status_code == 302
    assert enter(leader).post(act_url(listing, "publish-delisting")).status_code == 302
    page = enter(officer).get(listing.get_absolute_url())
    assert page.status_code == 200
    assert fresh(listing).status == ListingStatus.DELISTED
    assert fresh(listing).delisting_number in [line["what"].split("：")[-1].split(" · ")[0]
                                               for line in page.context["lines"]]  # fmt: skip


def test_the_draft_can_be_changed_and_withdrawn(enter, school, district, clerk, now):
    draft = draft_at(school, district, clerk, now=now, responsible="校长")
    page = enter(clerk).get(url("listing_edit", draft))
    data = form_data(page, demands="改后的要求", stage_1="", stage_1_by="")
    assert enter(clerk).post(url("listing_edit", draft), data).status_code == 302
    assert fresh(draft).demands == "改后的要求"
    again = enter(clerk).post(url("listing_edit", draft), data)  # the version is old by now
    assert again.status_code == 400
    assert enter(clerk).post(act_url(draft, "discard"), {"note": "另行处理"}).status_code == 302
    assert fresh(draft).status == ListingStatus.WITHDRAWN
    assert enter(clerk).get(url("listing_edit", draft)).status_code == 403


def test_bad_words_are_kept_and_told_beside_their_field(enter, school, clerk, now):
    hazard = major_at(school)
    address = f"{NEW}?hazard={hazard.number}"
    start = form_data(enter(clerk).get(address))
    no_stages = {name: "" for n in (1, 2, 3) for name in (f"stage_{n}", f"stage_{n}_by")}
    for name, changes in {
        "due_on": no_stages | {"due_on": timezone.localdate(now)}, "demands": {"demands": ""},
        "stage_1_by": {"stage_1": "封闭", "stage_1_by": ""}, "stage_4": {"stage_4_by": start["due_on"]},
        "stage_2_by": {"stage_2": "过晚", "stage_2_by": start["due_on"] + timedelta(days=9)},
        "plan_due_on": no_stages | {"plan_due_on": start["due_on"] + timedelta(days=1)},
    }.items():  # fmt: skip
        page = enter(clerk).post(address, start | {"situation": "我写的话"} | changes)
        assert page.status_code == 400, name
        assert name in page.context["form"].errors, (name, page.context["form"].errors)
        assert "我写的话" in page.content.decode()
    assert not Listing.objects.exists()


def test_a_draft_for_what_cannot_be_listed_is_refused_in_words(enter, school, clerk):
    general = HazardFactory(school=school, rectifying=True)
    page = enter(clerk).get(f"{NEW}?hazard={general.number}")
    assert page.status_code == 403
    assert page.context["refusal"]


def test_a_school_and_a_stranger_find_no_way_to_list(enter, school, officer, stranger):
    hazard = major_at(school)
    for user in (officer, stranger):
        for address in (WAITING, f"{NEW}?hazard={hazard.number}"):
            assert enter(user).get(address).status_code == 404
            assert enter(user).post(address, {}).status_code == 404
    assert not Listing.objects.exists()


@pytest.mark.parametrize("action", ACTS)
def test_a_stranger_finds_nothing_to_do(enter, listed, stranger, action):
    before = state_of(listed)
    client = enter(stranger)
    assert client.get(act_url(listed, action)).status_code == 404
    assert client.post(act_url(listed, action), {"note": "x"}).status_code == 404
    assert state_of(listed) == before


@pytest.mark.parametrize("name", ["listing", "listing_edit", "listing_preview"])
def test_a_stranger_and_another_district_see_nothing(enter, listed, stranger, other_district, name):
    foreign = UserFactory(post=(other_district, Role.DISTRICT_LEADER))
    for user in (stranger, foreign):
        assert enter(user).get(url(name, listed)).status_code == 404


@pytest.mark.parametrize("action", ACTS)
def test_who_only_reads_is_refused_in_words(enter, listed, auditor, staff, action):
    before = state_of(listed)
    for user in (auditor, staff):
        page = enter(user).get(act_url(listed, action))
        assert page.status_code == 403
        assert page.context["refusal"]
        assert enter(user).post(act_url(listed, action), good(action, listed)).status_code == 400
    assert state_of(listed) == before


def good(action, listing):
    """What a filled-in form of the act sends."""
    return {
        "unpublish": {"note": "x"}, "report": {"text": "x", "protection": "x"},
        "extension": {"due_on": listing.due_on + timedelta(9), "reason": "x", "safeguards": "x"},
        "decide": {"is_granted": "1"}, "apply": {"assessment": "x", "assessed_by": "x"},
        "accept": {"is_passed": "1", "people": "甲、乙"}, "lift": {"ground": "demolished", "note": "x"},
        "publish": PUBLIC | {"is_checked": "on"}, "hand-over": {"supervisor": listing.supervisor_id},
    }.get(action, {})  # fmt: skip


def test_a_draft_is_for_the_bureau_only(enter, school, district, clerk, officer, principal, city_clerk, now):
    draft = draft_at(school, district, clerk, now=now)
    for user in (officer, principal):
        assert enter(user).get(draft.get_absolute_url()).status_code == 404
    for user in (clerk, city_clerk):
        assert enter(user).get(draft.get_absolute_url()).status_code == 200


def test_a_progress_report_is_answered_on_its_own_page(enter, listed, officer, clerk, stranger, now):
    report = reported_at(listed, officer, now=now)
    address = url("listing_report", report)
    assert enter(stranger).get(address).status_code == 404
    assert enter(stranger).post(address, {"state": "read"}).status_code == 404
    page = enter(officer).get(address)
    assert (page.status_code, page.context["may_answer"]) == (200, False)
    assert enter(officer).post(address, {"state": "read"}).status_code == 400
    bad = enter(clerk).post(address, {"state": "returned", "answer": ""})
    assert bad.status_code == 400
    assert "answer" in bad.context["form"].errors
    assert enter(clerk).post(address, {"state": "returned", "answer": "缺照片"}).status_code == 302
    assert enter(clerk).post(address, {"state": "read"}).status_code == 400
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED


@pytest.mark.parametrize(
    ("action", "data", "field"),
    [
        ("report", {"text": "", "protection": "封闭"}, "text"),
        ("report", {"text": "x", "protection": "x", "funds_spent": "-1"}, "funds_spent"),
        ("report", {"text": "x", "protection": "x", "stages": ["999"]}, "stages"),
        ("extension", {"due_on": "2020-01-01", "reason": "x", "safeguards": "x"}, "due_on"),
        ("apply", {"assessment": "x", "assessed_by": "x"}, "photos"),
        ("apply", {"assessment": "x", "assessed_by": ""}, "assessed_by"),
    ],
)
def test_bad_input_of_the_school_is_kept(enter, listed, officer, action, data, field):
    before = state_of(listed)
    page = enter(officer).post(act_url(listed, action), data)
    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert state_of(listed) == before


@pytest.mark.parametrize(
    ("action", "data", "field"),
    [
        ("publish", PUBLIC, "is_checked"),
        ("publish", PUBLIC | {"is_checked": "on", "public_advice": "电话13800000000"}, "public_advice"),
        ("lift", {"ground": "rectified", "note": "x"}, "ground"),
        ("lift", {"ground": "demolished", "note": ""}, "note"),
    ],
)
def test_bad_input_of_a_leader_is_kept(enter, listed, leader, action, data, field):
    before = state_of(listed)
    page = enter(leader).post(act_url(listed, action), data)
    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert state_of(listed) == before


def test_another_person_of_the_bureau_takes_over(enter, listed, clerk, leader, officer):
    page = enter(clerk).post(act_url(listed, "hand-over"), {"supervisor": officer.pk})
    assert page.status_code == 400
    assert "supervisor" in page.context["form"].errors
    assert enter(clerk).post(act_url(listed, "hand-over"), {"supervisor": leader.pk}).status_code == 302
    assert fresh(listed).supervisor == leader
    assert enter(leader).get(listed.get_absolute_url()).status_code == 200


def test_one_name_is_not_two_people(enter, listed, officer, clerk, now):
    listing = applied_at(listed, officer, now=now)
    page = enter(clerk).post(act_url(listing, "accept"), {"is_passed": "1", "people": "陈涛"})
    assert page.status_code == 400
    assert "people" in page.context["form"].errors
    assert "全部" not in page.context["acceptance"].assessment
    assert Hazard.objects.get(pk=listing.hazard_id).status == Status.SUBMITTED


def test_who_is_not_asked_does_not_act(enter, listed, clerk, officer, leader, now):
    """Staff do not decide, a leader does not report for the school."""
    for user, action in [(clerk, "delist"), (clerk, "publish"), (leader, "report"), (officer, "accept")]:
        assert enter(user).get(act_url(listed, action)).status_code == 403
    accepted = accepted_at(listed, officer, clerk, now=now)
    assert enter(clerk).post(act_url(accepted, "delist"), {"note": ""}).status_code == 400
    assert fresh(accepted).status == ListingStatus.ACCEPTED


def test_pages_of_every_state_open_for_everyone_concerned(
    enter, school, district, clerk, leader, officer, auditor, now
):
    rows = [
        draft_at(school, district, clerk, now=now), listed_at(school, district, clerk, leader, now=now),
        applied_at(listed_at(school, district, clerk, leader, now=now), officer, now=now),
        accepted_at(published_at(school, district, clerk, leader, now=now), officer, clerk, now=now),
        delisted_at(published_at(school, district, clerk, leader, now=now), officer, clerk, leader, now=now),
    ]  # fmt: skip
    for row in rows:
        for user in (clerk, leader, auditor):
            page = enter(user).get(row.get_absolute_url())
            assert page.status_code == 200
            assert page.context["next"]["sentence"]
    assert enter(officer).get(rows[1].get_absolute_url()).context["next"]["primary"]["url"] == act_url(
        rows[1], "report"
    )
    assert enter(leader).get(rows[0].get_absolute_url()).context["next"]["primary"]["url"] == act_url(
        rows[0], "issue"
    )


def test_the_preview_is_marked_and_an_issued_one_leads_to_the_paper(
    enter, school, district, clerk, leader, now
):
    draft = draft_at(school, district, clerk, now=now)
    answer = enter(clerk).get(url("listing_preview", draft))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    issued = listing_running.issue(draft, actor=leader, now=now)
    assert enter(clerk).get(url("listing_preview", issued)).url == f"/papers/{issued.paper_id}/"


def test_photos_of_a_report_are_for_those_who_see_the_listing(enter, listed, officer, clerk, stranger, now):
    report = reported_at(listed, officer, now=now, photos=[picture()])
    from schoolsafety.core.files import attachments_of  # noqa: PLC0415 -- one test only

    photo = attachments_of(report).get()
    for user, status in [(officer, 200), (clerk, 200), (stranger, 404)]:
        assert enter(user).get(reverse("core:attachment", args=[photo.pk])).status_code == status


def test_an_unknown_act_is_not_there(enter, listed, clerk):
    assert enter(clerk).get(f"{listed.get_absolute_url()}nonsense/").status_code == 404
    assert enter(clerk).get(f"{listed.get_absolute_url()}answer/").status_code == 404
