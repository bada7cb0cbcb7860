"""The deadline adviser: what speaks against a day, which day is better, how a field asks."""

from datetime import date

import pytest
import time_machine
from django import forms
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from schoolsafety.core import calendars
from schoolsafety.core.advising import SchoolYear, Span, advise, school_year
from schoolsafety.core.deadlines import watch
from schoolsafety.core.models import CalendarWindow, Event
from schoolsafety.core.workdays import WorkCalendar
from tests.factories import CalendarDayFactory, TermFactory

PAGE = "/calendar/"
Kind = CalendarWindow.Kind
# 2026: National Day from Thursday 1 to Wednesday 7 October; Saturday 10 is worked.
YEAR = SchoolYear(
    WorkCalendar(
        holidays=frozenset(date(2026, 10, n) for n in range(1, 8)),
        workdays=frozenset({date(2026, 10, 10)}),
        closures=frozenset({date(2026, 11, 27)}),
        terms=((date(2026, 2, 23), date(2026, 7, 3)), (date(2026, 9, 1), date(2027, 1, 22))),
    ),
    exams=(Span("高考", date(2026, 6, 7), date(2026, 6, 10)),),
    works=(Span("暑期施工", date(2026, 7, 6), date(2026, 8, 21)),),
)
TODAY = date(2026, 5, 6)


def day(text):
    return date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("deadline", "word", "better"),
    [
        ("09-18", "", None),  # a Friday in term
        ("10-10", "", None),  # a Saturday that is worked
        ("09-19", "周末", "09-18"),
        ("10-01", "节假日", "09-30"),
        ("10-04", "节假日", "09-30"),  # a Sunday inside the holiday is a holiday
        ("11-27", "停课", "11-26"),
        ("06-09", "高考", "06-05"),  # not Sunday the 7th, not Saturday the 6th
        ("07-20", "暑期施工", "08-21"),  # on to the end of the works
        ("08-21", "", None),  # the last day of the works is a good one
        ("08-25", "学期", "08-31"),  # on to the eve of term
        ("08-31", "", None),
    ],
)
def test_a_day_is_judged_and_a_better_one_named(deadline, word, better):
    advice = advise(day(deadline), YEAR, TODAY)
    assert bool(advice.reasons) == bool(word)
    assert all(word in reason for reason in advice.reasons[:1])
    assert advice.better == (day(better) if better else None)


def test_after_the_last_known_term_the_better_day_is_its_last():
    assert advise(date(2027, 1, 28), YEAR, TODAY).better == date(2027, 1, 22)


def test_where_no_earlier_day_is_left_the_next_good_one_is_named():
    assert advise(day("09-19"), YEAR, day("09-18")).better == day("09-21")
    assert advise(day("06-09"), YEAR, day("06-05")).better == day("06-11")


def test_works_to_come_are_a_word_and_no_reason():
    advice = advise(day("06-18"), YEAR, TODAY)
    assert (advice.reasons, advice.better) == ((), None)
    assert "暑期施工" in advice.notes[0]
    assert advise(day("09-18"), YEAR, TODAY).notes == ()


def test_a_year_whose_holidays_nobody_knows_yet_is_told():
    assert "2027" in advise(date(2027, 1, 14), YEAR, TODAY).notes[0]
    assert advise(date(2027, 1, 14), SchoolYear(WorkCalendar()), TODAY).notes == ()


def test_without_terms_and_windows_only_days_off_count():
    bare = SchoolYear(WorkCalendar())
    assert advise(day("08-05"), bare, TODAY).reasons == ()
    assert advise(day("08-08"), bare, TODAY).better == day("08-07")


def test_a_day_that_is_past_is_left_to_the_form():
    assert advise(day("05-03"), YEAR, TODAY).reasons == ()


@given(st.dates(date(2026, 5, 7), date(2027, 2, 28)), st.dates(date(2026, 5, 6), date(2026, 12, 31)))
def test_a_better_day_is_good_and_lies_after_today(deadline, today):
    better = advise(deadline, YEAR, today).better
    if better is not None:
        assert better > today
        assert advise(better, YEAR, today).reasons == ()


# The windows of the calendar.


