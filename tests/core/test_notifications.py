"""Telling people: in the app at once, elsewhere as they chose, never twice, never inside the transaction."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from schoolsafety.core import messengers, notifications
from schoolsafety.core.models import Delivery, Job, Notification, NotificationChoice
from schoolsafety.core.notifications import deliver, notify, settle
from tests.core.kit import queries_of

Pace = NotificationChoice.Pace
NOON = timezone.make_aware(timezone.datetime(2026, 11, 24, 12, 0))


def tell(*users, now=NOON, **more):
    return notify(users, "x.y", "请核验", url="/h/1/", now=now, **more)


def choose(user, channel="email", pace=Pace.AT_ONCE, address=""):
    return NotificationChoice.objects.create(user=user, channel=channel, pace=pace, address=address)


def test_everyone_is_told_in_the_app_and_by_nothing_else_unless_they_chose(officer, clerk):
    assert tell(officer, clerk) == 2
    assert Notification.objects.unread().count() == 2
    assert not Delivery.objects.exists()


def test_with_a_key_nobody_is_told_twice(officer):
    assert [tell(officer, key="a"), tell(officer, key="a"), tell(officer, key="b")] == [1, 0, 1]


def test_a_message_leaves_only_after_the_transaction(officer, django_capture_on_commit_callbacks):
    choose(officer)
    with django_capture_on_commit_callbacks(execute=True):
        tell(officer)
        assert not Job.objects.exists()
        assert mail.outbox == []
    assert Job.objects.get().name == "core.deliver"


def test_at_once_is_sent_and_only_once(officer):
    choose(officer)
    tell(officer)
    assert deliver(now=NOON) == (1, 0)
    assert deliver(now=NOON + timedelta(hours=1)) == (0, 0)
    assert mail.outbox[0].subject == "请核验"
    assert "/h/1/" in mail.outbox[0].body
    assert Delivery.objects.get().state == Delivery.State.SENT


def test_a_digest_gathers_the_day_in_one_message_the_next_morning(officer):
    choose(officer, pace=Pace.DAILY)
    tell(officer)
    tell(officer, now=NOON + timedelta(hours=2))
    assert deliver(now=NOON + timedelta(hours=3)) == (0, 0)
    assert deliver(now=NOON + timedelta(hours=20)) == (1, 0)
    assert mail.outbox[0].body.count("请核验") == 2


def test_never_means_never(officer):
    choose(officer, pace=Pace.NEVER)
    tell(officer)
    assert not Delivery.objects.exists()


def test_what_is_done_no_longer_lights_the_mark(officer):
    tell(officer, needs_action=True)
    settle("/h/1/")
    assert not Notification.objects.filter(needs_action=True).exists()


def test_the_number_of_queries_does_not_grow_by_the_choices(officer, clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        tell(officer, clerk)


class Office(BaseHTTPRequestHandler):
    """A messenger's server: remembers what came, answers what it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def office():
    server = HTTPServer(("127.0.0.1", 0), Office)
    server.seen, server.status, server.answer = [], 200, b'{"errcode": 0}'
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_failed_message_is_tried_again_later_and_given_up_after_five_times(officer, office):
    office.status = 500
    choose(officer, "webhook", address=office.url)
    tell(officer)
    now = NOON
    for _try in range(7):
        deliver(now=now)
        now += timedelta(days=1)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, len(office.seen)) == (Delivery.State.FAILED, 5, 5)
    assert "500" in row.error


