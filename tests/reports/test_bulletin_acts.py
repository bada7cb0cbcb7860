"""The way of a bulletin: drafted, written, approved, numbered, issued, read."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from hazards.workflow import NotAllowed
from reports import services
from reports.models import Bulletin, BulletinReceipt
from reports.papers.bulletin import bulletin_paper
from reports.services.bulletins import tell_readers
from reports.services.preview import bulletin_pdf
from reports.workflow import BULLETIN_RULES, BulletinStatus, allowed, standing_of
from schoolsafety.core.models import Anchor, Event, Job, Notification
from schoolsafety.core.papers import render_again
from tests.factories import OrganisationFactory
from tests.reports.conftest import at, found

NOW = at("2026-11-02 09:00")


def values_of(bulletin, **changes):
    head = {"title": bulletin.title, "recipients": bulletin.recipients, "copies": bulletin.copies}
    return head | bulletin.sections | changes


@pytest.fixture
def approved(bulletin, clerk, leader):
    services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    return services.approve(bulletin, actor=leader, now=NOW)


@pytest.fixture
def issued(approved, clerk):
    return services.issue(approved, actor=clerk, now=NOW)


EXPECTED = {
    "draft": {"clerk": {"write", "refresh", "submit"}, "leader": {"write", "refresh", "submit"}},
    "review": {"leader": {"send_back", "approve"}},
    "approved": {"clerk": {"issue"}, "leader": {"issue", "send_back"}},
    "issued": {},
}


@pytest.mark.parametrize("status", BulletinStatus.values)
@pytest.mark.parametrize(
    "person", ["officer", "principal", "clerk", "leader", "city_clerk", "auditor", "admin"]
)
def test_only_the_bureau_itself_acts_on_its_bulletin(request, district, status, person):
    user = request.getfixturevalue(person)
    may = {str(action) for action in allowed(BULLETIN_RULES, status, standing_of(user.posts, district.path))}
    assert may == EXPECTED[status].get(person, set())


def test_the_draft_says_what_the_records_say(bulletin):
    text = bulletin.sections["situation"]
    assert "应巡查2校日，实际巡查1校日，巡查落实率50.0%" in text
    assert "本月新增2处，销号1处，月末未销号1处" in text
    assert "按期整改1处，按期整改率50.0%" in text
    assert "配电箱" not in text
    assert "江北区实验中学（1处）" in bulletin.sections["criticism"]
    assert "江北区实验中学（缺1天）" in bulletin.sections["criticism"]


def test_drafting_again_opens_the_same_bulletin(bulletin, clerk, district):
    services.edit(bulletin, actor=clerk, values=values_of(bulletin, praise="育才小学"), version=1, now=NOW)
    again = services.draft(district, date(2026, 10, 1), now=NOW, actor=clerk)
    assert (again.pk, again.sections["praise"]) == (bulletin.pk, "育才小学")


def test_a_month_that_is_not_over_is_refused(bulletin, district, clerk):
    with pytest.raises(ValidationError):
        services.draft(district, date(2026, 11, 1), now=NOW, actor=clerk)


def test_a_school_issues_no_bulletin(term, school):
    with pytest.raises(ValidationError):
        services.draft(school, date(2026, 10, 1), now=NOW)


@pytest.mark.parametrize("person", ["officer", "city_clerk", "admin"])
def test_nobody_else_drafts_for_the_bureau(request, bulletin, district, person):
    with pytest.raises(NotAllowed):
        services.draft(district, date(2026, 9, 1), now=NOW, actor=request.getfixturevalue(person))


def test_the_second_of_two_writers_is_told(bulletin, clerk, leader):
    services.edit(bulletin, actor=clerk, values=values_of(bulletin, praise="甲"), version=1, now=NOW)
    with pytest.raises(services.EditedMeanwhile):
        services.edit(bulletin, actor=leader, values=values_of(bulletin, praise="乙"), version=1, now=NOW)
    assert Bulletin.objects.get().sections["praise"] == "甲"


def test_new_figures_renew_the_sections_that_nobody_touched(bulletin, clerk, school):
    services.edit(bulletin, actor=clerk, values=values_of(bulletin, criticism="另行通报"), version=1, now=NOW)
    found(school, "2026-10-30")
    fresh = services.redraw(bulletin, actor=clerk, now=NOW)
    assert "本月新增3处" in fresh.sections["situation"]
    assert fresh.sections["criticism"] == "另行通报"


def test_an_empty_situation_cannot_be_submitted(bulletin, clerk):
    services.edit(bulletin, actor=clerk, values=values_of(bulletin, situation=""), version=1, now=NOW)
    with pytest.raises(ValidationError) as refusal:
        services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    assert "situation" in refusal.value.message_dict
    assert Bulletin.objects.get().status == BulletinStatus.DRAFT


def test_the_leader_sends_it_back_with_a_reason(approved, leader, clerk):
    with pytest.raises(ValidationError):
        services.send_back_bulletin(approved, actor=leader, note="", now=NOW)
    back = services.send_back_bulletin(approved, actor=leader, note="数字再核", now=NOW)
    assert (back.status, back.approved_by) == (BulletinStatus.DRAFT, None)
    assert Notification.objects.filter(user=clerk, text__contains="数字再核").exists()


def test_issuing_gives_number_paper_and_receipts(issued, school, neighbour):
    assert issued.number == "江北教安通〔2026〕1号"
    assert {receipt.organisation for receipt in issued.receipts.all()} == {school, neighbour}
    assert issued.read_due_on == date(2026, 11, 5)
    assert issued.paper.number == issued.number
    assert Job.objects.filter(name="reports.tell_bulletin").count() == 1
    assert issued.paper.sha256 in Event.objects.get(verb="reports.issue_bulletin").payload


def test_what_was_issued_does_not_change(issued, clerk, leader, school):
    found(school, "2026-10-31")
    for act in (services.redraw, services.submit_bulletin, services.approve, services.issue):
        with pytest.raises(NotAllowed):
            act(issued, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        services.edit(issued, actor=clerk, values=values_of(issued), version=issued.version, now=NOW)
    render_again(issued.paper)


def test_a_bureau_without_a_mark_issues_nothing(approved, clerk, district):
    district.paper_code = ""
    district.save()
    with pytest.raises(ValidationError):
        services.issue(approved, actor=clerk, now=NOW)
    assert Bulletin.objects.get().number is None
    assert not BulletinReceipt.objects.exists()


def test_the_paper_names_the_newest_anchor_of_the_log(approved, clerk):
    Anchor.objects.create(
        day=date(2026, 11, 1), taken_at=NOW, heads=1, root="a" * 64, prev="0" * 64, hash="b" * 64
    )
    issued = services.issue(approved, actor=clerk, now=NOW)
    assert "2026年11月1日操作日志锚定摘要（SHA-256）为" + "b" * 64 in str(issued.paper.data["annexes"])


def test_everyone_below_is_told_once(issued, officer, principal, stranger):
    assert tell_readers(issued, now=NOW) == 3
    assert tell_readers(issued, now=NOW) == 0


def test_reading_is_confirmed_for_ones_own_school_once(issued, principal, officer, school, neighbour):
    assert services.confirm_reading(issued, actor=principal, now=NOW) == 1
    assert services.confirm_reading(issued, actor=officer, now=NOW) == 0
    assert issued.receipts.get(organisation=school).read_by == principal
    assert issued.receipts.get(organisation=neighbour).read_at is None


def test_a_draft_cannot_be_read(bulletin, principal):
    with pytest.raises(NotAllowed):
        services.confirm_reading(bulletin, actor=principal, now=NOW)


def test_the_draft_pdf_says_that_it_is_one(bulletin):
    assert bulletin_pdf(bulletin).startswith(b"%PDF")
    data = bulletin_paper(bulletin)
    assert (data["urgency"], data["number"]) == ("草稿", "（草稿，未编号）")


def test_the_command_drafts_and_writes_the_pdf(term, district, school, time_machine, tmp_path, capsys):
    time_machine.move_to(NOW)
    found(school, "2026-10-12")
    target = tmp_path / "bulletin.pdf"
    call_command("monthly_bulletin", month="2026-10", organisation="LJ-JB", pdf=str(target))
    assert target.read_bytes().startswith(b"%PDF")
    assert "关于2026年10月学校安全隐患排查治理情况的通报" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("month", "code"), [("2026-13", "LJ-JB"), ("october", "LJ-JB"), ("2099-01", "LJ-JB"), ("2026-10", "NOPE")]
)
def test_the_command_says_what_is_wrong(district, month, code):
    with pytest.raises(CommandError):
        call_command("monthly_bulletin", month=month, organisation=code)
    assert not Bulletin.objects.exists()


def test_a_city_counts_the_schools_of_all_districts(bulletin, city, other_district):
    found(OrganisationFactory(parent=other_district), "2026-10-09")
    above = services.draft(city, date(2026, 10, 1), now=NOW)
    assert above.figures["counts"]["schools"] == 3
    assert above.figures["counts"]["general"]["new"] == 3
    assert "全市" in above.sections["situation"]
