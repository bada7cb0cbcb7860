"""The pages of measures: who gets which, bad input keeps what was typed, lists cost the same, the desk."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from schoolsafety.core.models import Attachment
from supervision.models import Measure, MeasureTrigger, Proposal
from supervision.services import measures
from tests.factories import UserFactory
from tests.supervision.measure_ways import (
    COMPLETE,
    draft_of,
    hazard_at,
    heard,
    issued,
    noticed,
    ready,
    state_of,
    url,
)

KINDS = sorted(COMPLETE)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def proposal(school, now, today):
    MeasureTrigger.objects.exclude(code="overdue-interview").update(is_active=False)
    hazard_at(school, title="疏散通道堆物", due_on=today - timedelta(days=30))
    measures.propose_all(today=today, now=now)
    return Proposal.objects.get()


def soon(kind, today):
    """What a draft of today needs: the ways' own days may lie in the past."""
    meet_at = timezone.now() + timedelta(days=2)
    return {"interview": {"meet_at": meet_at}, "yellow_card": {"until": today + timedelta(days=180)}}.get(
        kind, {"until": today + timedelta(days=1825)} if kind == "ban" else {}
    )


def text_of(answer):
    return answer.content.decode()


# Drafting.


def test_a_measure_is_drafted_by_hand_from_the_hazards_page(client, school, clerk, today):
    hazard = hazard_at(school)
    client.force_login(clerk)
    assert url("measure_new") + f"?hazard={hazard.number}" in text_of(client.get(hazard.get_absolute_url()))
    page = client.get(f"{url('measure_new')}?hazard={hazard.number}")
    assert school.name in text_of(page)
    answer = client.post(
        url("measure_new"), {"school": school.name, "kind": "circular", "hazard": hazard.number}
    )
    measure = Measure.objects.get()
    assert answer.url == url("measure_edit", measure)
    assert (measure.hazard, measure.kind, measure.organisation) == (hazard, "circular", school.parent)


@pytest.mark.parametrize(
    "wrong", [{"school": "没有的学校"}, {"kind": "stop"}, {"kind": ""}, {"hazard": "没有的编号"}]
)
def test_a_wrong_beginning_says_so_beside_the_field(client, school, clerk, wrong):
    client.force_login(clerk)
    given = {"school": school.name, "kind": "circular", "hazard": ""} | wrong
    answer = client.post(url("measure_new"), given)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(wrong)
    assert not Measure.objects.exists()


def test_a_hazard_of_another_school_is_refused(client, school, neighbour, clerk):
    client.force_login(clerk)
    answer = client.post(
        url("measure_new"),
        {"school": school.name, "kind": "circular", "hazard": hazard_at(neighbour).number},
    )
    assert answer.context["form"].errors["hazard"] == ["该隐患属于另一所学校。"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_for_its_own_fields_and_saves_them(client, school, clerk, kind, today):
    measure = measures.draft(school, kind=kind, actor=clerk, now=timezone.now())
    client.force_login(clerk)
    assert client.get(url("measure_edit", measure)).status_code == 200
    values = COMPLETE[kind] | soon(kind, today)
    if "meet_at" in values:
        values["meet_at"] = f"{timezone.localtime(values['meet_at']):%Y-%m-%dT%H:%M}"
    given = {"version": 1, "basis": "第十五条", "facts": "逾期未改", "demand": "立即整改", **values}
    given |= {"unit": school.pk} if kind == "veto" else {}
    assert client.post(url("measure_edit", measure), given).status_code == 302
    fresh = Measure.objects.get(pk=measure.pk)
    assert fresh.facts == "逾期未改"
    for name in set(COMPLETE[kind]) - {"meet_at"}:
        assert str(getattr(fresh, name)).startswith(str(values[name])), name
    assert measures.submit(fresh, actor=clerk, now=timezone.now())


def test_bad_input_keeps_what_was_typed(client, school, clerk):
    measure = draft_of("penalty", school, clerk, hazard=hazard_at(school))
    client.force_login(clerk)
    given = {"version": 1, "facts": "新的事实", "amount": "-5", "sanction": "fine"}
    answer = client.post(url("measure_edit", measure), given)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"amount", "release_note"}
    assert "新的事实" in text_of(answer)
    assert Measure.objects.get(pk=measure.pk).facts != "新的事实"


def test_an_old_form_does_not_overwrite_a_newer_draft(client, school, clerk):
    measure = draft_of("circular", school, clerk)
    client.force_login(clerk)
    client.post(url("measure_edit", measure), {"version": 1, "facts": "一"})
    answer = client.post(url("measure_edit", measure), {"version": 1, "facts": "二"})
    assert answer.status_code == 400
    assert Measure.objects.get(pk=measure.pk).facts == "一"


