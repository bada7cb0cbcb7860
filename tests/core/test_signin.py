"""Signing in and out, passwords, one-time links, the second factor, sessions, the first administrator."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from schoolsafety.core import first_run, people
from schoolsafety.core.models import Event, Organisation, SignedInSession, User
from schoolsafety.core.roles import Role
from schoolsafety.core.signin import ThreeOfFourClassesValidator
from schoolsafety.settings.profiles import PROFILES
from tests.factories import UserFactory

GOOD = "correct horse battery"
LOGIN = "/login/"


@pytest.fixture
def person(officer):
    people.set_password(officer, GOOD, now=timezone.now())
    User.objects.filter(pk=officer.pk).update(phone="13800000000")
    return officer


def sign_in(client, name="officer", password=GOOD, **more):
    return client.post(LOGIN, {"username": name, "password": password, **more})


@pytest.mark.parametrize("name", ["officer", "13800000000"])
def test_one_signs_in_by_name_or_phone_number(client, person, name):
    assert sign_in(client, name).url == "/"
    assert client.get("/").status_code == 200
    assert SignedInSession.objects.get().user == person


@pytest.mark.parametrize(("name", "password"), [("officer", "wrong"), ("nobody", GOOD), ("", GOOD)])
def test_wrong_names_and_passwords_are_refused_alike(client, person, name, password):
    answer = sign_in(client, name, password)
    assert answer.status_code == 200
    assert not SignedInSession.objects.exists()
    if name:
        assert "登录名或密码不正确" in answer.content.decode()


def test_a_closed_account_stays_out(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    sign_in(client)
    assert not SignedInSession.objects.exists()


def test_after_five_wrong_tries_the_name_is_locked_here(client, person):
    for _try in range(5):
        answer = sign_in(client, password="wrong")
    assert answer.status_code == 429
    assert "锁定" in answer.content.decode()
    assert sign_in(client).status_code == 429


def test_signing_out_ends_the_session_and_leaves_unsent_records_alone(client, person):
    sign_in(client)
    answer = client.post(reverse("core:logout"))
    assert "Clear-Site-Data" not in answer
    assert not SignedInSession.objects.exists()
    assert client.get("/").status_code == 302
    assert client.get(reverse("core:logout")).status_code in {302, 405}


def test_signing_out_asks_the_browser_to_forget_when_the_form_says_so(client, person):
    sign_in(client)
    answer = client.post(reverse("core:logout"), {"clear": "1"})
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_a_sign_out_without_network_ends_the_session_at_the_next_request(client, person):
    sign_in(client)
    assert client.get("/").status_code == 200
    client.cookies["signed_out"] = "1"
    answer = client.get("/")
    assert answer.status_code == 302
    assert not SignedInSession.objects.exists()
    assert answer.cookies["signed_out"]["max-age"] == 0  # and does not end the next one


def test_the_interface_never_leads_to_a_page(client, person, settings):
    """A person who owes a second factor is nobody to it; a script cannot follow a redirect to a form."""
    assert client.get("/api/m/bootstrap").status_code == 401
    sign_in(client)
    assert client.get("/api/m/session").json()["user"] == str(person)
    settings.PROFILE = settings.PROFILE | {"password_days": 1}
    settings.DEMO = False
    person.password_changed_at = None
    person.save()
    assert client.get("/todo/").status_code == 302
    assert client.get("/api/m/session").json()["user"] is None
    assert client.get("/api/m/bootstrap").status_code == 401


def test_a_shared_phone_signs_out_after_half_an_hour_without_use(client, person):
    sign_in(client, is_shared_phone="on")
    assert client.session.get_expire_at_browser_close()
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        assert client.get("/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=60), tick=False):
        assert client.get("/").status_code == 302


def test_another_session_can_be_ended_and_is_out_at_once(client, person, django_user_model):
    other = type(client)()
    sign_in(other)
    sign_in(client)
    row = SignedInSession.objects.exclude(session_key=client.session.session_key).get()
    client.post(reverse("core:revoke_session", args=[row.pk]))
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_a_session_whose_row_is_gone_is_out(client, person):
    sign_in(client)
    SignedInSession.objects.all().delete()
    assert client.get("/").status_code == 302


def test_a_session_does_not_serve_another_person(client, person, clerk):
    sign_in(client)
    SignedInSession.objects.update(user=clerk)
    assert client.get("/").status_code == 302


def test_nobody_ends_the_session_of_somebody_else(client, person, clerk):
    sign_in(client)
    row = SignedInSession.objects.get()
    other = type(client)()
    other.force_login(clerk)
    assert other.post(reverse("core:revoke_session", args=[row.pk])).status_code == 404


def test_a_new_password_ends_the_other_sessions(client, person):
    other = type(client)()
    sign_in(other)
    sign_in(client)
    answer = client.post(
        reverse("core:password"), {"old": GOOD, "new": "another fine phrase", "again": "another fine phrase"}
    )
    assert answer.url == reverse("core:me")
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert sign_in(other, password="another fine phrase").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "another fine phrase", "another fine phrase", "当前密码不正确"),
        (GOOD, "short", "short", "12"),
        (GOOD, "another fine phrase", "something else!", "不一致"),
        (GOOD, "password1234", "password1234", "常见"),
    ],
)
def test_a_bad_new_password_is_explained(client, person, old, new, again, words):
    sign_in(client)
    answer = client.post(reverse("core:password"), {"old": old, "new": new, "again": again})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_one_time_link_works_once(client, school, admin):
    user = people.create_person(
        school, actor=admin, role=Role.PRINCIPAL, starts_on=timezone.localdate(), username="new", name="新人"
    )
    link = people.welcome_link(user)
    assert "新人" in client.get(link).content.decode()
    assert client.post(link, {"new": "x", "again": "x"}).status_code == 400
    assert client.post(link, {"new": GOOD, "again": GOOD}).url == "/"
    client.post(reverse("core:logout"))
    assert client.get(link).status_code == 410
    assert sign_in(client, "new").status_code == 302


@pytest.mark.parametrize("link", ["/welcome/abc/def/", "/welcome/MQ/x-y/", "/welcome/_w/x/"])
def test_an_invented_link_opens_nothing(client, db, link):
    assert client.get(link).status_code == 410


def test_an_old_link_or_one_of_a_closed_account_opens_nothing(client, person):
    link = people.welcome_link(person)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert client.get(link).status_code == 410
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(link).status_code == 410


# --- the second factor ---------------------------------------------------------------------------
@pytest.fixture
def strict(settings):
    settings.PROFILE = settings.PROFILE | {"totp_roles": ["administrator"]}


def code_of(user):
    device = user.totpdevice_set.get()
    return f"{totp(device.bin_key):06d}"


def enrol(client, user):
    client.get(reverse("core:totp"))
    return client.post(reverse("core:totp"), {"code": code_of(user)})


def test_whoever_must_is_led_to_the_second_factor_and_nowhere_else(as_admin, admin, strict):
    assert as_admin.get("/").url == reverse("core:totp")
    page = as_admin.get(reverse("core:totp")).content.decode()
    assert "<svg" in page
    assert "otpauth://" in page
    assert enrol(as_admin, admin).url == reverse("core:me")
    assert as_admin.get("/").status_code == 200
    assert "任职要求" in as_admin.get(reverse("core:totp")).content.decode()


def test_a_wrong_code_does_not_switch_it_on(as_admin, admin, strict):
    as_admin.get(reverse("core:totp"))
    answer = as_admin.post(reverse("core:totp"), {"code": "000000"})
    assert answer.status_code == 400
    assert not admin.totpdevice_set.get().confirmed


def test_the_next_time_the_code_is_asked_after_the_password(client, admin, strict):
    client.force_login(admin)
    enrol(client, admin)
    fresh = type(client)()
    fresh.force_login(admin)
    assert fresh.get("/").url == reverse("core:verify")
    assert fresh.post(reverse("core:verify"), {"code": "000000"}).status_code == 400
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert fresh.post(reverse("core:verify"), {"code": code_of(admin)}).url == "/"
        assert fresh.get("/").status_code == 200


def test_a_thief_of_the_password_cannot_take_the_second_factor_off(client, officer):
    client.force_login(officer)
    enrol(client, officer)
    thief = type(client)()
    thief.force_login(officer)
    assert thief.post(reverse("core:totp"), {"off": "1"}).url == reverse("core:verify")
    assert thief.post(reverse("core:totp"), {"code": code_of(officer)}).url == reverse("core:verify")
    assert officer.totpdevice_set.filter(confirmed=True).exists()


def test_sessions_opened_before_by_the_password_alone_end(client, officer):
    early = type(client)()
    early.force_login(officer)
    client.force_login(officer)
    enrol(client, officer)
    assert early.get("/").url.startswith("/login/")
    assert client.get("/").status_code == 200


def test_the_page_itself_looks_for_the_code_too(client, officer):
    client.force_login(officer)
    enrol(client, officer)
    thief = type(client)()
    thief.force_login(officer)
    session = thief.session
    session["has_factor"] = False
    session.save()
    assert thief.post(reverse("core:totp"), {"off": "1"}).url == reverse("core:verify")
    assert officer.totpdevice_set.exists()


def test_its_owner_takes_it_off_unless_the_post_needs_it(client, officer, admin, strict):
    client.force_login(officer)
    enrol(client, officer)
    client.post(reverse("core:totp"), {"off": "1"})
    assert not officer.totpdevice_set.exists()
    client.force_login(admin)
    enrol(client, admin)
    client.post(reverse("core:totp"), {"off": "1"})
    assert admin.totpdevice_set.exists()


def test_without_an_authenticator_there_is_nothing_to_verify(client, officer):
    client.force_login(officer)
    assert client.get(reverse("core:verify")).status_code == 404


def test_the_demo_asks_for_no_second_factor(as_admin, strict, settings):
    settings.DEMO = True
    assert as_admin.get("/").status_code == 200


# --- 等保 profiles ---------------------------------------------------------------------------------
def test_an_old_password_must_be_changed_first_where_the_profile_says_so(client, person, settings):
    settings.PROFILE = PROFILES["dengbao2"] | {"totp_roles": [], "idle_minutes": None}
    sign_in(client)
    assert client.get("/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        sign_in(client)
        assert client.get("/").url == reverse("core:password")
        assert "到期" in client.get(reverse("core:password")).content.decode()


def test_an_idle_session_ends_where_the_profile_says_so(client, person, settings):
    settings.PROFILE = PROFILES["dengbao3"] | {"totp_roles": []}
    sign_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("password", "is_good"), [("abcdefgh", False), ("Abcdefg1", True), ("abc-123", True)]
)
def test_dengbao_wants_three_of_four_classes(password, is_good):
    try:
        ThreeOfFourClassesValidator().validate(password)
    except Exception:
        assert not is_good
    else:
        assert is_good


# --- the first administrator, the demo's door -----------------------------------------------------
SETUP = {
    "bureau": "新江市教育局",
    "code": "XJ",
    "name": "首管",
    "username": "root1",
    "new": GOOD,
    "again": GOOD,
}


def test_the_first_link_makes_the_bureau_and_its_administrator_once(client, db, capsys):
    call_command("first_administrator_link")
    link = capsys.readouterr().out.split("http")[1].split("/", 3)[3].strip()
    assert client.get(f"/{link}").status_code == 200
    assert client.post(f"/{link}", SETUP).url == "/"
    place = Organisation.objects.get()
    assert (place.name, place.kind) == ("新江市教育局", "city_bureau")
    assert User.objects.get().roles_at(place) == {Role.ADMINISTRATOR}
    assert Event.objects.count() == 2
    client.logout()
    assert client.get(f"/{link}").status_code == 410
    assert client.post(f"/{link}", SETUP | {"username": "root2"}).status_code == 410
    assert first_run.setup_link() is None
    call_command("first_administrator_link")
    assert "closed" in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"new": "x", "again": "x"}, {"bureau": ""}, {"username": "a b"}])
def test_a_bad_first_form_makes_nothing(client, db, change):
    assert client.post(first_run.setup_link(), SETUP | change).status_code == 400
    assert not User.objects.exists()


def test_an_invented_or_old_first_link_is_closed(client, db):
    link = first_run.setup_link()
    assert client.get("/setup/first:1:abc/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert client.get(link).status_code == 410


def test_the_demo_door_opens_only_in_demo_mode_on_this_machine(client, officer, settings):
    address, post = reverse("core:demo"), officer.held_posts.get()
    assert client.get(address).status_code == 404
    settings.DEMO = True
    assert "李明" in client.get(address).content.decode()
    assert client.get(address, REMOTE_ADDR="10.0.0.9").status_code == 404
    assert client.post(address, {"post": "x"}).status_code == 404
    assert client.post(address, {"post": post.pk}).url == "/"
    assert client.get("/").status_code == 200


def test_the_look_is_kept_in_cookies_and_leads_only_back_here(client, db):
    answer = client.post(reverse("core:look"), {"theme": "dark", "next": "https://evil.example/"})
    assert answer.url == "/"
    assert answer.cookies["theme"].value == "dark"
    answer = client.post(reverse("core:look"), {"theme": "pink", "size": "large", "next": "/login/"})
    assert "theme" not in answer.cookies
    assert answer.url == "/login/"


def test_an_account_without_password_cannot_sign_in_by_password(client, db):
    UserFactory(username="nopass")
    sign_in(client, "nopass", "")
    assert not SignedInSession.objects.exists()
