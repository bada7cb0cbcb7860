"""Labels of points: what they hold, whom they lead where, what a photo of one says, check-ins kept."""

import io
from datetime import date, timedelta

import pytest
import segno
from django.urls import reverse
from PIL import Image, ImageFilter

from inspections.field_payload import CheckIn
from inspections.labels import sheet
from inspections.models import FieldRecord, Finding, Patrol, Point
from inspections.queries import figures_of
from inspections.services import arrivals, codes, patrols, points
from schoolsafety.core.models import Post, Preference
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.roles import Role

from .conftest import TUESDAY, picture

SWITCHES = ["field.checkin", "field.mobile_photos", "field.album", "field.comment_fixed"]


@pytest.fixture
def placed(school):
    points.set_up_school(school)
    return school


@pytest.fixture
def gate(placed):
    return Point.objects.get(school=placed, code="1001")


def at(code):
    return reverse("field:point", args=[code])


def photo_of(text, *, angle=0, blur=0):
    """JPEG bytes of a label on a wall: turned, small in the picture, not quite sharp."""
    drawn = io.BytesIO()
    segno.make(text, error="h").save(drawn, kind="png", scale=5)
    label = Image.open(drawn).convert("L").rotate(angle, expand=True, fillcolor=140)
    wall = Image.new("L", (1200, 900), 140)
    wall.paste(label, (400, 250))
    saved = io.BytesIO()
    wall.filter(ImageFilter.GaussianBlur(blur)).save(saved, "JPEG", quality=70)
    return saved.getvalue()


# ── what a label opens ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["token", "code"])
def test_at_ones_own_school_a_label_opens_the_walk_on_the_phone(client, officer, gate, name):
    client.force_login(officer)

    answer = client.get(at(getattr(gate, name)))

    assert (answer.status_code, answer.url) == (302, "/m/patrol/#p=1001")


def test_with_several_schools_the_mark_says_which_one(client, officer, gate, neighbour):
    points.set_up_school(neighbour)
    Post.objects.create(
        user=officer, organisation=neighbour, role=Role.SAFETY_OFFICER, starts_on=date(2020, 1, 1)
    )
    theirs = Point.objects.get(school=neighbour, code="1001")
    client.force_login(officer)

    assert client.get(at(theirs.token)).url == f"/m/patrol/#p={theirs.token}"


def test_a_bureau_reads_the_point_online(client, clerk, gate):
    client.force_login(clerk)

    answer = client.get(at(gate.token), follow=True)

    assert answer.redirect_chain == [(reverse("inspections:point", args=[gate.token]), 302)]
    assert gate.name in answer.text


def test_digits_mean_nothing_to_a_bureau(client, clerk, gate):
    """Every school has its 1001."""
    client.force_login(clerk)

    assert client.get(at("1001")).status_code == 404


def test_signed_out_one_comes_back_after_the_login(client, officer, gate):
    officer.set_password("Quite-1-long-word")
    officer.save()

    asked = client.get(at(gate.token))
    answer = client.post(asked.url, {"username": "officer", "password": "Quite-1-long-word"}, follow=True)

    assert asked.url == f"{reverse('core:login')}?next={at(gate.token)}"
    assert [step for step, _status in answer.redirect_chain] == [at(gate.token), "/m/patrol/#p=1001"]


def test_a_stranger_gets_404(client, stranger, gate):
    client.force_login(stranger)

    assert client.get(at(gate.token)).status_code == 404


@pytest.mark.parametrize("code", ["9999", "unknown-token-00", "1", "x" * 60, "１００１"])
def test_a_code_that_is_none_gets_404(client, officer, gate, code):
    client.force_login(officer)

    assert client.get(at(code)).status_code == 404


def test_a_point_out_of_use_still_has_its_page(client, officer, gate):
    Point.objects.update(is_active=False)
    client.force_login(officer)

    assert client.get(at(gate.token)).url == reverse("inspections:point", args=[gate.token])
    assert client.get(at("1001")).status_code == 404


def test_a_label_printed_earlier_keeps_working(client, officer, gate):
    client.force_login(officer)

    answer = client.get(f"/p/{gate.token}/")

    assert answer.status_code == 200
    assert 'href="/m/patrol/#p=1001"' in answer.text


def test_printed_labels_lead_into_the_field_client(gate, monkeypatch, settings):
    settings.PUBLIC_URL = "https://xa.example.cn"
    drawn = []
    monkeypatch.setattr("inspections.labels.qr_svg", lambda text: drawn.append(text) or "")

    sheet(gate.school, [gate])

    assert drawn == [f"https://xa.example.cn/m/p/{gate.token}"]


# ── the interface ───────────────────────────────────────────────────────────────────────────────────────


def scan(client, content):
    token = client.get("/api/m/session").json()["csrf"]
    return client.post("/api/m/scan", content, content_type="image/jpeg", headers={"X-CSRFToken": token})


