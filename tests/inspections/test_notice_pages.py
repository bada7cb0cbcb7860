"""Every page of notices, for those it is for and for strangers; every write with its refusals."""

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards.models import Hazard
from hazards.workflow import Status
from inspections.models import Notice
from inspections.services import notices
from inspections.workflow import NoticeStatus
from tests.factories import HazardFactory
from tests.inspections.conftest import picture
from tests.inspections.notice_ways import (
    draft_at,
    hazards_at,
    issued_at,
    received_at,
    replied_at,
    state_of,
    url,
)

NEW = reverse("inspections:notice_new")
ACTS = ["edit", "issue", "discard", "sign_for", "record_refusal", "withdraw", "reply", "review"]


@pytest.fixture
def enter(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def now():
    return timezone.now()


def edit_data(notice, **changes):
    """What the draft's form sends when nothing was changed."""
    data = {
        "version": notice.version, "checked_on": notice.checked_on, "opening": notice.opening,
        "own_clauses": notice.basis, "reply_due_on": notice.reply_due_on, "review_on": notice.review_on,
    }  # fmt: skip
    for item in notice.items.all():
        for name in ("place", "text", "demand", "due_on"):
            data[f"item-{item.pk}-{name}"] = getattr(item, name)
    return data | changes


def reply_data(notice, **changes):
    data = {}
    for item in notice.items.all():
        fields = {
            "reply_is_done": "1",
            "reply": "已清走",
            "responsible": "王建国",
            "done_on": timezone.localdate(),
        }
        data |= {f"item-{item.pk}-{name}": value for name, value in (fields | changes).items()}
        data[f"item-{item.pk}-photos"] = [picture()]
    return data


def review_data(notice, result="done", note="", **changes):
    data = {"reviewers": "陈涛、周琳", "mode": "on_site", "conclusion": ""} | changes
    for item in notice.items.all():
        data |= {f"item-{item.pk}-result": result, f"item-{item.pk}-note": note}
    return data


# The way of one notice through the pages.


def test_a_notice_goes_its_whole_way_by_plain_forms(
    enter, school, clerk, leader, officer, district, django_capture_on_commit_callbacks
):
    hazard = hazards_at(school)[0]
    client = enter(clerk)
    drafted = client.post(NEW, {"hazard": [hazard.number], "contact": "陈涛"})
    notice = Notice.objects.get()
    assert drafted.url == url("notice_edit", notice)
    saved = client.post(drafted.url, edit_data(notice, protection="停用楼梯", then="issue"))
    assert saved.url == url("notice_issue", notice)
    assert "停用楼梯" in client.get(saved.url).content.decode()
    assert client.post(saved.url).url == notice.get_absolute_url()

    client = enter(officer)
    assert "江北教安改〔" in client.get(url("notice_sign_for", notice)).content.decode()
    client.post(url("notice_sign_for", notice), {"post": "安全主任"})
    client.post(url("notice_reply", notice), reply_data(notice))
    assert Hazard.objects.get().status == Status.SUBMITTED

    enter(clerk).post(url("notice_review", notice), review_data(notice))
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.REVIEWED
    page = enter(leader).get(notice.get_absolute_url()).content.decode()
    assert notice.review_number not in (None, "")
    assert f"/papers/{notice.review_paper_id}/" in page
    assert hazard.get_absolute_url() in page  # to write off on its own page


@pytest.mark.parametrize("who", ["officer", "principal", "staff", "clerk", "leader", "city_clerk", "auditor"])
def test_whoever_may_read_it_sees_the_notice_and_the_list(enter, school, district, clerk, now, request, who):
    notice = issued_at(school, district, clerk, now=now)
    client = enter(request.getfixturevalue(who))
    assert notice.number in client.get(notice.get_absolute_url()).content.decode()
    assert notice.number in client.get(reverse("inspections:notices")).content.decode()


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_a_stranger_finds_nothing_and_changes_nothing(enter, school, district, clerk, now, request, who):
    notice = issued_at(school, district, clerk, now=now)
    before = state_of(notice)
    client = enter(request.getfixturevalue(who))
    assert notice.number not in client.get(reverse("inspections:notices")).content.decode()
    for address in [notice.get_absolute_url(), url("notice_preview", notice)]:
        assert client.get(address).status_code == 404
    for act in ACTS:
        assert client.get(url(f"notice_{act}", notice)).status_code == 404
        assert client.post(url(f"notice_{act}", notice), {"note": "x", "post": "x"}).status_code == 404
    assert state_of(notice) == before


def test_the_school_does_not_see_a_draft_nor_a_discarded_one(enter, school, district, clerk, officer, now):
    draft = draft_at(school, district, clerk, now=now)
    client = enter(officer)
    assert client.get(draft.get_absolute_url()).status_code == 404
    notices.discard(draft, actor=clerk, now=now)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert enter(clerk).get(draft.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("who", "act"),
    [("officer", act) for act in ACTS if act != "sign_for"]
    + [("clerk", act) for act in ACTS if act != "record_refusal"]
    + [("auditor", act) for act in ACTS] + [("staff", "sign_for")],
)  # fmt: skip
def test_an_act_that_is_not_ones_turn_is_refused_with_the_reason(
    enter, school, district, clerk, now, request, who, act
):
    notice = issued_at(school, district, clerk, now=now)
    before = state_of(notice)
    client = enter(request.getfixturevalue(who))
    asked = client.get(url(f"notice_{act}", notice))
    sent = client.post(url(f"notice_{act}", notice), {"note": "x", "post": "x", "witness": "x"})
    assert (asked.status_code, sent.status_code in {400, 403}) == (403, True)
    assert "已签发，待签收" in asked.content.decode() or act == "edit"
    assert state_of(notice) == before


# Bad input.


@pytest.mark.parametrize(
    ("act", "data"),
    [("sign_for", {"post": " "}), ("record_refusal", {"note": "拒签"}), ("withdraw", {"note": ""})],
)
def test_a_missing_word_is_told_beside_its_field(
    enter, school, district, clerk, leader, officer, now, act, data
):
    notice = issued_at(school, district, clerk, now=now)
    before = state_of(notice)
    client = enter({"sign_for": officer, "record_refusal": clerk, "withdraw": leader}[act])
    page = client.post(url(f"notice_{act}", notice), data)
    assert (page.status_code, 'class="errsum"' in page.content.decode()) == (400, True)
    assert state_of(notice) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"own_clauses": ""}, "clauses"), ({"opening": "{password}"}, "opening"),
        ({"opening": ""}, "opening"), ({"review_on": "2020-01-01"}, "review_on"),
        ({"reply_due_on": "下周"}, "reply_due_on"),
        ({"clauses": ["《编造法》第一条"]}, "clauses"),
    ],
)  # fmt: skip
def test_bad_words_in_a_draft_are_told_and_kept_and_save_nothing(
    enter, school, district, clerk, now, changes, field
):
    notice = draft_at(school, district, clerk, now=now)
    before = state_of(notice)
    page = enter(clerk).post(
        url("notice_edit", notice), edit_data(notice, protection="我写的防护要求", **changes)
    )
    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert "我写的防护要求" in page.content.decode()
    assert state_of(notice) == before


