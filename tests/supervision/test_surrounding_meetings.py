"""The pages of joint meetings about hazards around schools: called, recorded, listed, called off."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from python_calamine import load_workbook

from supervision.models import JointMeeting
from supervision.services import joint_meetings as meetings
from tests.supervision.surrounding_ways import letter_sent, place_at


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


def act_of(name, row, action):
    return reverse(f"supervision:{name}", args=[row.pk, action])


def workbook(answer):
    content = b"".join(answer.streaming_content)
    return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_meeting_is_called_recorded_and_listed(as_user, clerk, letter, now):
    place = letter.places.get().surrounding
    client = as_user(clerk)
    new = f"{reverse('supervision:joint_meeting_new')}?place={place.number}"
    words = {"title": "联席会议", "held_on": str(localdate(now)), "venue": "二楼", "members": ""}
    answer = client.post(new, words | {"place": place.number})
    assert "members" in answer.context["form"].errors
    answer = client.post(new, words | {"place": place.number, "members": "城管局 张三"})
    meeting = JointMeeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    record = act_of("joint_meeting_act", meeting, "record")
    assert client.get(record).status_code == 200
    line = meeting.places.get()
    words = {"held_on": str(localdate(now)), "venue": "", "members": "张三", "minutes": "", "title": "x"}
    answer = client.post(record, words)
    assert "minutes" in answer.context["form"].errors
    words |= {
        "minutes": "逐处研究",
        f"place-{line.pk}-decision": "一周内清理",
        f"place-{line.pk}-lead": "城管局",
    }
    assert client.post(record, words).status_code == 302
    assert client.get(record).status_code == 403
    sheet = workbook(client.get(reverse("supervision:joint_meeting_list", args=[meeting.pk])))
    assert {"一周内清理", "城管局", letter.number} <= set(sheet[1])


def test_a_meeting_is_called_off(as_user, clerk, meeting):
    client = as_user(clerk)
    off = act_of("joint_meeting_act", meeting, "call-off")
    assert client.get(off).status_code == 200
    assert client.post(off, {"note": ""}).status_code == 400
    assert client.post(off, {"note": "改期"}).status_code == 302
    assert client.get(act_of("joint_meeting_act", meeting, "nonsense")).status_code == 404