@pytest.mark.parametrize(
    "text", ["https://xa.example.cn/m/p/{0.token}", "http://old/p/{0.token}/", "{0.code}"]
)
@pytest.mark.parametrize(("angle", "blur"), [(0, 0), (17, 1), (190, 1.5)])
def test_a_photo_of_a_label_names_its_point(client, officer, gate, text, angle, blur):
    client.force_login(officer)

    answer = scan(client, photo_of(text.format(gate), angle=angle, blur=blur))

    assert (answer.status_code, answer.json()["token"]) == (200, gate.token)
    assert answer.json() == client.get(f"/api/m/points/{gate.token}").json()


def test_a_photo_without_a_code_is_told(client, officer, gate):
    client.force_login(officer)

    answer = scan(client, picture().read())

    assert (answer.status_code, answer.json()["code"]) == (422, "no_code")
    assert "四位" in answer.json()["message"]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"GIF89a", 415), (b"\xff\xd8\xff broken", 422), (b"\xff\xd8\xff" + b"0" * 2_000_000, 413)],
)
def test_what_is_no_photo_is_refused(client, officer, gate, content, status):
    client.force_login(officer)

    assert scan(client, content).status_code == status


def test_the_code_of_another_school_or_of_another_world_is_no_point(client, stranger, officer, gate):
    client.force_login(stranger)
    theirs = scan(client, photo_of(f"https://xa.example.cn/m/p/{gate.token}"))
    client.force_login(officer)
    other = scan(client, photo_of("https://pay.example.cn/?to=someone"))

    assert (theirs.status_code, theirs.json()["code"]) == (404, "no_point")
    assert (other.status_code, other.json()["code"]) == (404, "no_point")
    assert client.get("/api/m/points/9999").status_code == 404


def test_signed_out_nothing_is_read(client, gate):
    assert scan(client, photo_of("1001")).status_code == 401
    assert client.get(f"/api/m/points/{gate.token}").status_code == 401


def test_a_scan_without_the_token_is_refused(officer, gate, client):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(officer)

    answer = strict.post("/api/m/scan", photo_of("1001"), content_type="image/jpeg")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_a_code_that_names_nothing_is_no_label(officer, gate):
    assert codes.point_named("", officer, [gate.school]) is None
    assert codes.point_named("https://xa.example.cn/p/", officer, [gate.school]) is None


# ── check-ins ───────────────────────────────────────────────────────────────────────────────────────────


def said(zone, point=None, how="qr", reason=""):
    return CheckIn(zone=zone, point=point, t=TUESDAY, how=how, reason=reason)


def test_of_check_ins_one_row_a_zone_is_kept(placed, gate):
    teaching = Point.objects.filter(zone__kind="teaching").first()

    rows = arrivals.kept(
        placed, ["gate", "teaching", "grounds", "office"],
        [
            said("gate", gate.pk), said("gate", gate.pk, "code"),
            said("teaching", how="skip", reason=" 楼在修 "), said("teaching", teaching.pk, "code"),
        ],
    )  # fmt: skip

    assert [(row["zone"], row["point"], row["how"]) for row in rows] == [
        ("gate", "1001", "qr"),
        ("teaching", teaching.code, "code"),
        ("grounds", "", ""),  # has a point, was not visited; 办公 has none and does not count
    ]


def test_a_label_counts_where_it_hangs_and_not_elsewhere(placed, neighbour, gate):
    points.set_up_school(neighbour)
    theirs = Point.objects.filter(school=neighbour).first()
    kinds = ["gate", "teaching"]

    rows = arrivals.kept(
        placed, kinds, [said("teaching", gate.pk), said("gate", theirs.pk), said("gate", None)]
    )

    assert [(row["zone"], row["how"]) for row in rows] == [("gate", "qr"), ("teaching", "")]
    assert arrivals.kept(placed, kinds, []) == []


def test_a_skipped_zone_keeps_its_reason_but_is_no_arrival(placed, whole_walk, officer, client):
    whole_walk.checkins = arrivals.kept(
        placed, ["gate", "teaching"], [said("gate", how="skip", reason="下雨")]
    )
    whole_walk.save()
    patrols.submit(whole_walk, actor=officer, now=TUESDAY + timedelta(minutes=14))
    client.force_login(officer)

    page = client.get(reverse("inspections:receipt", args=[whole_walk.pk]))

    assert (page.context["figures"]["arrived"], page.context["figures"]["arrivable"]) == (0, 2)
    assert "下雨" in page.text


@pytest.mark.parametrize("who", ["principal", "clerk"])
def test_principal_and_district_read_plain_numbers(client, request, whole_walk, officer, gate, who):
    rows = arrivals.kept(gate.school, ["gate"], [said("gate", gate.pk)])
    Patrol.objects.update(checkins=rows)
    patrols.submit(Patrol.objects.get(), actor=officer, now=TUESDAY + timedelta(minutes=14))
    done = Patrol.objects.get()
    each = len(done.answers) - done.bulk_count
    client.force_login(request.getfixturevalue(who))

    listed = client.get(reverse("inspections:patrols"))
    receipt = client.get(reverse("inspections:receipt", args=[done.pk]))

    for page in (listed, receipt):
        words = " ".join(page.text.replace("</span><span>", " · ").split())
        assert f"逐项 {each} · 合并 {done.bulk_count} · 用时 14 分 · 到点 1/1" in words
    assert "扫码" in receipt.text