def test_after_the_hearing_the_form_has_three_fields_left(client, school, clerk, leader, principal, now):
    measure = heard(school, clerk, leader, principal, now)
    client.force_login(clerk)
    form = client.get(url("measure_edit", measure)).context["form"]
    assert set(form.fields) == {"reason", "demand", "amount", "version"}
    answer = client.post(url("measure_edit", measure), {"version": 1, "amount": "20001"})
    assert "amount" in answer.context["form"].errors
    assert client.post(url("measure_edit", measure), {"version": 1, "amount": "5000"}).status_code == 302


def test_the_preview_is_a_pdf_and_an_empty_interview_says_what_is_missing(client, school, clerk):
    client.force_login(clerk)
    answer = client.get(url("measure_preview", draft_of("circular", school, clerk)))
    assert answer.content.startswith(b"%PDF-")
    empty = measures.draft(school, kind="ban", actor=clerk, now=timezone.now(), until=None)
    assert client.get(url("measure_preview", empty)).status_code == 403


def test_the_preview_of_an_issued_measure_is_its_paper(client, school, clerk, leader):
    measure = issued("circular", school, clerk, leader)
    client.force_login(clerk)
    assert client.get(url("measure_preview", measure)).url == url("measure_paper", measure, "measure")


# Acts and steps.


def test_from_the_draft_to_the_end_by_its_pages(client, school, clerk, leader, officer, today):
    measure = draft_of("circular", school, clerk, timezone.now())
    client.force_login(clerk)
    assert "草稿" in text_of(client.get(url("measure_act", measure, "submit")))
    assert client.post(url("measure_act", measure, "submit")).url == measure.get_absolute_url()
    client.force_login(leader)
    assert "通报" in text_of(client.get(url("measure_act", measure, "issue")))
    assert client.post(url("measure_act", measure, "issue")).status_code == 302
    client.force_login(officer)
    step = url("measure_step", measure, "report")
    assert step in text_of(client.get(measure.get_absolute_url()))
    paper = SimpleUploadedFile("报告.pdf", b"%PDF-1.7 x", "application/pdf")
    client.post(step, {"done_on": today.isoformat(), "text": "全部改好", "document": paper})
    kept = Attachment.objects.get(purpose="report")
    assert client.get(f"/files/{kept.pk}/").status_code == 200
    client.force_login(clerk)
    client.post(url("measure_act", measure, "end"), {"note": ""})
    page = text_of(client.get(measure.get_absolute_url()))
    assert "全部改好" in page
    assert "已办结" in page