def test_a_webhook_is_signed_over_time_and_body(officer, office, settings):
    settings.MESSENGERS = {"secret": "k"}
    messengers.Webhook().send(messengers.Message(office.url, "标题", "正文", "7"))
    _path, headers, body = office.seen[0]
    seal = hmac.new(b"k", headers["X-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == seal
    assert json.loads(body) == {"subject": "标题", "body": "正文", "reference": "7"}


def test_wecom_gets_its_key_and_text(office, settings):
    settings.MESSENGERS = {"wecom_url": office.url}
    messengers.WeCom().send(messengers.Message("key&x=1", "标题", "正文", "7"))
    path, _headers, body = office.seen[0]
    assert parse_qs(urlsplit(path).query) == {"key": ["key&x=1"]}
    assert json.loads(body)["text"]["content"] == "标题\n正文"


def test_dingtalk_signs_its_time(office, settings):
    settings.MESSENGERS = {"dingtalk_url": office.url}
    messengers.DingTalk().send(messengers.Message("token:secret", "标题", "正文", "7"))
    query = parse_qs(urlsplit(office.seen[0][0]).query)
    assert query["access_token"] == ["token"]
    assert len(query["sign"][0]) == 44


def test_an_error_in_the_answer_is_a_failure(office, settings):
    settings.MESSENGERS = {"wecom_url": office.url}
    office.answer = b'{"errcode": 93000, "errmsg": "invalid key"}'
    with pytest.raises(RuntimeError, match="93000"):
        messengers.WeCom().send(messengers.Message("k", "a", "b", "1"))


def test_a_message_does_not_follow_a_redirect(office, settings):
    settings.MESSENGERS = {"sms_url": office.url}
    office.status = 302
    with pytest.raises(OSError, match="302"):
        messengers.Sms().send(messengers.Message("13800000000", "a", "b", "1"))
    assert len(office.seen) == 1


def test_a_messenger_never_opens_a_file():
    with pytest.raises(ValueError, match="https"):
        messengers.Webhook().send(messengers.Message("file:///etc/passwd", "a", "b", "1"))


@pytest.mark.parametrize(
    ("channel", "address", "is_good"),
    [
        ("email", "", True),
        ("email", "a@example.test", True),
        ("email", "no address", False),
        ("wecom", "0123-abcd-4567", True),
        ("wecom", "x y", False),
        ("webhook", "https://hooks.example.test/a", True),
        ("webhook", "https://127.0.0.1/a", False),
        ("webhook", "http://hooks.example.test/a", False),
        ("sms", "13800000000", True),
        ("sms", "abc", False),
        ("pigeon", "x", False),
    ],
)
def test_an_address_must_be_one_that_the_channel_can_use(officer, settings, channel, address, is_good):
    settings.MESSENGERS = {"webhook_hosts": ["hooks.example.test"], "sms_url": "https://sms.example.test/"}
    if is_good:
        messengers.choose(officer, channel, pace="at_once", address=address)
        assert NotificationChoice.objects.get().address == address
    else:
        with pytest.raises(ValidationError):
            messengers.choose(officer, channel, pace="at_once", address=address)
        assert not NotificationChoice.objects.exists()


def test_channels_that_the_office_has_not_set_up_are_not_offered(officer, client):
    assert [each.value for each in messengers.channels()] == ["email", "wecom", "dingtalk"]
    client.force_login(officer)
    client.post(
        reverse("core:choose_channel", args=["webhook"]), {"pace": "at_once", "address": "https://x/"}
    )
    client.post(reverse("core:choose_channel", args=["email"]), {"pace": "daily", "address": ""})
    assert NotificationChoice.objects.get().channel == "email"


def test_the_page_lists_marks_and_follows(client, officer, clerk):
    tell(officer, clerk, needs_action=True)
    row = Notification.objects.get(user=officer)
    client.force_login(officer)
    assert "请核验" in client.get(reverse("core:notifications")).content.decode()
    assert client.post(reverse("core:notifications"), {"pk": row.pk}).url == "/h/1/"
    row.refresh_from_db()
    assert row.read_at
    theirs = Notification.objects.get(user=clerk)
    assert client.post(reverse("core:notifications"), {"pk": theirs.pk}).status_code == 404
    assert client.post(reverse("core:notifications"), {"pk": "x"}).status_code == 404
    tell(officer)
    client.post(reverse("core:notifications"), {"all": "1"})
    assert not Notification.objects.filter(user=officer).unread().exists()


def test_the_page_costs_the_same_however_long(client, officer):
    client.force_login(officer)
    tell(officer)
    short = queries_of(client, reverse("core:notifications"))
    tell(officer), tell(officer)
    assert queries_of(client, reverse("core:notifications")) == short


def test_the_job_sends_and_says_how_many(officer):
    choose(officer)
    tell(officer, now=timezone.now())
    job = Job(name="core.deliver")
    assert notifications.deliver_job(job) == {"sent": 1, "failed": 0}