def test_without_check_ins_nothing_is_said_of_them(client, whole_walk, officer):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    client.force_login(officer)

    assert "到点" not in client.get(reverse("inspections:receipt", args=[whole_walk.pk])).text


def test_a_walk_that_came_late_from_a_phone_took_as_long_as_the_phone_says(whole_walk, officer, school):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY + timedelta(hours=5))
    wrong_clock = TUESDAY - timedelta(days=900)
    FieldRecord.objects.create(
        client_uuid=whole_walk.client_uuid, kind="patrol", officer=officer, school=school,
        payload_sha256="0" * 64, received_at=TUESDAY, client_started_at=wrong_clock, patrol=whole_walk,
        client_finished_at=wrong_clock + timedelta(minutes=17),
    )  # fmt: skip

    assert figures_of(Patrol.objects.select_related("field_record").get())["minutes"] == 17
    FieldRecord.objects.update(client_finished_at=wrong_clock - timedelta(minutes=1))
    assert figures_of(Patrol.objects.select_related("field_record").get())["minutes"] == 300


# ── the bureau's switches ───────────────────────────────────────────────────────────────────────────────


def test_as_they_stand_the_switches_ask_nothing_more_of_anybody(school):
    found = preferences_for(school, SWITCHES)

    assert found == {
        "field.checkin": False, "field.mobile_photos": True, "field.album": True, "field.comment_fixed": False
    }  # fmt: skip


def test_the_switches_reach_the_phone(client, officer, district, school, term):
    Preference.objects.create(organisation=district, key="field.checkin", value=True)
    Preference.objects.create(organisation=district, key="field.album", value=False)
    client.force_login(officer)

    assert client.get("/api/m/bootstrap").json()["switches"] == {
        "checkin": True, "mobile_photos": True, "album": False, "comment_fixed": False
    }  # fmt: skip


@pytest.mark.parametrize(
    ("is_on", "note", "is_taken"), [(True, "", False), (True, "已换锁", True), (False, "", True)]
)
def test_fixed_on_the_spot_needs_words_where_the_bureau_says_so(
    client, officer, district, walk, is_on, note, is_taken
):
    Preference.objects.create(organisation=district, key="field.comment_fixed", value=is_on)
    item = walk.template.items.exclude(phrases=[]).filter(pk__in=walk.item_ids).first()
    data = {
        "phrase": item.phrases[0]["text"], "note": note, "proposed_grade": "general", "photos": picture(),
        "is_fixed_on_spot": "on", "after_photos": picture(),
    }  # fmt: skip
    client.force_login(officer)

    answer = client.post(reverse("inspections:finding", args=[walk.pk, item.pk]), data)

    assert Finding.objects.exists() is is_taken
    assert answer.status_code == (302 if is_taken else 400)
    if not is_taken:
        assert "请写明" in "".join(answer.context["form"].errors["note"])


def test_the_first_phone_of_a_school_gets_its_default_zones_and_points(client, officer, school, term):
    client.force_login(officer)

    first, again = (client.get("/api/m/bootstrap").json() for _n in range(2))

    assert {point["code"] for point in first["points"]} >= {"1001", "1002"}
    assert first == again
    assert Point.objects.filter(school=school).count() == len(first["points"])


# ── the login on a shared phone ─────────────────────────────────────────────────────────────────────────


def test_the_login_keeps_the_way_back_to_the_queue_also_after_a_wrong_word(client, officer):
    officer.set_password("Quite-1-long-word")
    officer.save()
    address = f"{reverse('core:login')}?next={reverse('field:queue')}"

    asked = client.get(address)
    wrong = client.post(address, {"username": "officer", "password": "guess"})
    right = client.post(
        address, {"username": "officer", "password": "Quite-1-long-word", "is_shared_phone": "on"}
    )

    assert "登录后回到刚才的页面" in asked.text
    assert "自动退出，已上传的记录和照片从手机上清除" in asked.text
    assert "登录后回到刚才的页面" in wrong.text
    assert right.url == "/m/queue/"
    assert client.get("/api/m/session").json()["is_shared"] is True


@pytest.mark.parametrize(("target", "leads_to"), [("/m/queue/", "/m/queue/"), ("https://evil.example/", "/")])
def test_the_demos_door_leads_on_to_where_one_was(client, officer, settings, target, leads_to):
    settings.DEMO = True
    asked = client.get(reverse("core:login"), {"next": target})
    post = officer.held_posts.get()

    answer = client.post(f"{reverse('core:demo')}?next={target}", {"post": post.pk})

    assert (f"{reverse('core:demo')}?next=" in asked.text) is (leads_to == target)
    assert answer.url == leads_to