def test_the_interview_is_recorded_on_its_page(client, school, clerk, leader, today, now):
    measure = issued("interview", school, clerk, leader, now, meet_at=now)
    client.force_login(clerk)
    step = url("measure_step", measure, "hold")
    assert client.get(step).status_code == 200
    answer = client.post(step, {"done_on": today.isoformat(), "participants": "周琳、刘芳"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"problems", "demands", "promise"}
    given = {"participants": "周琳、刘芳", "problems": "逾期", "demands": "整改", "promise": "月底前"}
    assert client.post(step, given | {"done_on": today.isoformat()}).status_code == 302
    assert client.get(url("measure_paper", measure, "record")).status_code == 200
    assert client.post(step, given | {"done_on": today.isoformat()}).status_code == 400  # it is done


def test_the_school_states_its_case_and_the_bureau_records_it(client, school, clerk, leader, principal, now):
    measure = noticed(school, clerk, leader, now)
    client.force_login(principal)
    assert client.get(url("measure_paper", measure, "notice")).status_code == 200
    act = url("measure_act", measure, "state")
    assert client.post(act, {"statement": ""}).status_code == 400
    bad = SimpleUploadedFile("x.pdf", b"no pdf", "application/pdf")
    answer = client.post(act, {"statement": "正在整改", "document": bad})
    assert "document" in answer.context["form"].errors
    assert "正在整改" in text_of(answer)
    assert client.post(act, {"statement": "正在整改", "wants_hearing": "on"}).status_code == 302
    client.force_login(clerk)
    hear = url("measure_act", measure, "hear")
    answer = client.post(hear, {"hearing": "statement", "note": "已阅"})
    assert "hearing" in answer.context["form"].errors
    assert client.post(hear, {"hearing": "hearing", "note": "已听证"}).status_code == 302
    client.force_login(leader)
    assert client.post(url("measure_act", measure, "issue")).status_code == 302


def test_an_incomplete_draft_lists_what_it_lacks(client, school, clerk):
    client.force_login(clerk)
    empty = measures.draft(school, kind="accountability", actor=clerk, now=timezone.now())
    answer = client.post(url("measure_act", empty, "submit"))
    assert answer.status_code == 400
    assert "请写明当事人姓名和职务。" in text_of(answer)


def test_an_appeal_goes_to_another_leader(client, school, city, clerk, leader, principal, now):
    measure = issued("circular", school, clerk, leader, now)
    client.force_login(principal)
    assert client.post(url("measure_act", measure, "appeal"), {"reason": "事实有误"}).status_code == 302
    draft, decide = (url("measure_act", measure, act) for act in ("draft_decision", "decide_appeal"))
    client.force_login(leader)
    for act in (draft, decide):
        answer = client.get(act)
        assert answer.status_code == 403
        assert "签发人不得" in text_of(answer)
    other = UserFactory(post=(city, "city_leader"))
    client.force_login(other)
    assert "先草拟复核决定" in text_of(client.get(decide))
    client.force_login(clerk)
    assert draft in text_of(client.get(measure.get_absolute_url()))
    assert client.get(url("appeal_preview", measure)).status_code == 403
    page = client.get(draft).content.decode()
    assert 'name="version" value="1"' in page
    assert 'name="until"' not in page  # a circular has no period
    words = {"version": "1", "result": "revoked", "answer": "经复核，事实不清。"}
    assert client.post(draft, words).status_code == 302
    again = client.post(draft, words | {"answer": "另一人的话"})
    assert again.status_code == 400
    assert "另一人的话" in again.content.decode()
    assert client.get(url("appeal_preview", measure)).content.startswith(b"%PDF")
    assert "经复核，事实不清" in text_of(client.get(measure.get_absolute_url()))
    client.force_login(principal)  # nothing of the draft
    assert "事实不清" not in text_of(client.get(measure.get_absolute_url()))
    assert client.get(url("appeal_preview", measure)).status_code == 403
    client.force_login(other)
    assert "撤销通报批评" in text_of(client.get(decide))
    assert client.post(decide).status_code == 302
    assert Measure.objects.get(pk=measure.pk).status == "revoked"
    client.force_login(principal)
    page = text_of(client.get(measure.get_absolute_url()))
    paper = url("measure_paper", measure, f"appeal-{measure.appeals.get().pk}")
    assert paper in page
    assert "经复核，事实不清" in page
    assert client.get(paper).status_code == 200
    assert client.get(url("measure_paper", measure, "appeal-0")).status_code == 404


@pytest.mark.parametrize(
    ("act", "given"),
    [("send_back", {"note": "x"}), ("give_notice", {}), ("discard", {"note": "x"}), ("lift", {"note": "x"}),
     ("release", {"note": "x"}), ("submit", {}), ("end", {})],
)  # fmt: skip
def test_acts_out_of_turn_are_refused_with_words(client, school, clerk, leader, act, given):
    measure = issued("interview", school, clerk, leader)
    client.force_login(leader)
    if act == "release":
        assert client.get(url("measure_act", measure, act)).status_code == 403
        return
    before = state_of(measure)
    assert client.get(url("measure_act", measure, act)).status_code == 403
    answer = client.post(url("measure_act", measure, act), given)
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer)
    assert state_of(measure) == before


def test_who_may_see_but_not_act_is_told_why(client, school, clerk, leader, officer, auditor):
    measure = issued("circular", school, clerk, leader)
    client.force_login(auditor)
    assert client.get(url("measure_act", measure, "end")).status_code == 403
    assert client.get(url("measure_edit", measure)).status_code == 403
    assert client.get(url("measure_step", measure, "report")).status_code == 403
    client.force_login(officer)
    assert client.get(url("measure_act", measure, "appeal")).status_code == 403
    assert client.get(url("measure_act", measure, "nothing")).status_code == 404
    assert client.get(url("measure_step", measure, "publish")).status_code == 404


def test_a_stranger_gets_404_everywhere_and_changes_nothing(
    client, school, clerk, leader, stranger, proposal
):
    rows = [issued("circular", school, clerk, leader), ready("yellow_card", school, clerk)]
    before = [state_of(row) for row in rows]
    client.force_login(stranger)
    for row in rows:
        for address in (
            row.get_absolute_url(), url("measure_edit", row), url("measure_preview", row),
            url("measure_paper", row, "measure"), url("measure_step", row, "report"),
            url("measure_act", row, "issue"), url("measure_act", row, "discard"),
        ):  # fmt: skip
            assert client.get(address).status_code == 404, address
            assert client.post(address, {"note": "x"}).status_code == 404, address
    for address in (proposal.get_absolute_url(), url("proposal_take_up", proposal)):
        assert client.post(address, {"reason": "x"}).status_code == 404
    assert [state_of(row) for row in rows] == before
    assert Proposal.objects.get().status == "open"


