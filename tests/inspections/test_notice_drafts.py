"""Drafts of notices: what is suggested, who may, which hazards, two people at one draft."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hazards.models import LegalBasis
from hazards.workflow import NotAllowed
from inspections.models import Finding, Inspection, Notice, NoticeItem
from inspections.services import notices
from inspections.workflow import NoticeStatus, cite_refusal
from schoolsafety.core.models import NumberSequence, Preference
from tests.factories import HazardFactory
from tests.inspections.notice_ways import NOW, TODAY, draft_at, hazards_at, issued_at, state_of, verbs_of


def test_a_draft_copies_the_hazards_and_suggests_law_days_and_words(school, district, clerk):
    hazard = hazards_at(
        school, title="疏散通道堆物", description="长约三米", due_on=TODAY + timedelta(days=30)
    )[0]
    notice = notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW)

    item = notice.items.get()
    assert (item.place, item.text, item.grade) == (hazard.place, "疏散通道堆物：长约三米", "general")
    assert item.due_on == hazard.due_on
    assert notice.basis.splitlines() == [
        "《中华人民共和国安全生产法》第六十五条", "《安全生产事故隐患排查治理暂行规定》第十五条",
    ]  # fmt: skip
    assert notice.reply_due_on == date(2026, 12, 8)  # ten workdays
    assert notice.review_on == date(2026, 12, 11)
    assert "{count}" in notice.opening
    assert notice.protection
    assert verbs_of(notice) == ["draft_notice"]


def test_a_draft_uses_up_no_number(school, district, clerk):
    draft_at(school, district, clerk)
    assert not NumberSequence.objects.filter(series="notice").exists()


def test_a_deadline_that_is_over_is_replaced_by_the_day_of_the_reply(school, district, clerk):
    hazard = hazards_at(school, due_on=TODAY - timedelta(days=3))[0]
    notice = notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW)
    assert notice.items.get().due_on == notice.reply_due_on


def test_the_bureaus_own_words_and_days_are_suggested(school, district, clerk):
    Preference.objects.create(organisation=district, key="notice.demand", value="限期拆除。")
    Preference.objects.create(organisation=district, key="notice.days", value=2)
    notice = draft_at(school, district, clerk)
    assert notice.items.get().demand == "限期拆除。"
    assert notice.reply_due_on == date(2026, 11, 26)


def test_only_law_in_force_is_suggested(db):
    LegalBasis.objects.filter(code="AQSC-65").update(effective_to=date(2026, 11, 23))
    assert notices.suggest_basis("AQSC-65 XF-28 NONE XF-28", TODAY) == "《中华人民共和国消防法》第二十八条"


def test_what_one_inspection_found_brings_its_day_and_its_team(school, district, clerk):
    visit = Inspection.objects.create(
        bureau=district, school=school, subject="消防", place="教学楼", inspected_on=date(2026, 11, 20),
        created_by=clerk, created_at=NOW,
    )  # fmt: skip
    visit.members.create(name="陈涛", certificate="0012")
    visit.members.create(name="周琳", certificate="0007")
    hazard = hazards_at(school)[0]
    Finding.objects.create(
        inspection=visit, school=school, client_uuid=hazard.client_uuid, noted_at=NOW, hazard=hazard,
        proposed_grade="general",
    )  # fmt: skip
    notice = notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW)
    assert (notice.inspection, notice.checked_on) == (visit, date(2026, 11, 20))
    assert notice.inspectors == "陈涛（证件号 0012）、周琳（证件号 0007）"


@pytest.mark.parametrize("who", ["officer", "principal", "stranger", "auditor", "admin"])
def test_only_the_bureau_drafts(school, district, request, who):
    with pytest.raises(NotAllowed):
        draft_at(school, district, request.getfixturevalue(who))
    assert not Notice.objects.exists()


def test_a_bureau_drafts_only_for_its_own_schools(school, other_district, clerk, city_clerk, city):
    with pytest.raises(NotAllowed):
        draft_at(school, other_district, city_clerk)
    assert draft_at(school, city, city_clerk).bureau == city


@pytest.mark.parametrize(
    ("status", "grade", "is_fine"),
    [
        ("reported", "", False), ("planning", "major", True), ("signed", "major", True),
        ("rectifying", "general", True), ("submitted", "general", False), ("submitted", "", False),
        ("verified", "general", False), ("closed", "general", False),
    ],
)  # fmt: skip
def test_only_graded_hazards_that_wait_for_the_school_can_be_cited(status, grade, is_fine):
    assert (cite_refusal(status, grade) is None) is is_fine


def test_every_hazard_that_cannot_be_cited_is_named_with_its_reason(school, district, clerk):
    fine, ungraded, closed = (
        hazards_at(school)[0],
        HazardFactory(school=school),
        HazardFactory(school=school, closed=True),
    )
    with pytest.raises(ValidationError) as refused:
        notices.draft(school, bureau=district, chosen=[fine, ungraded, closed], actor=clerk, now=NOW)
    words = "\n".join(refused.value.messages)
    assert ungraded.number in words
    assert closed.number in words
    assert fine.number not in words
    assert not Notice.objects.exists()


def test_a_hazard_of_another_school_is_refused(school, neighbour, district, clerk):
    with pytest.raises(ValidationError):
        notices.draft(school, bureau=district, chosen=hazards_at(neighbour), actor=clerk, now=NOW)


def test_a_hazard_stands_in_one_current_notice_only(school, district, clerk):
    notice = draft_at(school, district, clerk)
    hazard = notice.items.get().hazard
    with pytest.raises(ValidationError, match=hazard.number):
        notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW)
    other = issued_at(school, district, clerk)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database itself refuses it too
        NoticeItem.objects.create(
            notice=other,
            hazard=hazard,
            order=2,
            place="x",
            text="x",
            grade="general",
            demand="x",
            due_on=TODAY,
        )


def test_a_draft_is_changed_and_an_item_left_out(school, district, clerk):
    notice = draft_at(school, district, clerk, count=3)
    first, second, third = notice.items.all()
    texts, items = {"protection": "停用"}, {third.pk: {"demand": "更换"}}
    saved = notices.edit(notice, actor=clerk, texts=texts, items=items, version=1, left_out=[second.pk])
    assert (saved.version, saved.protection) == (2, "停用")
    assert [(item.pk, item.order) for item in saved.items.all()] == [(first.pk, 1), (third.pk, 2)]
    assert saved.items.last().demand == "更换"
    assert not NoticeItem.objects.filter(hazard=second.hazard).exists()  # free for another notice


def test_one_hazard_stays(school, district, clerk):
    notice = draft_at(school, district, clerk)
    before = state_of(notice)
    with pytest.raises(ValidationError):
        notices.edit(
            notice,
            actor=clerk,
            texts={"protection": "停用"},
            items={},
            version=1,
            left_out=[notice.items.get().pk],
        )
    assert state_of(notice) == before


def test_the_second_of_two_people_does_not_overwrite_the_first(school, district, clerk, leader):
    notice = draft_at(school, district, clerk)
    notices.edit(notice, actor=leader, texts={"protection": "封闭楼梯"}, items={}, version=1)
    with pytest.raises(notices.EditedMeanwhile):
        notices.edit(notice, actor=clerk, texts={"protection": "放行"}, items={}, version=1)
    assert Notice.objects.get(pk=notice.pk).protection == "封闭楼梯"


def test_an_issued_notice_is_not_changed(school, district, clerk):
    notice = issued_at(school, district, clerk)
    before = state_of(notice)
    with pytest.raises(NotAllowed):
        notices.edit(notice, actor=clerk, texts={"protection": "x"}, items={}, version=1)
    with pytest.raises(NotAllowed):
        notices.discard(notice, actor=clerk, now=NOW)
    assert state_of(notice) == before


def test_a_discarded_draft_frees_its_hazards(school, district, clerk):
    notice = draft_at(school, district, clerk)
    hazard = notice.items.get().hazard
    notices.discard(notice, actor=clerk, now=NOW)
    again = notices.draft(school, bureau=district, chosen=[hazard], actor=clerk, now=NOW)
    assert again.status == NoticeStatus.DRAFT
    assert verbs_of(notice) == ["draft_notice", "discard_notice"]
