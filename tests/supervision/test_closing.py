"""Closing: what locks it, the numbered sheet of each closure, its PDF, who may ask for one."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Hazard, RectificationPlan
from hazards.workflow import Grade, NotAllowed, Status
from inspections.services import notices
from schoolsafety.core import jobs
from schoolsafety.core.models import Job, NumberSequence, Paper
from schoolsafety.core.papers import render_again
from supervision.models import CloseOut
from supervision.papers import closing as papers
from supervision.services import closing
from tests.geometry import pages_of
from tests.hazards.conftest import a_photo, category, enter, major, make, planned  # noqa: F401 -- fixtures
from tests.hazards.ways import verbs_of
from tests.inspections.test_notice_papers import text_of


@pytest.fixture
def now():
    return timezone.now()


def fresh(hazard):
    return Hazard.objects.select_related("school", "category").get(pk=hazard.pk)


@pytest.fixture
def submitted(planned, officer, principal, clerk, now):  # noqa: F811 -- the fixture above
    """A major hazard: plan accepted, rectification handed in."""
    hazards.sign_plan(planned, actor=principal, now=now)
    hazards.accept_plan(planned, actor=clerk, now=now)
    photos = [a_photo(colour="blue")]
    hazards.submit(
        planned, actor=officer, measure="更换箱体并加锁", cost=Decimal(4800), photos=photos, now=now
    )
    return fresh(planned)


@pytest.fixture
def verified(submitted, clerk, now):
    return hazards.verify(submitted, actor=clerk, mode="on_site", now=now)


@pytest.fixture
def closed(verified, leader, now):
    hazards.close(verified, actor=leader, note="同意销号", now=now)
    return fresh(verified)


def general_closed(make, officer, principal, now):  # noqa: F811 -- the fixture above
    hazard = make()
    hazards.submit(hazard, actor=officer, measure="已清走", photos=[a_photo()], now=now)
    hazards.close(hazard, actor=principal, now=now)
    return fresh(hazard)


def bytes_of(paper):
    return (settings.MEDIA_ROOT / paper.file).read_bytes()


# --- locks ---------------------------------------------------------------------------------------


@pytest.fixture
def noticed(planned, district, clerk, leader, officer, principal, now):  # noqa: F811 -- the fixture above
    """A verified major hazard that a notice orders, and the notice as far as its reply is missing."""
    draft = notices.draft(planned.school, bureau=district, chosen=[planned], actor=clerk, now=now)
    notice = notices.issue(draft, actor=clerk, now=now)
    hazards.sign_plan(planned, actor=principal, now=now)
    hazards.accept_plan(planned, actor=clerk, now=now)
    hazards.submit(planned, actor=officer, measure="换了", photos=[a_photo()], now=now)
    hazards.verify(fresh(planned), actor=clerk, mode="on_site", now=now)
    return fresh(planned), notice


def test_an_unanswered_notice_locks_the_close_out(noticed, leader, now):
    hazard, notice = noticed
    with pytest.raises(NotAllowed, match=notice.number):
        hazards.close(hazard, actor=leader, now=now)
    assert fresh(hazard).status == Status.VERIFIED


def test_an_answered_notice_locks_it_until_it_is_re_checked(noticed, officer, clerk, leader, now):
    hazard, notice = noticed
    notice = notices.sign_for(notice, actor=officer, post="安全员", now=now)
    item = notice.items.get()
    answer = {
        "reply_is_done": True,
        "reply": "换了",
        "responsible": "王",
        "done_on": now.date(),
        "photos": [],
    }
    notice = notices.reply(notice, actor=officer, answers={item.pk: answer}, now=now)
    with pytest.raises(NotAllowed, match="复查"):
        hazards.close(hazard, actor=leader, now=now)
    notices.review(notice, actor=clerk, results={item.pk: ("done", "")}, reviewers="甲、乙", now=now)
    hazards.close(hazard, actor=leader, now=now)
    assert fresh(hazard).status == Status.CLOSED
    assert CloseOut.objects.get().facts["reviewers"] == "甲、乙"
    assert CloseOut.objects.get().facts["notices"] == notice.number


def test_a_withdrawn_notice_and_a_draft_lock_nothing(noticed, leader, district, clerk, now):
    hazard, notice = noticed
    notices.withdraw(notice, actor=leader, note="发错", now=now)
    hazards.close(hazard, actor=leader, now=now)
    assert fresh(hazard).status == Status.CLOSED
    assert CloseOut.objects.get().facts["notices"] == "—"


def test_a_plan_that_is_not_accepted_locks_it(verified, leader, now):
    RectificationPlan.objects.filter(hazard=verified).update(accepted_at=None, accepted_by=None)
    with pytest.raises(NotAllowed, match="方案"):
        hazards.close(verified, actor=leader, now=now)


def test_nothing_open_locks_nothing(verified):
    assert closing.notice_lock(verified) == closing.plan_lock(verified) == ""


# --- the sheet -----------------------------------------------------------------------------------


def test_a_major_close_out_numbers_its_sheet_and_the_worker_draws_it(closed, leader, district):
    row = CloseOut.objects.get()
    year = timezone.localdate().year
    assert (row.number, row.organisation, row.paper) == (f"江北教安销〔{year}〕1号", district, None)
    assert verbs_of(closed)[-2:] == ["close", "supervision.close_out"]
    job = Job.objects.get(name=closing.JOB)
    assert jobs.run(job.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.paper.number == row.number
    assert not jobs.run(job.pk, now=timezone.now())
    closing.render(row, now=timezone.now())
    assert Paper.objects.count() == 1


def test_the_sheet_says_what_was_done_by_whom_and_shows_before_and_after(closed, leader, now):
    row = closing.issue(closed, actor=leader, now=now)
    pages = pages_of(bytes_of(row.paper))
    text = text_of(pages)
    for words in [
        "江北区教育局", "事故隐患整改销号单", row.number, closed.number, "江北区育才小学", "重大事故隐患",
        "配电箱线路裸露", "东楼地下室", "更换箱体并加锁", "4,800.00元", "王建国", "提交人：李明", "陈涛",
        "现场验收，整改到位", "周琳", "同意销号", "没有整改前照片", "整改后", "校长（签字）",
        "复查人（签字）", "分管领导（签字）", "归档号", "回头看日期",
    ]:  # fmt: skip
        assert words in text, words
    assert text.count("复查人（签字）") == 2
    assert sum(len(page.images) for page in pages) == 1  # no photo of before was taken; one of after
    assert all(image["x0"] > 0 and image["x1"] < 596 for page in pages for image in page.images)


def test_the_sheet_tells_the_look_back_that_the_close_out_planned(closed, leader, now):
    day = closed.look_backs.get().due_on
    row = closing.issue(closed, actor=leader, now=now)
    text = text_of(pages_of(bytes_of(row.paper)))
    assert f"回头看日期{day.year}年{day.month}月{day.day}日" in text


def test_other_parts_add_what_they_know(closed, leader, now, monkeypatch):
    monkeypatch.setattr(closing, "SHEET_FACTS", [lambda hazard: {"listing": "江北教安督〔2026〕3号"}])
    row = closing.issue(closed, actor=leader, now=now)
    assert "江北教安督〔2026〕3号" in text_of(pages_of(bytes_of(row.paper)))


def test_photos_stand_in_pairs_and_what_has_no_partner_follows():
    one, two, three = ({"src": "data:image/png;x", "caption": day} for day in ("1日", "2日", "3日"))
    [block] = papers._photos([one, two], [three])
    captions = [photo["caption"] for row in block["rows"] for photo in row]
    assert captions == ["整改前　1日", "整改后　3日", "整改前　2日"]
    assert [block["kind"] for block in papers._photos([], [])] == ["note", "note"]


def test_the_frozen_sheet_renders_to_the_same_bytes_whatever_changes_later(closed, leader, now, school):
    row = closing.issue(closed, actor=leader, now=now)
    school.name = "江北区新名小学"
    school.save()
    Hazard.objects.filter(pk=closed.pk).update(measure="改动")
    content = render_again(row.paper)
    assert hashlib.sha256(content).hexdigest() == row.paper.sha256
    assert content == bytes_of(row.paper)


def test_what_was_frozen_at_the_closure_is_drawn_later(closed, leader, now):
    Hazard.objects.filter(pk=closed.pk).update(measure="后来改的")
    row = closing.issue(closed, actor=leader, now=now)
    assert row.facts["measures"] == "更换箱体并加锁"
    assert "后来改的" not in text_of(pages_of(bytes_of(row.paper)))


def test_asked_twice_it_is_one_sheet_and_one_number(closed, leader, principal, now):
    first = closing.issue(closed, actor=leader, now=now)
    again = closing.issue(closed, actor=principal, now=now)
    assert (again.pk, again.paper_id) == (first.pk, first.paper_id)
    assert NumberSequence.objects.get(series="close_out").last == 1


def test_a_second_closure_has_its_own_sheet(closed, clerk, officer, principal, leader, now):
    hazards.reopen(closed, actor=clerk, note="又坏了", now=now, due_on=now.date() + timedelta(days=9))
    hazard = fresh(closed)
    hazards.submit(hazard, actor=officer, measure="再换", photos=[a_photo(colour="green")], now=now)
    hazards.verify(fresh(hazard), actor=clerk, mode="on_site", now=now)
    hazards.close(fresh(hazard), actor=leader, now=now)
    assert sorted(CloseOut.objects.values_list("turn", flat=True)) == [0, 1]
    assert len(set(CloseOut.objects.values_list("number", flat=True))) == 2


def test_a_general_hazard_gets_a_sheet_on_request_only(make, officer, principal, now, district):  # noqa: F811 -- the fixture above
    hazard = general_closed(make, officer, principal, now)
    assert not CloseOut.objects.exists()
    row = closing.issue(hazard, actor=principal, now=now)
    assert (row.organisation, row.facts["grade"]) == (district, "一般事故隐患")
    assert row.paper.addressee == hazard.school


def test_without_a_mark_for_papers_the_sheet_has_no_number(make, officer, principal, now, district, city):  # noqa: F811 -- the fixture above
    for place in (district, city):
        place.paper_code = ""
        place.save()
    row = closing.issue(general_closed(make, officer, principal, now), actor=principal, now=now)
    assert (row.number, row.organisation) == (None, district)
    assert "（未编号）" in text_of(pages_of(bytes_of(row.paper)))


@pytest.mark.parametrize("who", ["officer", "staff", "auditor", "admin", "stranger"])
def test_others_do_not_issue_it(make, officer, principal, now, who, request):  # noqa: F811 -- the fixture above
    hazard = general_closed(make, officer, principal, now)
    with pytest.raises(NotAllowed):
        closing.issue(hazard, actor=request.getfixturevalue(who), now=now)
    assert not CloseOut.objects.exists()


def test_what_is_open_or_was_no_hazard_has_no_sheet(make, clerk, now):  # noqa: F811 -- the fixture above
    hazard = make()
    with pytest.raises(NotAllowed):
        closing.issue(hazard, actor=clerk, now=now)
    hazards.dismiss(hazard, actor=clerk, note="不是隐患", now=now)
    with pytest.raises(NotAllowed):
        closing.issue(hazard, actor=clerk, now=now)


# --- pages ---------------------------------------------------------------------------------------


def address(hazard):
    return f"/close-outs/{hazard.number}/"


def test_the_sheet_is_issued_on_its_page_and_linked_from_the_hazard(enter, make, officer, principal, now):  # noqa: F811 -- the fixture above
    hazard = general_closed(make, officer, principal, now)
    page = enter(principal).get(hazard.get_absolute_url())
    assert address(hazard) in [link["url"] for link in page.context["next"]["others"]]
    assert enter(principal).get(address(hazard)).status_code == 200
    done = enter(principal).post(address(hazard))
    row = CloseOut.objects.get()
    assert done.url == f"/papers/{row.paper_id}/"
    assert enter(officer).get(done.url).status_code == 200
    assert row.number in enter(officer).get(address(hazard)).content.decode()


def test_a_major_hazards_page_shows_its_sheet(enter, closed, officer):  # noqa: F811 -- the fixture above
    assert CloseOut.objects.get().number in enter(officer).get(closed.get_absolute_url()).content.decode()


def test_who_may_see_but_not_issue_reads_why(enter, make, officer, principal, now):  # noqa: F811 -- the fixture above
    hazard = general_closed(make, officer, principal, now)
    page = enter(officer).get(address(hazard))
    assert (page.status_code, bool(page.context["refusal"])) == (200, True)
    assert enter(officer).post(address(hazard)).status_code == 403
    assert not CloseOut.objects.exists()


def test_a_stranger_finds_no_sheet(enter, closed, stranger, leader, now):  # noqa: F811 -- the fixture above
    row = closing.issue(closed, actor=leader, now=now)
    assert enter(stranger).get(address(closed)).status_code == 404
    assert enter(stranger).post(address(closed)).status_code == 404
    assert enter(stranger).get(f"/papers/{row.paper_id}/").status_code == 404


def test_the_grade_decides_whether_a_number_is_used_up(make, officer, principal, now):  # noqa: F811 -- the fixture above
    assert general_closed(make, officer, principal, now).grade == Grade.GENERAL
    assert not NumberSequence.objects.filter(series="close_out").exists()