# Proposals and triggers.


def test_a_proposal_is_read_and_taken_up(client, proposal, clerk):
    client.force_login(clerk)
    assert "疏散通道堆物" in text_of(client.get(url("proposals")))
    page = text_of(client.get(proposal.get_absolute_url()))
    assert "第十五条" in page
    assert client.get(url("proposal_take_up", proposal)).url == proposal.get_absolute_url()
    answer = client.post(url("proposal_take_up", proposal))
    measure = Measure.objects.get()
    assert answer.url == url("measure_edit", measure)
    again = client.post(url("proposal_take_up", proposal), follow=True)
    assert "已处理" in text_of(again)
    assert proposal.school.label in text_of(client.get(f"{url('proposals')}?decided=1"))
    assert measure.get_absolute_url() in text_of(client.get(proposal.get_absolute_url()))


def test_a_proposal_is_dismissed_with_a_reason(client, proposal, clerk, auditor):
    client.force_login(clerk)
    assert client.post(proposal.get_absolute_url(), {"reason": ""}).status_code == 400
    assert client.post(proposal.get_absolute_url(), {"reason": "已督办"}).url == url("proposals")
    assert client.post(proposal.get_absolute_url(), {"reason": "再次"}).status_code == 400
    client.force_login(auditor)
    page = text_of(client.get(proposal.get_absolute_url()))
    assert "已督办" in page
    assert "take-up" not in page


def test_a_stop_leads_to_its_own_page(client, school, clerk, now, today):
    hazard = hazard_at(school, rectifying=False, major=True, graded_at=now - timedelta(days=30), due_on=None)
    measures.propose_all(today=today, now=now)
    proposal = Proposal.objects.get(kind="stop")
    client.force_login(clerk)
    answer = client.post(url("proposal_take_up", proposal))
    assert hazard.number in answer.url
    assert Proposal.objects.get(kind="stop").status == "taken"


def test_a_leader_changes_a_trigger_for_the_bureau(client, clerk, leader, officer, district):
    built_in = MeasureTrigger.objects.get(code="overdue-interview")
    client.force_login(officer)
    assert client.get(url("triggers")).status_code == 403
    assert client.get(url("trigger", built_in)).status_code == 404
    client.force_login(clerk)
    assert client.get(url("triggers")).status_code == 200
    assert client.get(url("trigger", built_in)).status_code == 403
    client.force_login(leader)
    assert client.get(url("trigger", built_in)).status_code == 200
    given = {"name": "逾期", "threshold": "0", "kind": "circular", "is_active": "on"}
    answer = client.post(url("trigger", built_in), given)
    assert set(answer.context["form"].errors) == {"threshold", "basis_text"}
    answer = client.post(url("trigger", built_in), given | {"threshold": "7", "basis_text": "区方案"})
    assert answer.url == url("triggers")
    own = MeasureTrigger.objects.get(organisation=district)
    assert (own.code, own.threshold, own.kind, own.look) == ("overdue-interview", 7, "circular", "overdue")
    assert "区方案" in text_of(client.get(url("triggers")))
    assert MeasureTrigger.objects.get(pk=built_in.pk).threshold == 10


def test_an_aggravating_trigger_proposes_nothing(client, leader):
    funds = MeasureTrigger.objects.get(code="funds-aggravating")
    client.force_login(leader)
    assert "kind" not in client.get(url("trigger", funds)).context["form"].fields
    given = {"name": "资金", "threshold": "1", "basis_text": "区方案", "is_active": "on"}
    assert client.post(url("trigger", funds), given).status_code == 302


def test_the_register_of_bans_answers_by_name(client, school, clerk, leader, officer, now, today):
    issued("ban", school, clerk, leader, now, until=today + timedelta(days=1800))
    client.force_login(clerk)
    assert "刘芳" in text_of(client.get(url("bans")))
    assert "不得从事学校管理事务" in text_of(client.post(url("bans"), {"name": "刘芳"}))
    assert "没有姓名为张三的" in text_of(client.post(url("bans"), {"name": "张三"}))
    assert client.post(url("bans"), {"name": ""}).status_code == 400
    client.force_login(officer)
    assert client.get(url("bans")).status_code == 403
    assert client.post(url("bans"), {"name": "刘芳"}).status_code == 403
