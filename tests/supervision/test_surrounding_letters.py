"""Letters about hazards around schools: drafted, issued, answered, reminded of; joint meetings."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localdate

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import history_of
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Notification, NumberSequence, Preference
from schoolsafety.core.papers import render_again
from schoolsafety.core.workdays import calendar_for
from supervision.models import LetterPlace, Surrounding, SurroundingLetter
from supervision.services import joint_meetings as meetings
from supervision.services import surrounding_letters as letters
from supervision.services import surroundings
from tests.geometry import is_red, pages_of, rules_of
from tests.supervision.surrounding_ways import a_pdf, a_photo, letter_sent, place_at


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place(school, officer, now):
    return place_at(school, officer, now)


@pytest.fixture
def other_place(neighbour, clerk, now):
    return place_at(neighbour, clerk, now, title="网吧距校门不足二百米", kind="net_cafe", distance=150)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def after_the_clock(letter, days=1):
    """The moment `days` days after the answer was due."""
    return letter.issued_at + (letter.reply_due_on - localdate(letter.issued_at)) + timedelta(days=days)


def test_a_letter_about_several_schools_is_suggested_from_the_archive(
    place, other_place, district, clerk, now
):
    Preference.objects.create(organisation=district, key="surroundings.reply_days", value=5)
    letter = letters.draft_letter([place, other_place], actor=clerk, now=now)
    assert (letter.organisation, letter.status, letter.number) == (district, "draft", None)
    assert letter.reply_due_on == calendar_for(district).add(localdate(now), 5)
    assert letter.addressee == "江北区城市管理局"
    assert "等2所学校" in letter.title
    assert "2处隐患" in letter.body
    assert [each.surrounding_id for each in letter.places.all()] == [place.pk, other_place.pk]
    assert not NumberSequence.objects.filter(series="letter").exists()


def test_who_may_draft_and_who_may_issue(place, officer, stranger, clerk, leader, auditor, now):
    for person in (officer, stranger, auditor):
        with pytest.raises(NotAllowed):
            letters.draft_letter([place], actor=person, now=now)
    letter = letters.draft_letter([place], actor=clerk, now=now)
    with pytest.raises(NotAllowed, match="领导"):
        letters.issue_letter(letter, actor=clerk, now=now)
    assert (
        letters.issue_letter(letter, actor=leader, now=now).number
        == f"江北教安函〔{localdate(now).year}〕1号"
    )
    with pytest.raises(NotAllowed):
        letters.issue_letter(letter, actor=leader, now=now)
    assert fresh(place).status == "sent"


def test_a_place_stands_in_one_open_letter(place, other_place, clerk, now):
    letters.draft_letter([place], actor=clerk, now=now)
    with pytest.raises(ValidationError, match=place.number):
        letters.draft_letter([place, other_place], actor=clerk, now=now)
    assert SurroundingLetter.objects.count() == 1


def test_a_discarded_draft_sets_its_places_free(place, clerk, now):
    letter = letters.draft_letter([place], actor=clerk, now=now)
    letters.discard_letter(letter, actor=clerk, now=now)
    with pytest.raises(NotAllowed):
        letters.discard_letter(letter, actor=clerk, now=now)
    assert letters.draft_letter([place], actor=clerk, now=now)


def test_an_edited_draft_keeps_the_second_from_overwriting(place, clerk, now):
    letter = letters.draft_letter([place], actor=clerk, now=now)
    letters.edit_letter(letter, actor=clerk, now=now, version=1, addressee="江北区人民政府")
    with pytest.raises(ValidationError):
        letters.edit_letter(letter, actor=clerk, now=now, version=1, addressee="别处")
    assert fresh(letter).addressee == "江北区人民政府"


def test_a_letter_without_a_mark_or_too_late_is_not_issued(place, district, clerk, leader, now):
    letter = letters.draft_letter([place], actor=clerk, now=now, reply_due_on=localdate(now))
    with pytest.raises(ValidationError):
        letters.issue_letter(letter, actor=leader, now=now)
    letters.edit_letter(
        letter, actor=clerk, now=now, version=1, reply_due_on=localdate(now) + timedelta(days=9)
    )
    district.paper_code = ""
    district.save()
    with pytest.raises(ValidationError, match="代字"):
        letters.issue_letter(letter, actor=leader, now=now)
    assert fresh(place).status == "recorded"


def test_what_was_solved_meanwhile_stays_out_of_the_letter(place, other_place, officer, clerk, leader, now):
    letter = letters.draft_letter([place, other_place], actor=clerk, now=now)
    surroundings.solve_surrounding(
        place, actor=officer, now=now, note="清理", solved_on=localdate(now), proofs=[a_photo()]
    )
    letter = letters.issue_letter(letter, actor=leader, now=now)
    assert (fresh(place).status, fresh(other_place).status) == ("solved", "sent")
    assert place.title not in str(letter.paper.data["body"])
    assert not LetterPlace.objects.get(letter=letter, surrounding=place).is_current


def test_an_answer_is_recorded_with_date_file_and_words_for_each_place(
    place, other_place, clerk, leader, now
):
    letter = letter_sent([place, other_place], clerk, leader, now)
    day = localdate(now)
    with pytest.raises(ValidationError) as error:
        letters.record_reply(letter, actor=clerk, now=now, replied_on=day - timedelta(days=1), reply="已安排")
    assert "replied_on" in error.value.message_dict
    letters.record_reply(
        letter, actor=clerk, now=now, replied_on=day, reply="已安排专项整治", proofs=[a_pdf()],
        answers={place.pk: {"answer": "一周内清理", "promised_on": day + timedelta(days=7)}},
        reply_number="江北城管函〔2026〕7号",
    )  # fmt: skip
    assert [fresh(row).status for row in (letter, place, other_place)] == ["answered"] * 3
    assert letter.places.get(surrounding=place).promised_on == day + timedelta(days=7)
    assert attachments_of(letter, "reply").get().name == "复函.pdf"
    with pytest.raises(NotAllowed):
        letters.record_reply(letter, actor=clerk, now=now, replied_on=day, reply="再次")


def test_only_the_bureau_records_the_answer(place, clerk, leader, officer, now):
    letter = letter_sent([place], clerk, leader, now)
    with pytest.raises(NotAllowed):
        letters.record_reply(letter, actor=officer, now=now, replied_on=localdate(now), reply="已安排")


def test_the_bureau_is_told_once_when_the_clock_runs_out(place, clerk, leader, now):
    letter = letter_sent([place], clerk, leader, now)
    late = after_the_clock(letter)
    assert letters.tell_of_late_letters(on=letter.reply_due_on, now=now) == 0
    assert letters.tell_of_late_letters(on=localdate(late), now=late) == 2  # clerk and leader
    assert letters.tell_of_late_letters(on=localdate(late), now=late) == 0
    assert Notification.objects.filter(verb="supervision.letter_late", user=clerk).count() == 1


def test_a_letter_whose_places_are_solved_is_not_late(place, officer, clerk, leader, now):
    letter = letter_sent([place], clerk, leader, now)
    surroundings.solve_surrounding(
        place, actor=officer, now=now, note="清理", solved_on=localdate(now), proofs=[a_photo()]
    )
    assert not letters.late_letters(localdate(after_the_clock(letter))).exists()


def test_a_reminder_comes_after_the_clock_and_names_the_first_letter(place, clerk, leader, now):
    letter = letter_sent([place], clerk, leader, now)
    with pytest.raises(ValidationError):
        letters.draft_reminder(letter, actor=clerk, now=now)
    late = after_the_clock(letter)
    draft = letters.draft_reminder(letter, actor=clerk, now=late)
    assert letters.draft_reminder(letter, actor=clerk, now=late) == draft  # pressed twice
    reminder = letters.issue_letter(draft, actor=leader, now=late)
    assert (reminder.first, reminder.round) == (letter, 2)
    words = str(reminder.paper.data["body"])
    assert letter.number in words
    assert "第1次催办" in words
    assert fresh(letter).status == "reminded"
    assert [one.letter for one in place.letter_places.filter(is_current=True)] == [reminder]
    assert not letters.late_letters(localdate(late)).exists()  # its own clock runs now


def test_the_second_reminder_names_both_letters_before(place, clerk, leader, now):
    first = letter_sent([place], clerk, leader, now)
    late = after_the_clock(first)
    second = letters.issue_letter(
        letters.draft_reminder(first, actor=clerk, now=late), actor=leader, now=late
    )
    later = after_the_clock(second)
    third = letters.issue_letter(
        letters.draft_reminder(second, actor=clerk, now=later), actor=leader, now=later
    )
    words = str(third.paper.data["body"])
    assert first.number in words
    assert second.number in words
    assert "第2次催办" in words
    assert (third.first, third.round) == (first, 3)
    letters.record_reply(third, actor=clerk, now=later, replied_on=localdate(later), reply="已清理")
    assert fresh(place).status == "answered"


def test_a_reminder_is_not_issued_when_the_answer_came_meanwhile(place, clerk, leader, now):
    letter = letter_sent([place], clerk, leader, now)
    late = after_the_clock(letter)
    draft = letters.draft_reminder(letter, actor=clerk, now=late)
    letters.record_reply(letter, actor=clerk, now=late, replied_on=localdate(late), reply="已安排")
    with pytest.raises(ValidationError):
        letters.issue_letter(draft, actor=leader, now=late)
    assert letters.discard_letter(draft, actor=clerk, now=late).status == "discarded"


def test_answered_and_still_there_can_be_written_about_again(place, clerk, leader, now):
    letter = letter_sent([place], clerk, leader, now)
    letters.record_reply(letter, actor=clerk, now=now, replied_on=localdate(now), reply="已安排")
    assert letter_sent([place], clerk, leader, now).number.endswith("2号")


def test_the_letter_is_a_letter_with_table_number_and_reply_day(place, other_place, clerk, leader, now):
    letter = letter_sent([place, other_place], clerk, leader, now, contact="陈涛 0000-5550100")
    content = (settings.MEDIA_ROOT / letter.paper.file).read_bytes()
    page = pages_of(content)[0]
    rules = [rule for rule in rules_of(page, wider_than=165) if is_red(rule.colour)]
    assert {round(rule.width) for rule in rules} == {170}
    cells = [c or "" for one in pages_of(content) for t in one.extract_tables() for row in t for c in row]
    text = "".join("".join([*[one.extract_text() for one in pages_of(content)], *cells]).split())
    due = letter.reply_due_on
    for words in [
        "江北区教育局", letter.number, "江北区城市管理局：", "流动食品摊占道经营", "距校约60米",
        "网吧距校门不足二百米", "护学岗疏导", f"请于{due.year}年{due.month}月{due.day}日前", "此函。",
        "联系人：陈涛0000-5550100",
    ]:  # fmt: skip
        assert words in text, words
    assert "草稿" not in text
    assert render_again(letter.paper) == content


def test_the_school_of_the_only_place_reads_the_paper_others_do_not(
    client, place, other_place, officer, stranger, clerk, leader, now
):
    own = letter_sent([place], clerk, leader, now)
    client.force_login(officer)
    assert client.get(f"/papers/{own.paper_id}/").status_code == 200
    client.force_login(stranger)
    assert client.get(f"/papers/{own.paper_id}/").status_code == 404
    letters.record_reply(own, actor=clerk, now=now, replied_on=localdate(now), reply="已安排")
    shared = letter_sent([place, other_place], clerk, leader, now)
    client.force_login(officer)
    assert client.get(f"/papers/{shared.paper_id}/").status_code == 404  # another school stands in it too


def call(places, clerk, now, **changes):
    values = {"title": "校园周边联席会议", "held_on": localdate(now), "members": "城管局 张三 科长"} | changes
    return meetings.call_meeting(places, actor=clerk, now=now, **values)


def test_a_joint_meeting_is_called_and_recorded_with_decisions(place, other_place, clerk, officer, now):
    with pytest.raises(NotAllowed):
        call([place], officer, now)
    meeting = call([place, other_place], clerk, now)
    line = meeting.places.get(surrounding=place)
    assert line.lead == "江北区城市管理局"
    meetings.record_meeting(
        meeting, actor=clerk, now=now, held_on=localdate(now), members="城管局 张三", minutes="逐处研究",
        decisions={line.pk: {"decision": "一周内清理", "lead": "城管局", "due_on": localdate(now)}},
        proofs=[a_pdf("纪要.pdf")],
    )  # fmt: skip
    line.refresh_from_db()
    assert (fresh(meeting).status, line.decision) == ("held", "一周内清理")
    assert attachments_of(meeting, "minutes").count() == 1
    assert history_of(place).first().verb == "supervision.discuss_surrounding"
    with pytest.raises(NotAllowed):
        meetings.call_off_meeting(meeting, actor=clerk, now=now, note="改期")


def test_a_meeting_needs_unsolved_places_members_and_minutes(place, officer, clerk, stranger, now):
    with pytest.raises(ValidationError):
        call([place], clerk, now, members=" ")
    meeting = call([place], clerk, now)
    for person in (officer, stranger):
        with pytest.raises(NotAllowed):
            meetings.call_off_meeting(meeting, actor=person, now=now, note="改期")
    for wrong in ({"minutes": ""}, {"held_on": localdate(now) + timedelta(days=1)}):
        values = {"held_on": localdate(now), "members": "张三", "minutes": "研究"} | wrong
        with pytest.raises(ValidationError):
            meetings.record_meeting(meeting, actor=clerk, now=now, **values)
    assert meetings.call_off_meeting(meeting, actor=clerk, now=now, note="改期").status == "called_off"
    Surrounding.objects.filter(pk=place.pk).update(status="closed")
    with pytest.raises(ValidationError):
        call([place], clerk, now)
