"""The pages of hazards around schools: every address, who sees what, what was typed stays, what they cost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from python_calamine import load_workbook

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import Status
from schoolsafety.core.duties import duties_of
from supervision.duties_surroundings import surrounding_duties
from supervision.models import Surrounding, SurroundingLetter
from supervision.schedule_surroundings import late_letters
from supervision.services import joint_meetings as meetings
from supervision.services import surrounding_letters as letters
from supervision.services.surroundings import solve_surrounding
from tests.supervision.surrounding_ways import a_pdf, a_photo, letter_sent, place_at, protected

LIST = reverse("supervision:surroundings")
LETTERS = reverse("supervision:surrounding_letters")
MEETINGS = reverse("supervision:joint_meetings")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place(school, officer, now):
    return place_at(school, officer, now)


@pytest.fixture
def letter(place, clerk, leader, now):
    return letter_sent([place], clerk, leader, now)


@pytest.fixture
def meeting(place, clerk, now):
    return meetings.call_meeting(
        [place], actor=clerk, now=now, title="校园周边联席会议", held_on=localdate(now), members="城管局 张三"
    )


@pytest.fixture
def as_user(client):
    def enter(user):
        client.force_login(user)
        return client

    return enter


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def act_of(name, row, action):
    key = row.number if isinstance(row, Surrounding) else row.pk
    return reverse(f"supervision:{name}", args=[key, action])


def facts(now, **changes):
    return {
        "kind": "food_stall", "title": "流动摊点", "place": "校门东侧", "distance": "40",
        "found_on": str(localdate(now)), "agency": "", "protection": "", "description": "",
    } | changes  # fmt: skip


def workbook(answer):
    content = b"".join(answer.streaming_content)
    return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_lists_cost_the_same_for_one_row_and_for_three(
    as_user, school, officer, clerk, leader, letter, meeting, now
):
    client = as_user(clerk)
    one = [cost(client, address) for address in (LIST, LETTERS, MEETINGS)]
    for _each in range(2):
        place = place_at(school, officer, now)
        letter_sent([place], clerk, leader, now)
        meetings.call_meeting(
            [place], actor=clerk, now=now, title="联席会议", held_on=localdate(now), members="张三"
        )
    assert [cost(client, address) for address in (LIST, LETTERS, MEETINGS)] == one


def test_one_page_costs_the_same_for_one_letter_and_place_and_for_three(
    as_user, school, officer, clerk, leader, letter, meeting, now
):
    place = letter.places.get().surrounding
    pages = [place.get_absolute_url(), letter.get_absolute_url(), meeting.get_absolute_url()]
    client = as_user(clerk)
    cost(client, pages[0])
    few = [cost(client, page) for page in pages]
    places = [place_at(school, officer, now) for _each in range(3)]
    many = letter_sent(places, clerk, leader, now)
    wide = meetings.call_meeting(
        places, actor=clerk, now=now, title="联席会议", held_on=localdate(now), members="张三"
    )
    letters.record_reply(many, actor=clerk, now=now, replied_on=localdate(now), reply="已安排")
    again = letter_sent([places[0]], clerk, leader, now)
    assert again.pk
    rows = [places[0].get_absolute_url(), many.get_absolute_url(), wide.get_absolute_url()]
    assert [cost(client, page) for page in rows] == few


def test_a_school_records_its_own_place(as_user, officer, school, now):
    client = as_user(officer)
    address = reverse("supervision:surrounding_new")
    assert "school" not in client.get(address).context["form"].fields
    answer = client.post(address, facts(now) | {"photos": [a_photo()]})
    row = Surrounding.objects.get()
    assert (answer.url, row.school, row.agency) == (row.get_absolute_url(), school, "城市管理部门")


def test_a_bureau_names_the_school_and_bad_input_keeps_what_was_typed(as_user, clerk, school, neighbour, now):
    client = as_user(clerk)
    address = reverse("supervision:surrounding_new")
    answer = client.post(address, facts(now, school="没有的学校", distance="-3"))
    assert answer.status_code == 400
    assert {"school", "distance"} <= set(answer.context["form"].errors)
    assert "流动摊点" in answer.content.decode()
    answer = client.post(address, facts(now, school=school.code, distance="90000"))
    assert "distance" in answer.context["form"].errors
    tomorrow = str(localdate(now) + timedelta(days=1))
    answer = client.post(address, facts(now, school=school.code, found_on=tomorrow))
    assert "found_on" in answer.context["form"].errors
    assert client.post(address, facts(now, school=school.code)).status_code == 302


def test_who_may_only_read_does_not_record(as_user, auditor, staff):
    for person in (auditor, staff):
        assert as_user(person).get(reverse("supervision:surrounding_new")).status_code == 403


def test_a_stranger_finds_nothing(as_user, stranger, place, letter, meeting, now):
    client = as_user(stranger)
    assert client.get(LIST).context["rows"] == []
    for address in (
        place.get_absolute_url(), act_of("surrounding_act", place, "solve"), letter.get_absolute_url(),
        reverse("supervision:surrounding_letter_preview", args=[letter.pk]),
        act_of("surrounding_letter_act", letter, "reply"), meeting.get_absolute_url(),
        reverse("supervision:joint_meeting_list", args=[meeting.pk]),
        act_of("joint_meeting_act", meeting, "record"),
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"note": "x"}).status_code == 404, address


def test_a_school_sees_its_place_with_the_letters_number_but_not_the_letter(
    as_user, officer, letter, meeting
):
    client = as_user(officer)
    page = client.get(letter.places.get().surrounding.get_absolute_url()).content.decode()
    assert letter.number in page
    assert letter.get_absolute_url() not in page
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_the_archive_is_filtered_and_exported(as_user, school, neighbour, officer, clerk, leader, now):
    near = place_at(school, officer, now, title="网吧", kind="net_cafe", distance=20)
    far = place_at(neighbour, clerk, now, distance=800)
    letter_sent([far], clerk, leader, now)
    client = as_user(clerk)
    for query, found in {
        "q=网吧": {near.number}, f"within={neighbour.pk}": {far.number},
        "status=open": {near.number, far.number},
        "status=late": set(), "status=sent": {far.number}, "kind=net_cafe": {near.number},
        "nearer=100": {near.number},
    }.items():  # fmt: skip
        rows = client.get(f"{LIST}?{query}").context["rows"]
        assert {row["number"] for row in rows} == found, query
    SurroundingLetter.objects.update(reply_due_on=localdate(now) - timedelta(days=2))
    late = client.get(f"{LIST}?status=late").context["rows"]
    assert [flag[0] for flag in late[0]["flags"]] == ["late"]
    sheet = workbook(client.get(f"{LIST}?export=1&nearer=100"))
    assert len(sheet) == 2
    assert {near.number, "网吧", 20} <= set(sheet[1])


def test_chosen_places_go_to_a_letter_or_a_meeting(as_user, clerk, place):
    client = as_user(clerk)
    answer = client.post(LIST, {"does": "letter", "place": [place.number]})
    assert answer.url == f"{reverse('supervision:surrounding_letter_new')}?place={place.number}"
    answer = client.post(LIST, {"does": "meeting", "place": [place.number]})
    assert answer.url.startswith(reverse("supervision:joint_meeting_new"))
    assert client.post(LIST, {"does": "letter"}).url == LIST


def test_the_acts_on_a_place(as_user, officer, principal, clerk, place, now):
    client = as_user(officer)
    assert client.get(act_of("surrounding_act", place, "nonsense")).status_code == 404
    assert client.get(act_of("surrounding_act", place, "drop")).status_code == 403
    answer = client.post(act_of("surrounding_act", place, "edit"), facts(now, distance="77"))
    assert answer.url == place.get_absolute_url()
    solve = act_of("surrounding_act", place, "solve")
    answer = client.post(solve, {"note": "城管已清", "solved_on": str(localdate(now))})
    assert answer.status_code == 400
    assert "proofs" in answer.context["form"].errors
    assert "城管已清" in answer.content.decode()
    answer = client.post(solve, {"note": "已清", "solved_on": str(localdate(now)), "proofs": a_photo()})
    assert answer.status_code == 302
    again = act_of("surrounding_act", place, "look-again")
    assert client.get(again).status_code == 403  # it is the officer's own word
    client = as_user(principal)
    assert "note" in client.post(again, {"outcome": "back"}).context["form"].errors
    assert client.post(again, {"outcome": "gone"}).status_code == 302
    assert Surrounding.objects.get().status == "closed"
    assert as_user(clerk).get(act_of("surrounding_act", place, "drop")).status_code == 403


def test_a_hazard_is_handed_over_from_its_page(as_user, school, officer, clerk, stranger, now):
    hazard = protected(school, officer, now, title="墙外施工")
    address = reverse("supervision:surrounding_from", args=[hazard.number])
    page = as_user(clerk).get(hazard.get_absolute_url()).content.decode()
    assert address in page
    client = as_user(officer)
    assert address not in client.get(hazard.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403
    assert as_user(stranger).get(address).status_code == 404
    client = as_user(clerk)
    assert client.get(address).context["form"].initial["title"] == "墙外施工"
    answer = client.post(address, facts(now, kind="works"))
    assert "note" in answer.context["form"].errors
    answer = client.post(address, facts(now, kind="works", note="由住建部门监管"))
    row = Surrounding.objects.get()
    assert answer.url == row.get_absolute_url()
    assert Hazard.objects.get(pk=hazard.pk).status == Status.CLOSED
    assert row.number in client.get(hazard.get_absolute_url()).content.decode()
    assert client.post(address, facts(now, kind="works", note="再次")).status_code == 400


def test_a_letter_is_written_issued_and_answered_on_its_pages(as_user, clerk, leader, officer, place, now):
    client = as_user(clerk)
    new = f"{reverse('supervision:surrounding_letter_new')}?place={place.number}"
    words = {
        name: str(value) for name, value in client.get(new).context["form"].initial.items()
    } | {"addressee": ""}  # fmt: skip
    assert "addressee" in client.post(new, words | {"place": place.number}).context["form"].errors
    answer = client.post(new, words | {"addressee": "江北区城市管理局", "place": place.number})
    letter = SurroundingLetter.objects.get()
    assert answer.url == letter.get_absolute_url()
    assert client.get(letter.get_absolute_url()).status_code == 200
    preview = client.get(reverse("supervision:surrounding_letter_preview", args=[letter.pk]))
    assert preview.content.startswith(b"%PDF")
    edit = act_of("surrounding_letter_act", letter, "edit")
    assert client.get(edit).status_code == 200
    answer = client.post(edit, words | {"addressee": "江北区人民政府", "version": "1"})
    assert answer.url == letter.get_absolute_url()
    assert client.post(edit, words | {"addressee": "别处", "version": "1"}).status_code == 400
    assert client.get(act_of("surrounding_letter_act", letter, "issue")).status_code == 403
    assert client.post(act_of("surrounding_letter_act", letter, "issue")).status_code == 400
    client = as_user(leader)
    assert client.get(act_of("surrounding_letter_act", letter, "issue")).context["paper"]
    assert client.post(act_of("surrounding_letter_act", letter, "issue")).status_code == 302
    letter.refresh_from_db()
    preview = client.get(reverse("supervision:surrounding_letter_preview", args=[letter.pk]))
    assert preview.url == f"/papers/{letter.paper_id}/"
    reply = act_of("surrounding_letter_act", letter, "reply")
    assert client.get(reply).status_code == 200
    words = {"replied_on": str(localdate(now)), "reply": "", "reply_number": "城管函1号"}
    answer = client.post(reply, words)
    assert answer.status_code == 400
    assert "城管函1号" in answer.content.decode()
    words |= {"reply": "已安排", f"place-{place.pk}-promised_on": "不是日子"}
    assert client.post(reply, words).status_code == 400
    words |= {f"place-{place.pk}-promised_on": "", f"place-{place.pk}-answer": "三日内", "proofs": a_pdf()}
    assert client.post(reply, words).status_code == 302
    page = as_user(officer).get(place.get_absolute_url()).content.decode()
    assert "三日内" in page
    assert client.get(act_of("surrounding_letter_act", letter, "nonsense")).status_code == 404


def test_a_late_letter_is_reminded_of_and_a_draft_thrown_away(as_user, clerk, letter, now):
    client = as_user(clerk)
    remind = act_of("surrounding_letter_act", letter, "remind")
    assert remind not in client.get(letter.get_absolute_url()).content.decode()
    SurroundingLetter.objects.update(reply_due_on=localdate(now) - timedelta(days=1))
    assert remind in client.get(letter.get_absolute_url()).content.decode()
    assert client.get(remind).status_code == 200
    draft = client.post(remind).url
    assert client.get(draft).context["earlier"] == [letter]
    rows = client.get(f"{LETTERS}?only=late").context["page"].rows
    assert [row["number"] for row in rows] == [letter.number]
    reminder = SurroundingLetter.objects.get(status="draft")
    assert client.post(act_of("surrounding_letter_act", reminder, "discard")).status_code == 302
    assert client.get(f"{LETTERS}?only=draft").context["page"].rows == []


def test_nothing_chosen_is_said(as_user, clerk):
    client = as_user(clerk)
    for name in ("surrounding_letter_new", "joint_meeting_new"):
        page = client.get(reverse(f"supervision:{name}"))
        assert page.status_code == 200
        assert LIST in page.content.decode()


def test_a_school_writes_no_letter_and_calls_no_meeting(as_user, officer, place):
    client = as_user(officer)
    for name in ("surrounding_letter_new", "joint_meeting_new"):
        assert client.get(f"{reverse(f'supervision:{name}')}?place={place.number}").status_code == 403


def test_the_desk_of_the_bureau_and_not_of_the_school(
    school, officer, clerk, leader, place, now, django_assert_num_queries
):
    second = place_at(school, officer, now)
    solve_surrounding(second, actor=officer, now=now, note="清", solved_on=localdate(now), proofs=[a_photo()])
    Surrounding.objects.filter(pk=second.pk).update(look_again_on=localdate(now))
    third = place_at(school, officer, now)
    letter_sent([third], clerk, leader, now)
    SurroundingLetter.objects.update(reply_due_on=localdate(now) - timedelta(days=1))
    letters.draft_letter([place_at(school, officer, now)], actor=clerk, now=now)
    assert clerk.posts
    with django_assert_num_queries(2):
        duties = surrounding_duties(clerk, now)
    assert [duty.url.partition("?")[2] for duty in duties] == [
        "only=late",
        "status=recorded",
        "status=solved",
    ]
    assert [duty.weight for duty in duties] == [1, 1, 1]
    assert "only=draft" in [duty.url.partition("?")[2] for duty in surrounding_duties(leader, now)]
    assert not [duty for duty in duties_of(officer, now) if "surroundings" in duty.url]


def test_the_morning_job_tells_of_late_letters(letter, now):
    SurroundingLetter.objects.update(reply_due_on=localdate(now) - timedelta(days=1))
    day = str(localdate(now))
    assert late_letters(None, day) == {"told": 2}
    assert late_letters(None, day) == {"told": 0}


def test_the_schools_page_leads_to_what_is_around_it(as_user, clerk, school, place):
    page = as_user(clerk).get(school.get_absolute_url()).content.decode()
    assert f"{LIST}?within={school.pk}" in page


def test_photos_of_a_place_are_served_to_who_sees_it(as_user, officer, stranger, school, now):
    row = place_at(school, officer, now, photos=[a_photo()])
    from schoolsafety.core.files import attachments_of  # noqa: PLC0415 -- one test asks

    address = reverse("core:attachment", args=[attachments_of(row).get().pk])
    assert as_user(officer).get(address).status_code == 200
    assert as_user(stranger).get(address).status_code == 404


def test_a_transferred_hazard_alone_asks_for_its_place(
    school, officer, clerk, now, django_assert_num_queries
):
    from supervision.hooks_surroundings import archive_of  # noqa: PLC0415 -- one test asks

    hazard = protected(school, officer, now)
    with django_assert_num_queries(0):
        assert archive_of(hazard, clerk, now) == []
    hazard = hazards.transfer(hazard, actor=clerk, to="住建局", note="校外", now=now)
    with django_assert_num_queries(1):
        assert archive_of(hazard, clerk, now) == []
