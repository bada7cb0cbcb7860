"""The school's reply and the bureau's re-check: all or nothing, hand in hand with the hazards."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import NotAllowed, Status
from inspections.models import Notice
from inspections.services import notices
from inspections.workflow import NoticeStatus
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Notification, Paper
from tests.inspections.conftest import picture
from tests.inspections.notice_ways import (
    NOW,
    answers_for,
    issued_at,
    received_at,
    replied_at,
    results_for,
    reviewed_at,
    state_of,
    verbs_of,
)  # fmt: skip


def status_of(item):
    return Hazard.objects.get(pk=item.hazard_id).status


def test_what_is_done_is_handed_in_by_the_same_act(school, district, clerk, officer):
    notice = received_at(school, district, clerk, officer)
    answers = answers_for(notice)
    pk = notice.items.get().pk
    answers[pk]["cost"] = Decimal("320.50")
    notices.reply(notice, actor=officer, answers=answers, now=NOW)

    hazard = Hazard.objects.get(pk=notice.items.get().hazard_id)
    assert (hazard.status, hazard.measure, hazard.responsible, hazard.cost) == (
        Status.SUBMITTED, "已清走并张贴标识", "王建国", Decimal("320.50"),
    )  # fmt: skip
    assert attachments_of(hazard, "after").count() == 1
    assert Notice.objects.get(pk=notice.pk).status == NoticeStatus.REPLIED
    assert Notification.objects.filter(user=clerk, needs_action=True, url=notice.get_absolute_url()).exists()
    assert not Notification.objects.filter(
        user=officer, needs_action=True, url=notice.get_absolute_url()
    ).exists()


def test_what_is_not_done_stays_with_the_school(school, district, clerk, officer):
    notice = received_at(school, district, clerk, officer)
    answers = answers_for(notice, done=False)
    answers[notice.items.get().pk]["photos"] = [picture()]
    notices.reply(notice, actor=officer, answers=answers, now=NOW)
    item = notice.items.get()
    assert (item.reply, item.reply_is_done, status_of(item)) == ("等待配件", False, Status.RECTIFYING)
    assert attachments_of(item.hazard, "note").count() == 1


def test_one_item_without_proof_holds_back_the_whole_reply(school, district, clerk, officer):
    notice = received_at(school, district, clerk, officer, count=2)
    answers = answers_for(notice)
    bad = notice.items.last()
    answers[bad.pk]["photos"] = []
    before = state_of(notice)
    with pytest.raises(ValidationError) as refused:
        notices.reply(notice, actor=officer, answers=answers, now=NOW)
    assert list(refused.value.message_dict) == [f"item-{bad.pk}"]
    assert state_of(notice) == before
    assert not attachments_of(notice.items.first().hazard).exists()


def test_a_hazard_handed_in_before_needs_no_second_hand_in(school, district, clerk, officer):
    notice = received_at(school, district, clerk, officer)
    hazard = notice.items.get().hazard
    hazards.submit(hazard, actor=officer, measure="先行整改", photos=[picture()], now=NOW)
    notices.reply(notice, actor=officer, answers=answers_for(notice, photos=False), now=NOW)
    assert verbs_of(hazard) == ["order", "submit"]


@pytest.mark.parametrize("who", ["clerk", "staff", "stranger"])
def test_only_officer_and_principal_reply(school, district, clerk, officer, request, who):
    notice = received_at(school, district, clerk, officer)
    with pytest.raises(NotAllowed):
        notices.reply(notice, actor=request.getfixturevalue(who), answers=answers_for(notice), now=NOW)


def test_nobody_replies_before_signing_or_twice(school, district, clerk, officer):
    notice = issued_at(school, district, clerk)
    with pytest.raises(NotAllowed):
        notices.reply(notice, actor=officer, answers=answers_for(notice), now=NOW)
    notice = replied_at(school, district, clerk, officer)
    with pytest.raises(NotAllowed):
        notices.reply(notice, actor=officer, answers=answers_for(notice), now=NOW)


def test_what_is_found_done_is_verified_and_not_yet_written_off(school, district, clerk, officer):
    notice = reviewed_at(school, district, clerk, officer)
    item = notice.items.get()
    assert (status_of(item), item.result, item.is_current) == (Status.VERIFIED, "done", False)
    assert (notice.status, notice.review_number) == (NoticeStatus.REVIEWED, "江北教安复〔2026〕1号")
    assert Paper.objects.filter(kind="review", addressee=school).count() == 1
    assert "1项已完成" in notice.conclusion
    assert notice.reviewers == "陈涛、周琳"


@pytest.mark.parametrize("result", ["partly", "not_done"])
def test_what_is_not_done_goes_back_and_can_be_ordered_again(school, district, clerk, officer, result):
    notice = reviewed_at(school, district, clerk, officer, result=result, note="还有一处")
    hazard = Hazard.objects.get(pk=notice.items.get().hazard_id)
    assert hazard.status == Status.RECTIFYING
    assert verbs_of(hazard)[-1] == "send_back"
    again = notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW)
    assert again.items.get().hazard == hazard


def test_done_but_never_handed_in_leaves_the_school_its_step(school, district, clerk):
    notice = issued_at(school, district, clerk)
    notice = notices.record_refusal(notice, actor=clerk, note="拒签", witness="李四", now=NOW)
    notices.review(notice, actor=clerk, results=results_for(notice), reviewers="陈涛，周琳", now=NOW)
    assert status_of(notice.items.get()) == Status.RECTIFYING


def test_not_done_contradicts_a_write_off(school, district, clerk, leader, officer):
    notice = replied_at(school, district, clerk, officer)
    Hazard.objects.filter(pk=notice.items.get().hazard_id).update(  # as before the notice locked it
        status="closed", closure="rectified", closed_at=NOW, closed_on=NOW.date(), closed_by=leader
    )
    before = state_of(notice)
    with pytest.raises(ValidationError) as refused:
        notices.review(
            notice, actor=clerk, results=results_for(notice, "not_done", "x"), reviewers="陈涛、周琳", now=NOW
        )
    assert list(refused.value.message_dict) == [f"item-{notice.items.get().pk}"]
    assert state_of(notice) == before


@pytest.mark.parametrize("reviewers", ["", "陈涛", "陈涛、陈涛", "陈涛，"])
def test_two_different_people_re_check(school, district, clerk, officer, reviewers):
    notice = replied_at(school, district, clerk, officer)
    with pytest.raises(ValidationError, match="两"):
        notices.review(notice, actor=clerk, results=results_for(notice), reviewers=reviewers, now=NOW)


@pytest.mark.parametrize("who", ["officer", "principal", "stranger", "auditor"])
def test_only_the_bureau_re_checks(school, district, clerk, officer, request, who):
    notice = replied_at(school, district, clerk, officer)
    with pytest.raises(NotAllowed):
        notices.review(
            notice,
            actor=request.getfixturevalue(who),
            results=results_for(notice),
            reviewers="甲、乙",
            now=NOW,
        )