def test_an_old_version_of_a_draft_is_refused_and_what_was_typed_is_kept(
    enter, school, district, clerk, leader, now
):
    notice = draft_at(school, district, clerk, now=now)
    old = edit_data(notice, protection="旧页面写的")
    notices.edit(notice, actor=leader, texts={"protection": "新的"}, items={}, version=1)
    page = enter(clerk).post(url("notice_edit", notice), old)
    assert page.status_code == 400
    assert "旧页面写的" in page.content.decode()
    assert Notice.objects.get().protection == "新的"


def test_a_reply_without_proof_is_told_beside_its_item(enter, school, district, clerk, officer, now):
    notice = received_at(school, district, clerk, officer, count=2, now=now)
    before = state_of(notice)
    data, bad = reply_data(notice), notice.items.last()
    del data[f"item-{bad.pk}-photos"]
    page = enter(officer).post(url("notice_reply", notice), data)
    assert page.status_code == 400
    wrong = {line["item"].pk for line in page.context["lines"] if line["form"].errors}
    assert wrong == {bad.pk}
    assert state_of(notice) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reply": ""}, "reply"), ({"reply_is_done": ""}, "reply_is_done"), ({"done_on": ""}, "done_on"),
        ({"done_on": "2999-01-01"}, "done_on"), ({"responsible": ""}, "responsible"),
        ({"cost": "-1"}, "cost"),
    ],
)  # fmt: skip
def test_bad_input_in_a_reply_is_told_beside_its_field(
    enter, school, district, clerk, officer, now, changes, field
):
    notice = received_at(school, district, clerk, officer, now=now)
    before = state_of(notice)
    page = enter(officer).post(url("notice_reply", notice), reply_data(notice, **changes))
    assert page.status_code == 400
    assert field in page.context["lines"][0]["form"].errors
    assert state_of(notice) == before


@pytest.mark.parametrize(
    "changes", [{"result": "not_done"}, {"result": ""}, {"reviewers": "陈涛"}, {"mode": "by_ear"}]
)
def test_bad_input_in_a_re_check_issues_nothing(enter, school, district, clerk, officer, now, changes):
    notice = replied_at(school, district, clerk, officer, now=now)
    before = state_of(notice)
    page = enter(clerk).post(url("notice_review", notice), review_data(notice, **changes))
    assert (page.status_code, "陈涛" in page.content.decode()) == (400, True)
    assert state_of(notice) == before


# The choice of hazards.


def test_the_choice_names_what_cannot_be_cited(enter, school, clerk):
    fine, ungraded = hazards_at(school)[0], HazardFactory(school=school)
    page = enter(clerk).get(NEW, {"hazard": [fine.number, ungraded.number]}).content.decode()
    assert f'value="{fine.number}" checked' in page
    assert f'value="{ungraded.number}"' not in page
    assert "请先核实定级" in page


def test_a_refused_draft_says_why_and_drafts_nothing(enter, school, clerk):
    ungraded = HazardFactory(school=school)
    page = enter(clerk).post(NEW, {"hazard": [ungraded.number]})
    assert (page.status_code, ungraded.number in page.content.decode()) == (400, True)
    assert not Notice.objects.exists()


def test_no_or_somebody_elses_hazards_are_refused(enter, school, neighbour, clerk, other_district):
    far = HazardFactory(rectifying=True)
    client = enter(clerk)
    assert client.get(NEW).status_code == 200
    for data in [{}, {"hazard": [far.number]}, {"hazard": ["nonsense"]}]:
        assert client.post(NEW, data).status_code == 400
    assert not Notice.objects.exists()


@pytest.mark.parametrize("who", ["officer", "auditor", "admin"])
def test_only_the_bureau_chooses(enter, school, request, who):
    hazard = hazards_at(school)[0]
    client = enter(request.getfixturevalue(who))
    assert client.get(NEW, {"hazard": hazard.number}).status_code == 403
    assert client.post(NEW, {"hazard": hazard.number}).status_code == 403
    assert not Notice.objects.exists()


def test_the_preview_is_a_pdf(enter, school, district, clerk, now):
    answer = enter(clerk).get(url("notice_preview", draft_at(school, district, clerk, now=now)))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
