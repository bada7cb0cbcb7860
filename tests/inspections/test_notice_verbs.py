"""Issue, receipt, refusal, withdrawal: who may, what is kept, what the school learns."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import NotAllowed
from inspections.models import Notice
from inspections.services import notices
from inspections.workflow import NoticeStatus
from schoolsafety.core.audit import history_of
from schoolsafety.core.models import Notification, NumberSequence, Paper
from schoolsafety.core.tree import move
from tests.factories import UserFactory
from tests.inspections.notice_ways import (
    NOW,
    draft_at,
    issued_at,
    later,
    received_at,
    replied_at,
    results_for,
    state_of,
    verbs_of,
)  # fmt: skip


def test_issue_gives_number_paper_deadline_event_and_news(school, district, clerk, officer, principal, staff):
    notice = issued_at(school, district, clerk)
    assert notice.number == "江北教安改〔2026〕1号"
    assert notice.status == NoticeStatus.ISSUED
    assert (notice.paper.number, notice.paper.addressee) == (notice.number, school)
    item = notice.items.get()
    assert Hazard.objects.get(pk=item.hazard_id).due_on == item.due_on
    assert verbs_of(item.hazard) == ["order"]
    told = Notification.objects.filter(needs_action=True, url=notice.get_absolute_url())
    assert {row.user for row in told} == {officer, principal}
    event = history_of(notice)[0]
    assert event.verb == "inspections.issue_notice"
    assert notice.paper.sha256 in event.payload
    assert f"district_staff@{district.path}" in event.payload


def test_numbers_follow_each_other_by_bureau_and_year(school, district, city, clerk, city_clerk):
    numbers = [issued_at(school, district, clerk).number for _index in range(2)]
    numbers.append(issued_at(school, city, city_clerk).number)
    numbers.append(issued_at(school, district, clerk, now=later(60)).number)
    assert numbers == [
        "江北教安改〔2026〕1号", "江北教安改〔2026〕2号", "临教安改〔2026〕1号", "江北教安改〔2027〕1号",
    ]  # fmt: skip


def test_what_fails_gives_the_number_back(school, district, clerk, monkeypatch):
    notice = draft_at(school, district, clerk)
    with monkeypatch.context() as patch:
        patch.setattr("inspections.services.notice_issuing.issue_paper", _broken)
        with pytest.raises(OSError, match="disk"):
            notices.issue(notice, actor=clerk, now=NOW)
    assert Notice.objects.get(pk=notice.pk).status == NoticeStatus.DRAFT
    assert not NumberSequence.objects.filter(series="notice", last__gt=0).exists()
    assert notices.issue(notice, actor=clerk, now=NOW).number == "江北教安改〔2026〕1号"


def _broken(*_args, **_kwargs):
    raise OSError("disk full")


def test_a_stale_copy_is_not_issued_twice(school, district, clerk, leader):
    notice = draft_at(school, district, clerk)
    stale = Notice.objects.get(pk=notice.pk)
    notices.issue(notice, actor=clerk, now=NOW)
    with pytest.raises(NotAllowed):
        notices.issue(stale, actor=leader, now=NOW)
    assert Paper.objects.count() == 1
    assert NumberSequence.objects.get(series="notice").last == 1


def test_a_hazard_that_was_closed_or_handed_in_meanwhile_is_named(school, district, clerk, officer):
    notice = draft_at(school, district, clerk, count=2)
    gone = notice.items.first().hazard
    hazards.transfer(gone, actor=clerk, to="消防救援大队", note="校外", now=NOW)
    with pytest.raises(ValidationError) as refused:
        notices.issue(notice, actor=clerk, now=NOW)
    assert [gone.number in line for line in refused.value.messages] == [True]
    assert Notice.objects.get(pk=notice.pk).number is None


def test_days_in_the_past_and_missing_law_are_all_told_at_once(school, district, clerk):
    notice = draft_at(school, district, clerk, basis="  ")
    with pytest.raises(ValidationError) as refused:
        notices.issue(notice, actor=clerk, now=NOW + timedelta(days=60))
    assert len(refused.value.messages) == 3  # the item's deadline, the law, the day of the reply


def test_a_bureau_without_a_mark_is_told_so(school, district, clerk):
    district.paper_code = ""
    district.save()
    with pytest.raises(ValidationError, match="代字"):
        issued_at(school, district, clerk)


@pytest.mark.parametrize("who", ["officer", "principal", "stranger", "auditor", "admin"])
def test_only_the_bureau_issues(school, district, clerk, request, who):
    notice = draft_at(school, district, clerk)
    before = state_of(notice)
    with pytest.raises(NotAllowed):
        notices.issue(notice, actor=request.getfixturevalue(who), now=NOW)
    assert state_of(notice) == before


def test_a_district_does_not_act_on_what_the_city_issued(school, city, city_clerk, clerk, officer):
    notice = issued_at(school, city, city_clerk)
    with pytest.raises(NotAllowed):
        notices.record_refusal(notice, actor=clerk, note="拒签", witness="李四", now=NOW)
    assert "record_refusal" in notices.actions_of(notice, city_clerk)
    assert notices.actions_of(notice, clerk) == []
    assert notices.actions_of(notice, officer) == ["sign_for"]


def test_the_school_signs_for_it(school, district, clerk, officer):
    notice = issued_at(school, district, clerk)
    notices.sign_for(notice, actor=officer, post=" 安全主任 ", now=NOW)
    fresh = Notice.objects.get(pk=notice.pk)
    assert (fresh.status, fresh.received_by, fresh.received_post, fresh.received_at) == (
        NoticeStatus.RECEIVED, officer, "安全主任", NOW,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        notices.sign_for(notice, actor=officer, post="安全主任", now=NOW)


@pytest.mark.parametrize("who", ["clerk", "staff", "stranger"])
def test_only_officer_and_principal_sign(school, district, clerk, request, who):
    notice = issued_at(school, district, clerk)
    with pytest.raises(NotAllowed):
        notices.sign_for(notice, actor=request.getfixturevalue(who), post="x", now=NOW)


def test_a_refusal_is_kept_with_circumstances_and_witness_and_can_still_be_signed(
    school, district, clerk, officer
):
    notice = issued_at(school, district, clerk)
    for note, witness in [("", "李四"), ("当场拒绝", " ")]:
        with pytest.raises(ValidationError):
            notices.record_refusal(notice, actor=clerk, note=note, witness=witness, now=NOW)
    refused = notices.record_refusal(notice, actor=clerk, note="当场拒绝", witness="李四", now=NOW)
    assert (refused.status, refused.refusal_witness) == (NoticeStatus.REFUSED, "李四")
    assert notices.sign_for(refused, actor=officer, post="校长", now=NOW).status == NoticeStatus.RECEIVED


def test_a_withdrawn_notice_keeps_its_number_and_frees_its_hazards(school, district, clerk, leader, officer):
    notice = received_at(school, district, clerk, officer)
    hazard = notice.items.get().hazard
    with pytest.raises(ValidationError):
        notices.withdraw(notice, actor=leader, note=" ", now=NOW)
    gone = notices.withdraw(notice, actor=leader, note="列错学校", now=NOW)
    assert (gone.status, gone.number, gone.withdrawal_note) == (
        NoticeStatus.WITHDRAWN, "江北教安改〔2026〕1号", "列错学校",
    )  # fmt: skip
    again = notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW, basis="《消防法》")
    assert notices.issue(again, actor=clerk, now=NOW).number == "江北教安改〔2026〕2号"


def test_only_a_leader_withdraws_and_never_after_the_reply(school, district, clerk, leader, officer):
    with pytest.raises(NotAllowed):
        notices.withdraw(issued_at(school, district, clerk), actor=clerk, note="x", now=NOW)
    with pytest.raises(NotAllowed):
        notices.withdraw(replied_at(school, district, clerk, officer), actor=leader, note="x", now=NOW)


def test_after_a_move_the_new_superior_answers_for_the_notice(
    school, district, other_district, clerk, admin, officer
):
    notice = received_at(school, district, clerk, officer)
    move(school, new_parent=other_district, actor=admin, note="区划调整")
    superior = UserFactory(post=(other_district, "district_staff"))
    again = notices.review(
        notice, actor=superior, results=results_for(notice, "not_done", "未动工"), reviewers="甲、乙", now=NOW
    )
    assert again.review_number == "江南教安复〔2026〕1号"
    with pytest.raises(NotAllowed):
        notices.review(notice, actor=clerk, results=results_for(notice), reviewers="甲、乙", now=NOW)
