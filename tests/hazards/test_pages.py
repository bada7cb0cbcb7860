"""Every page of hazards, for those it is for and for strangers; every write with its refusals."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards import presentation, services
from hazards.models import Hazard, LegalBasis
from hazards.views.acts import HANDLERS
from hazards.workflow import Action, Closure, Grade, Status
from schoolsafety.core.files import attachments_of
from tests.factories import HazardFactory
from tests.hazards.ways import plan_it, plan_values, state_of, verbs_of


def url(name, hazard, *more):
    return reverse(f"hazards:{name}", args=[hazard.number, *more])


def test_every_action_has_a_page():
    assert set(HANDLERS) | {Action.PLAN} == set(Action)


@pytest.mark.parametrize("who", ["officer", "principal", "staff", "clerk", "leader", "city_clerk", "auditor"])
def test_whoever_may_read_the_case_sees_its_page_and_the_ledger(enter, make, request, who):
    hazard = make()
    client = enter(request.getfixturevalue(who))

    assert hazard.number in client.get(url("detail", hazard)).content.decode()
    assert hazard.title in client.get(reverse("hazards:list")).content.decode()


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_a_stranger_finds_nothing(enter, make, request, who):
    hazard = make()
    client = enter(request.getfixturevalue(who))

    assert hazard.title not in client.get(reverse("hazards:list")).content.decode()
    for address in [url("detail", hazard), url("plan", hazard)]:
        assert client.get(address).status_code == 404
    for action in Action:
        assert client.get(url("act", hazard, action.value)).status_code == 404


@pytest.mark.parametrize("action", list(HANDLERS))
def test_a_stranger_changes_nothing(enter, make, stranger, action):
    hazard = make()
    before = state_of(hazard)
    assert enter(stranger).post(url("act", hazard, action.value), FULL.get(action, {})).status_code == 404
    assert state_of(hazard) == before


def test_there_is_no_page_for_an_unknown_act(enter, make, officer):
    assert enter(officer).get(url("act", make(), "explode")).status_code == 404


# What each act needs; the same words do for the tests of refusal.
FULL = {
    Action.GRADE: {"grade": "major", "reason": "漏电危险"},
    Action.REGRADE: {"grade": "major", "reason": "漏电危险"},
    Action.DISMISS: {"note": "不是隐患"},
    Action.TRANSFER: {"to": "供电公司", "note": "校外线路"},
    Action.PROTECT: {"closed": "东侧楼梯", "watch": "李明"},
    Action.RETURN_PLAN: {"note": "资金未落实"},
    Action.SUBMIT: {"measure": "已清走"},
    Action.VERIFY: {"mode": "on_site"},
    Action.SEND_BACK: {"note": "没有清完"},
    Action.CLOSE: {"closure": "rectified"},
    Action.REOPEN: {"note": "又堆上了"},
    Action.ASK_EXTENSION: {"due_on": "2099-12-01", "reason": "等配件"},
    Action.DECIDE_EXTENSION: {"is_granted": "1", "answer": "同意"},
    Action.COMMENT: {"note": "已通知后勤"},
}


@pytest.mark.parametrize("action", [action for action in FULL if action != Action.DECIDE_EXTENSION])
def test_bad_input_is_told_beside_the_field_and_changes_nothing(enter, make, officer, clerk, request, action):
    """Each act with its words left out, by somebody whom the state allows it."""
    hazard = make()
    states = {
        Action.GRADE: {}, Action.DISMISS: {}, Action.TRANSFER: {}, Action.PROTECT: {}, Action.COMMENT: {},
        Action.SUBMIT: {}, Action.REGRADE: {"status": "rectifying", "grade": "general"},
        Action.RETURN_PLAN: {"status": "signed", "grade": "major"},
        Action.ASK_EXTENSION: {"status": "rectifying", "grade": "general"},
        Action.REOPEN: {
            "status": "closed", "closure": "mistaken", "closed_at": timezone.now(), "closed_on": "2026-11-01"
        },
    }  # fmt: skip
    Hazard.objects.filter(pk=hazard.pk).update(
        **states.get(action, {"status": "submitted", "grade": "general"})
    )
    school_acts = {Action.SUBMIT, Action.ASK_EXTENSION, Action.COMMENT}
    client = enter(officer if action in school_acts else clerk)
    before = state_of(hazard)

    page = client.post(url("act", hazard, action.value), {})

    assert page.status_code == 400
    assert page.context["form"].errors
    assert "data-error-summary" in page.content.decode()
    assert state_of(hazard) == before


def test_what_the_state_forbids_shows_the_reason_instead_of_a_form(enter, make, officer, clerk):
    hazard = make()
    page = enter(officer).get(url("act", hazard, "verify"))
    assert page.status_code == 403
    assert str(page.context["refusal"]) in page.content.decode()

    page = enter(officer).post(url("act", hazard, "verify"), FULL[Action.VERIFY])
    assert page.status_code == 400
    assert page.context["form"].non_field_errors()
    assert verbs_of(hazard) == ["report"]


def test_the_general_hazard_walks_through_its_pages(enter, make, officer, principal, photo):
    hazard = make()
    done = enter(officer).post(url("act", hazard, "submit"), {"measure": "已清走", "photos": photo()})
    assert done.status_code == 302
    page = enter(principal).get(url("detail", hazard))
    assert page.context["next"]["primary"]["label"] == Action.CLOSE.label

    enter(principal).post(url("act", hazard, "close"), {"closure": "rectified"})

    hazard.refresh_from_db()
    assert (hazard.status, hazard.closure, hazard.grade) == (Status.CLOSED, Closure.RECTIFIED, Grade.GENERAL)
    assert verbs_of(hazard) == ["report", "submit", "close"]
    assert enter(officer).get(url("detail", hazard)).status_code == 200


def test_the_major_hazard_walks_through_its_pages(enter, major, officer, principal, clerk, leader, photo):
    plan_it(major, officer, principal)
    for person, action, data in [
        (principal, "sign_plan", {}),
        (clerk, "accept_plan", {}),
        (officer, "submit", {"measure": "换了箱体", "photos": photo(), "cost": "4800"}),
        (clerk, "verify", {"mode": "on_site", "note": "已到现场"}),
        (leader, "close", {"closure": "rectified"}),
    ]:
        assert enter(person).get(url("act", major, action)).status_code == 200
        assert enter(person).post(url("act", major, action), data).status_code == 302, action
        assert enter(person).get(url("detail", major)).status_code == 200
    major.refresh_from_db()
    assert (major.status, major.verified_by, major.closed_by) == (Status.CLOSED, clerk, leader)


def test_submitting_twice_is_one_submission(enter, make, officer, photo):
    hazard = make()
    first = enter(officer).post(url("act", hazard, "submit"), {"measure": "已清走", "photos": photo()})
    second = enter(officer).post(url("act", hazard, "submit"), {"measure": "已清走", "photos": photo()})

    assert (first.status_code, second.status_code) == (302, 400)
    assert verbs_of(hazard) == ["report", "submit"]
    assert attachments_of(hazard, "after").count() == 1


def test_the_same_case_says_to_do_to_one_and_waiting_to_another(enter, make, officer, clerk, principal):
    make()
    assert enter(officer).get(reverse("hazards:list")).context["rows"][0]["tag_kind"] == "todo"
    assert enter(clerk).get(reverse("hazards:list")).context["rows"][0]["tag_kind"] == "wait"


def test_from_a_queue_one_comes_back_to_the_queue(enter, make, clerk):
    hazard = make(proposed_grade=Grade.MAJOR)
    page = enter(clerk).get(url("detail", hazard) + "?queue=grade")
    assert [link["key"] for link in page.context["triage"]] == ["1", "2"]
    form = enter(clerk).get(page.context["triage"][0]["url"])
    assert form.context["form"]["grade"].value() == "general"

    done = enter(clerk).post(page.context["triage"][0]["url"], {"grade": "general", "reason": "小问题"})

    assert done.url == reverse("hazards:list") + "?queue=grade"
    assert enter(clerk).get(url("detail", hazard) + "?queue=nonsense").context["queue"] == ""


def test_after_an_act_the_next_case_of_the_queue_opens_with_the_reasons_used_before(enter, make, clerk):
    first, second, third = (make(proposed_grade=Grade.MAJOR) for _index in range(3))
    client, tail = enter(clerk), "?queue=grade"
    sent = client.post(url("act", third, "grade") + tail, {"grade": "general", "reason": "小"})
    assert sent.url == second.get_absolute_url() + tail
    assert f"{third.number} " in client.get(sent.url).content.decode()
    assert client.get(url("act", second, "grade") + tail).context["reasons"] == ["小"]
    sent = client.post(url("act", first, "grade") + tail, {"grade": "general", "reason": "轻"})
    assert sent.url == reverse("hazards:list") + tail  # the second was passed over
    assert client.get(url("act", second, "grade")).context["reasons"] == ["轻", "小"]


def test_reasons_of_another_person_are_not_offered(enter, make, clerk, leader):
    one, other = make(proposed_grade=Grade.MAJOR), make(proposed_grade=Grade.MAJOR)
    enter(leader).post(url("act", one, "grade"), {"grade": "general", "reason": "别人的"})
    assert enter(clerk).get(url("act", other, "grade")).context["reasons"] == []


def test_a_major_grade_is_decided_where_an_app_above_says(enter, make, clerk, monkeypatch):
    """The short page passes on what was typed; nothing is graded by it."""
    monkeypatch.setattr(
        presentation, "GRADING_PAGES", [lambda hazard, grade: "/judge/" if grade == Grade.MAJOR else ""]
    )
    hazard = make(proposed_grade=Grade.MAJOR)
    page = enter(clerk).get(url("detail", hazard) + "?queue=grade")
    assert page.context["triage"][1]["url"] == "/judge/?queue=grade"

    sent = enter(clerk).post(url("act", hazard, "grade") + "?queue=grade", FULL[Action.GRADE])

    assert sent.url == "/judge/?" + urlencode({"reason": "漏电危险", "queue": "grade"})
    assert verbs_of(hazard) == ["report"]


def test_an_extension_is_asked_for_and_decided_on_pages(enter, make, officer, clerk):
    hazard = make()
    services.grade(hazard, actor=clerk, grade="general", reason="一般", now=timezone.now())
    enter(officer).post(url("act", hazard, "ask_extension"), FULL[Action.ASK_EXTENSION])
    page = enter(clerk).get(url("act", hazard, "decide_extension"))
    assert "等配件" in page.content.decode()
    enter(clerk).post(url("act", hazard, "decide_extension"), FULL[Action.DECIDE_EXTENSION])
    hazard.refresh_from_db()
    assert str(hazard.due_on) == "2099-12-01"
    assert "2099-12-01" in enter(officer).get(url("detail", hazard)).content.decode()


def test_a_duplicate_is_merged_by_choosing_or_by_number(enter, make, clerk):
    stays, one, two = make(), make(), make(place="操场")
    page = enter(clerk).get(url("act", one, "merge"))
    assert stays.number in page.content.decode()
    enter(clerk).post(url("act", one, "merge"), {"suggested": stays.number, "note": "同一处"})
    enter(clerk).post(url("act", two, "merge"), {"number": stays.number, "note": "同一处"})
    assert {row.merged_into for row in Hazard.objects.filter(pk__in=[one.pk, two.pk])} == {stays}
    assert "merge" not in verbs_of(stays)
    assert verbs_of(stays) == ["report", "absorb", "absorb"]
    assert stays.number in enter(clerk).get(url("detail", one)).content.decode()


@pytest.mark.parametrize("number", ["", "NO-SUCH", "self", "other school"])
def test_a_merge_needs_another_open_hazard_of_the_school(enter, make, clerk, neighbour, number):
    hazard, other = make(), HazardFactory(school=neighbour)
    number = {"self": hazard.number, "other school": other.number}.get(number, number)
    page = enter(clerk).post(url("act", hazard, "merge"), {"number": number, "note": "同一处"})
    assert page.status_code == 400
    assert page.context["form"].errors["number"]


# --- the plan ------------------------------------------------------------------------------------
def plan_data(version=1, **changes):
    values = {name: "" if value is None else value for name, value in plan_values(**changes).items()}
    return values | {"version": version}


def test_the_plan_is_filled_in_with_proofs(enter, major, officer, photo, paper):
    data = plan_data() | {"proof_funds": paper(), "proof_measures": photo()}
    assert enter(officer).post(url("plan", major), data).status_code == 302

    page = enter(officer).get(url("plan", major))
    assert (page.context["done"], page.context["total"]) == (4, 5)  # the signature is missing
    assert "合同.pdf" in page.content.decode()
    assert [file.purpose for file in attachments_of(major).exclude(purpose="before")] == ["measures", "funds"]


def test_two_people_at_the_same_plan_see_both_texts_and_lose_none(enter, major, officer, principal):
    enter(officer).post(url("plan", major), plan_data(measures="换箱体"))

    page = enter(principal).post(url("plan", major), plan_data(measures="只加锁"))

    assert page.status_code == 400
    assert [(line["theirs"], line["yours"]) for line in page.context["theirs"]] == [("换箱体", "只加锁")]
    assert "只加锁" in str(page.context["form"]["measures"])
    major.refresh_from_db()
    assert major.plan.measures == "换箱体"
    again = page.context["form"]["version"].value()
    assert enter(principal).post(url("plan", major), plan_data(again, measures="只加锁")).status_code == 302
    major.plan.refresh_from_db()
    assert major.plan.measures == "只加锁"


@pytest.mark.parametrize(
    "change", [{"deadline": "2020-01-01"}, {"funds_planned": "-1"}, {"deadline": "soon"}]
)
def test_a_plan_with_bad_values_is_refused_beside_the_field(enter, major, officer, change):
    page = enter(officer).post(url("plan", major), plan_data() | change)
    assert page.status_code == 400
    assert set(page.context["form"].errors) == set(change)
    major.refresh_from_db()
    assert (major.plan.version, major.plan.measures) == (1, "")


def test_a_bad_proof_is_refused_and_nothing_is_saved(enter, major, officer, photo):
    bad = photo("x.jpg")
    bad.name, bad.file = "x.jpg", type(bad.file)(b"MZ not a picture")
    bad.size = 16
    page = enter(officer).post(url("plan", major), plan_data() | {"proof_funds": bad})
    assert page.status_code == 400
    assert "proof_funds" in page.context["form"].errors
    major.refresh_from_db()
    assert major.plan.version == 1


def test_whoever_may_not_fill_in_the_plan_reads_it(enter, major, clerk, make):
    page = enter(clerk).get(url("plan", major))
    assert page.status_code == 200
    assert page.context["refusal"]
    assert enter(clerk).post(url("plan", major), plan_data()).status_code == 400
    assert enter(clerk).get(url("plan", make())).status_code == 302  # a general hazard has none


# --- snap report ---------------------------------------------------------------------------------
def snap(photo, **changes):
    return {
        "photos": photo(), "title": "灭火器过期", "place": "食堂", "category": "XF",
        "proposed_grade": "general", "client_uuid": str(uuid4()),
    } | changes  # fmt: skip


def test_a_snap_report_is_one_screen(enter, staff, photo, make):
    make(place="二楼走廊")
    assert "二楼走廊" in enter(staff).get(reverse("hazards:new")).content.decode()
    done = enter(staff).post(reverse("hazards:new"), snap(photo))
    hazard = Hazard.objects.get(title="灭火器过期")
    assert done.url == hazard.get_absolute_url()
    assert attachments_of(hazard, "before").count() == 1


def test_a_snap_report_pressed_twice_is_one_hazard(enter, officer, photo):
    data = snap(photo)
    for _time in range(2):
        data["photos"] = photo()
        assert enter(officer).post(reverse("hazards:new"), data).status_code == 302
    assert Hazard.objects.count() == 1


def test_a_pair_of_photos_is_fixed_on_the_spot(enter, officer, photo):
    enter(officer).post(reverse("hazards:new"), snap(photo, after_photos=photo("b.jpg"), measure="换新"))
    assert Hazard.objects.get().is_fixed_on_spot


@pytest.mark.parametrize(
    "change",
    [{"photos": ""}, {"title": ""}, {"category": "QQ"}, {"measure": "换新"}, {"client_uuid": "x"}],
)
def test_a_snap_report_that_lacks_something_says_what(enter, officer, photo, change):
    page = enter(officer).post(reverse("hazards:new"), snap(photo) | change)
    assert page.status_code == 400
    assert page.context["form"].errors
    assert Hazard.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [("JB001", True), ("育才小学", True), ("育才", True), ("江北区", False), ("没有", False)],
)
def test_a_bureau_names_the_school_by_name_or_code(enter, clerk, photo, school, neighbour, words, found):
    answer = enter(clerk).post(reverse("hazards:new"), snap(photo, school=words))
    assert answer.status_code == (302 if found else 400)
    assert list(Hazard.objects.values_list("school", "source")) == (
        [(school.pk, "inspection")] if found else []
    )


def test_an_auditor_reports_nothing(enter, auditor, photo, school):
    page = enter(auditor).post(reverse("hazards:new"), snap(photo, school="JB001"))
    assert page.status_code == 400
    assert Hazard.objects.count() == 0


# --- legal bases ---------------------------------------------------------------------------------
CLAUSE = {
    "code": "NEW-1", "document": "某某规定", "article": "第一条", "effective_from": "2026-01-01",
    "categories": ["XF"],
}  # fmt: skip


def test_an_administrator_keeps_the_legal_bases(enter, admin):
    client = enter(admin)
    assert "中华人民共和国消防法" in client.get(reverse("hazards:legal_bases")).content.decode()
    assert client.get(reverse("hazards:legal_basis_new")).status_code == 200
    assert client.post(reverse("hazards:legal_basis_new"), CLAUSE).status_code == 302
    basis = LegalBasis.objects.get(code="NEW-1")
    assert verbs_of(basis) == ["save_legal_basis"]
    bad = client.post(
        reverse("hazards:legal_basis", args=[basis.pk]), CLAUSE | {"effective_to": "2025-01-01"}
    )
    assert bad.status_code == 400
    basis.refresh_from_db()
    assert basis.effective_to is None


def test_others_read_the_legal_bases_and_change_none(enter, clerk):
    client, basis = enter(clerk), LegalBasis.objects.first()
    assert client.get(reverse("hazards:legal_bases")).status_code == 200
    for address in [reverse("hazards:legal_basis_new"), reverse("hazards:legal_basis", args=[basis.pk])]:
        assert client.get(address).status_code == 403
        assert client.post(address, CLAUSE).status_code == 403
    assert not LegalBasis.objects.filter(code="NEW-1").exists()
