"""Home, desk, account, settings, log, papers, errors and health: pages that everyone or the auditor has."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from schoolsafety.core import duties, navigation, preferences
from schoolsafety.core.audit import record_event
from schoolsafety.core.duties import Duty, Rank
from schoolsafety.core.files import write
from schoolsafety.core.models import Event, Job, Paper, Preference
from schoolsafety.core.preferences import preference, save_preferences
from schoolsafety.core.roles import Role
from schoolsafety.core.views.errors import csrf_failure, server_error
from tests.core.kit import bytes_of, queries_of
from tests.factories import UserFactory

NOW = timezone.now


@pytest.fixture
def desk(monkeypatch):
    """What the sources of duties say, replaced by rows that the test puts here."""
    rows = []
    monkeypatch.setattr(duties, "SOURCES", [lambda user, now: rows])
    return rows


def duty(rank, text, **more):
    return Duty(rank=rank, text=text, detail="", url="/x/", button="去办", **more)


def test_home_shows_the_most_urgent_thing_first_and_the_rest_below(client, officer, desk):
    desk += [
        duty(Rank.SOON, "填写周报"),
        duty(Rank.OVERDUE, "整改逾期", weight=2),
        duty(Rank.OTHERS, "等区里"),
    ]
    client.force_login(officer)
    answer = client.get("/")
    assert answer.context["duty"].text == "整改逾期"
    assert [each.text for each in answer.context["rest"]] == ["填写周报", "等区里"]
    assert "还有 1 项" in answer.content.decode()


def test_home_says_so_when_nothing_is_waiting(client, officer, desk):
    client.force_login(officer)
    assert "今天没有待办事项" in client.get("/").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    for address in ("/", "/todo/", "/me/", "/log/", "/settings/", "/jobs/", "/people/"):
        assert client.get(address).url.startswith("/login/")


def test_the_desk_has_three_tabs(client, officer, school, desk):
    desk += [duty(Rank.TODAY, "要做的"), duty(Rank.OTHERS, "别人的")]
    with transaction.atomic():
        record_event(school, "core.change_organisation", organisation=school, actor=officer, note="做完的")
    client.force_login(officer)
    for tab, words, not_words in [
        ("", "要做的", "别人的"),
        ("started", "别人的", "要做的"),
        ("done", "做完的", "要做的"),
    ]:
        text = client.get("/todo/", {"tab": tab} if tab else {}).content.decode()
        assert words in text
        assert not_words not in text


def test_the_menu_holds_what_the_role_may_open(client, officer, admin):
    client.force_login(officer)
    seen = {link.url for link in client.get("/").context["nav"]}
    assert "/settings/" not in seen
    for link in seen:
        assert client.get(link).status_code == 200, link
    client.force_login(admin)
    for link in {link.url for link in client.get("/").context["nav"]}:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("role", Role)
def test_every_entry_of_every_roles_menu_opens(client, city, district, school, role):
    place = school if role in {"school_staff", "safety_officer", "principal"} else district
    user = UserFactory(post=(place, role))
    client.force_login(user)
    for link in navigation.links_for(user, "/"):
        assert client.get(link.url).status_code == 200, link.url


def test_a_person_without_any_post_gets_pages_without_content(client, db):
    client.force_login(UserFactory())
    assert client.get("/").status_code == 200
    assert "联系管理员" in client.get("/me/").content.decode()


def test_the_account_shows_posts_sessions_and_looks(client, officer):
    client.force_login(officer)
    text = client.get("/me/").content.decode()
    for words in ("江北区育才小学", "本机", "深色", "大字", "两步验证"):
        assert words in text


# --- settings --------------------------------------------------------------------------------------
SETTINGS = "/settings/"
HOUR = "weekly.due_hour"


def test_a_setting_holds_there_and_below_and_is_logged(as_admin, city, school):
    assert as_admin.post(SETTINGS, {HOUR: "15"}).status_code == 302
    assert preference(school, HOUR) == 15
    event = Event.objects.get(verb="core.change_preference")
    assert json.loads(event.payload)["changes"] == {"settings": {HOUR: [17, 15]}}
    as_admin.post(SETTINGS, {HOUR: "15"})
    assert Event.objects.count() == 1


def test_the_nearest_setting_wins_and_going_back_to_the_inherited_one_forgets_it(
    admin, city, district, school
):
    save_preferences(city, actor=admin, texts={HOUR: "15"})
    save_preferences(district, actor=admin, texts={HOUR: "10"})
    assert preference(school, HOUR) == 10
    save_preferences(district, actor=admin, texts={HOUR: "15"})
    assert not Preference.objects.filter(organisation=district).exists()
    save_preferences(city, actor=admin, texts={HOUR: "16"})
    assert preference(school, HOUR) == 16


def test_the_page_says_where_a_value_comes_from(as_admin, admin, city, district):
    save_preferences(city, actor=admin, texts={HOUR: "15"})
    text = as_admin.get(SETTINGS, {"place": district.pk}).content.decode()
    assert "沿用临江市教育局的设置" in text
    assert "本单位设置" in as_admin.get(SETTINGS).content.decode()


@pytest.mark.parametrize("value", ["x", "", "99", "-1", "7"])
def test_a_value_that_cannot_be_is_explained_and_nothing_is_saved(as_admin, value):
    answer = as_admin.post(SETTINGS, {HOUR: value, "bulletin.reading_days": "5"})
    assert answer.status_code == 400
    assert "8 至 23" in answer.content.decode()
    assert not Preference.objects.exists()


def test_a_setting_with_options_takes_only_those(admin, city):
    with pytest.raises(ValidationError):
        save_preferences(city, actor=admin, texts={"hazards.plan_variant": "seven"})
    save_preferences(
        city, actor=admin, texts={"hazards.plan_variant": "six", "hazards.school_may_close": "0"}
    )
    assert preference(city, "hazards.plan_variant") == "six"
    assert preference(city, "hazards.school_may_close") is False


def test_a_district_sets_its_own_and_nothing_of_the_city(client, city, district):
    client.force_login(UserFactory(post=(district, Role.ADMINISTRATOR)))
    assert client.post(f"{SETTINGS}?place={district.pk}", {HOUR: "9"}).status_code == 302
    assert client.post(f"{SETTINGS}?place={city.pk}", {HOUR: "9"}).status_code == 404
    assert preference(city, HOUR) == 17


def test_others_do_not_open_the_settings(client, clerk):
    client.force_login(clerk)
    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, {HOUR: "9"}).status_code == 403


def test_a_setting_declared_twice_is_an_error():
    with pytest.raises(ValueError, match="twice"):
        preferences.declare(HOUR, preferences.Choice(1, "x"))


# --- the log ---------------------------------------------------------------------------------------
LOG = "/log/"


@pytest.fixture
def history(school, neighbour, officer, clerk):
    with transaction.atomic():
        record_event(school, "core.change_organisation", organisation=school, actor=officer, note="改一")
        record_event(neighbour, "core.close_organisation", organisation=neighbour, actor=clerk, note="撤二")


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ({}, ["改一", "撤二"], []),
        ({"organisation": "JB001"}, ["改一"], ["撤二"]),
        ({"organisation": "实验"}, ["撤二"], ["改一"]),
        ({"verb": "core.close_organisation"}, ["撤二"], ["改一"]),
        ({"person": "李明"}, ["改一"], ["撤二"]),
        ({"day": "2020-01-01"}, [], ["改一", "撤二"]),
        ({"day": "nonsense"}, ["改一", "撤二"], []),
    ],
)
def test_the_log_is_narrowed(client, auditor, history, query, seen, unseen):
    client.force_login(auditor)
    text = client.get(LOG, query).content.decode()
    assert [words in text for words in seen] == [True] * len(seen)
    assert not any(words in text for words in unseen)


def test_the_auditor_checks_a_chain(client, auditor, history, school):
    client.force_login(auditor)
    assert "日志链完好" in client.get(LOG, {"organisation": school.code, "check": "1"}).content.decode()
    assert "尚未锚定" in client.get(LOG).content.decode()


def test_the_log_is_for_auditors_and_administrators_of_the_place(client, clerk, history, other_district):
    client.force_login(clerk)
    assert client.get(LOG).status_code == 403
    client.force_login(UserFactory(post=(other_district, Role.AUDITOR)))
    assert "改一" not in client.get(LOG).content.decode()


def test_the_log_costs_the_same_however_long(client, auditor, history, school):
    client.force_login(auditor)
    short = queries_of(client, LOG)
    with transaction.atomic():
        for _each in range(3):
            record_event(school, "core.change_organisation", organisation=school, actor=auditor)
    assert queries_of(client, LOG) == short


# --- papers, errors, health ------------------------------------------------------------------------
def paper_of(district, school):
    return Paper.objects.create(
        kind="notice", organisation=district, addressee=school, title="整改通知书", number="改〔2026〕1号",
        template="papers/letter.html", data={}, identifier="a" * 32, sha256="0" * 64, size=5,
        issued_at=NOW(), file=write("papers/a.pdf", b"%PDF-"), subject=school,
    )  # fmt: skip


def test_issuer_and_addressee_open_a_paper_and_strangers_do_not(
    client, district, school, clerk, officer, stranger
):
    address = reverse("core:paper", args=[paper_of(district, school).pk])
    for person in (clerk, officer):
        client.force_login(person)
        answer = client.get(address)
        assert bytes_of(answer) == b"%PDF-"
        assert answer["Content-Type"] == "application/pdf"
        assert "sandbox" not in answer["Content-Security-Policy"]
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_the_error_page_needs_no_database_and_its_reference_is_in_the_log(caplog):
    answer = server_error(RequestFactory().get("/x/"))
    assert answer.status_code == 500
    reference = caplog.records[0].args[0]
    assert reference in answer.content.decode()


def test_an_old_form_is_told_that_nothing_was_saved(rf):
    request = rf.post("/x/")
    assert "未保存" in csrf_failure(request).content.decode()
    assert csrf_failure(rf.post("/api/x/")).headers["Content-Type"] == "application/json"


def test_a_wrong_address_and_a_forbidden_act_have_their_pages(client, clerk):
    client.force_login(clerk)
    assert "没有内容" in client.get("/nowhere/").content.decode()
    assert "仅供管理员" in client.get(SETTINGS).content.decode()


def test_every_answer_carries_its_headers(client, officer):
    client.force_login(officer)
    answer = client.get("/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Frame-Options"] == "DENY"


def test_health_is_told_without_signing_in(client, db):
    assert client.get(reverse("core:healthz")).json() == {"status": "ok"}
    answer = client.get(reverse("core:readyz"))
    checks = answer.json()["checks"]
    assert set(checks) == {"database", "media", "cache", "broker", "beat", "fonts", "disk"}
    assert {checks[name] for name in ("database", "media", "cache", "broker", "beat", "disk")} == {"ok"}


def test_a_beat_that_stands_still_makes_the_site_not_ready(client, db):
    old = NOW() - timedelta(minutes=10)
    Job.objects.create(
        name="core.heartbeat", created_at=old, run_after=old, finished_at=old, state=Job.State.DONE
    )
    answer = client.get(reverse("core:readyz"))
    assert (answer.status_code, answer.json()["checks"]["beat"]) == (503, "late")