def test_windows_hold_where_they_are_set_and_below(admin, city, district, other_district, school):
    facts = {"actor": admin, "starts_on": day("06-07"), "ends_on": day("06-10")}
    calendars.add_window(city, kind=Kind.EXAMS, name="高考", **facts)
    calendars.add_window(other_district, kind=Kind.WORKS, name="别处施工", **facts)
    calendars.add_window(district, kind=Kind.WORKS, name="本区施工", **facts)
    year = school_year(school)
    assert [span.name for span in (*year.exams, *year.works)] == ["高考", "本区施工"]


def test_windows_are_kept_on_the_calendars_page(as_admin, city):
    window = {
        "add_window": "1", "window-kind": Kind.EXAMS, "window-name": "高考",
        "window-starts_on": "2026-06-07", "window-ends_on": "2026-06-10",
    }  # fmt: skip
    for _press in range(2):  # the second press of the same words changes nothing
        assert as_admin.post(f"{PAGE}?year=2026", window).status_code == 302
    row = CalendarWindow.objects.get()
    assert row.organisation is None
    assert "高考" in as_admin.get(PAGE, {"year": 2026}).content.decode()
    assert "高考" not in as_admin.get(PAGE, {"year": 2027}).content.decode()
    other = as_admin.post(PAGE, window | {"window-name": "会考"})
    assert other.status_code == 400
    assert "重叠" in other.content.decode()
    assert as_admin.post(PAGE, window | {"window-ends_on": "2026-06-01"}).status_code == 400
    as_admin.post(PAGE, {"drop_window": row.pk})
    assert not CalendarWindow.objects.exists()
    assert "已被删除" in as_admin.post(PAGE, {"drop_window": row.pk}, follow=True).content.decode()
    assert Event.objects.filter(verb="core.change_calendar").count() == 2


# The field.


class DayForm(forms.Form):
    due_on = forms.DateField(label="Deadline", required=False)


def asked(school, **data):
    query = QueryDict(mutable=True)
    query.update(data)
    return watch(DayForm(query), school, TODAY, "due_on", "no_such_field")


def test_a_field_asks_once_and_takes_either_answer(school):
    CalendarDayFactory(day=day("10-01"))
    form = asked(school, due_on="2026-10-01", asks_due_on="1")
    assert not form.is_valid()
    assert form.fields["due_on"].advice.better == day("09-30")
    kept = asked(school, due_on="2026-10-01", asks_due_on="1", keep_due_on="2026-10-01")
    assert kept.is_valid()
    assert kept.cleaned_data["due_on"] == day("10-01")
    used = asked(school, due_on="2026-10-01", asks_due_on="1", use_due_on="2026-09-30")
    assert used.is_valid()
    assert used.cleaned_data["due_on"] == day("09-30")
    # To keep one day is no answer about another.
    assert not asked(school, due_on="2026-10-03", asks_due_on="1", keep_due_on="2026-10-01").is_valid()


def test_a_good_day_or_none_is_not_asked_about(school):
    assert asked(school, due_on="2026-09-30", asks_due_on="1").is_valid()
    assert asked(school, due_on="", asks_due_on="1").is_valid()
    assert asked(school, due_on="2026-09-27").is_valid()  # a page that cannot show the question
    assert not asked(school, due_on="soon", asks_due_on="1").is_valid()


@time_machine.travel("2026-05-06 10:00+08:00")
def test_the_words_for_a_field_being_filled_in(client, clerk, officer, stranger, school, city):
    TermFactory(organisation=city)
    calendars.CalendarWindow.objects.create(
        kind=Kind.EXAMS, name="高考", starts_on=day("06-07"), ends_on=day("06-10")
    )
    address = reverse("core:deadline", args=[school.pk])
    for person in (clerk, officer):
        client.force_login(person)
        page = client.get(address, {"day": "2026-06-08", "name": "due_on"}).content.decode()
        assert "高考" in page
        assert 'name="keep_due_on" value="2026-06-08"' in page
        assert 'name="use_due_on" value="2026-06-05"' in page
    assert client.get(address, {"day": "2026-10-15"}).content.decode().strip() == ""
    assert client.get(address, {"day": "soon"}).status_code == 404
    client.force_login(stranger)
    assert client.get(address, {"day": "2026-06-08"}).status_code == 404
