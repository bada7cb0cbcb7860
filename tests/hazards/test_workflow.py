"""The life cycle as a table: every state, role and action; the guards; what no path can reach."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards.services.closing import _state_again
from hazards.services.grading import _status_after
from hazards.workflow import (
    OPEN,
    RULES,
    SLOT_FIELDS,
    SLOTS,
    Action,
    Facts,
    Grade,
    NotAllowed,
    Slot,
    Source,
    Status,
    allowed_actions,
    missing_slots,
    refusal,
    rule_for,
    state_word,
    target_of,
    turn_of,
)
from schoolsafety.core.roles import BUREAU_ROLES, SCHOOL_ROLES, Role

CALM = Facts(
    grade=Grade.GENERAL, proposed_grade=Grade.GENERAL, is_own_submission=False, is_verified=True, missing=(),
    may_sign=True,
    is_protected=True, has_open_extension=False, school_may_close=True, is_own_finding=True,
)  # fmt: skip
MAJOR = replace(CALM, grade=Grade.MAJOR, proposed_grade=Grade.MAJOR)
A = Action

BUREAU_CELLS = {
    Status.REPORTED: {A.GRADE, A.DISMISS, A.TRANSFER, A.MERGE, A.PROTECT, A.CHASE, A.COMMENT},
    Status.PLANNING: {A.REGRADE, A.TRANSFER, A.MERGE, A.PROTECT, A.CHASE, A.COMMENT},
    Status.SIGNED: {
        A.REGRADE, A.TRANSFER, A.MERGE, A.PROTECT, A.ACCEPT_PLAN, A.RETURN_PLAN, A.COMMENT,
    },
    Status.RECTIFYING: {A.REGRADE, A.TRANSFER, A.MERGE, A.PROTECT, A.RETURN_PLAN, A.CHASE, A.COMMENT},
    Status.SUBMITTED: {A.REGRADE, A.MERGE, A.PROTECT, A.VERIFY, A.SEND_BACK, A.CLOSE, A.COMMENT},
    Status.VERIFIED: {A.REGRADE, A.PROTECT, A.SEND_BACK, A.CLOSE, A.COMMENT},
    Status.CLOSED: {A.REOPEN, A.COMMENT},
}  # fmt: skip
OFFICER_CELLS = {
    Status.REPORTED: {A.PROTECT, A.SUBMIT, A.COMMENT},
    Status.PLANNING: {A.PROTECT, A.PLAN, A.SIGN_RESPONSIBILITY, A.ASK_EXTENSION, A.COMMENT},
    Status.SIGNED: {A.PROTECT, A.COMMENT},
    Status.RECTIFYING: {A.PROTECT, A.SUBMIT, A.ASK_EXTENSION, A.COMMENT},
    Status.SUBMITTED: {A.PROTECT, A.COMMENT},
    Status.VERIFIED: {A.PROTECT, A.COMMENT},
    Status.CLOSED: {A.COMMENT},
}


def expected_of_major(role, status):
    """What the table says for a planned, protected, verified major hazard."""
    if role in BUREAU_ROLES:
        return BUREAU_CELLS[status]
    if role == Role.SAFETY_OFFICER:
        return OFFICER_CELLS[status]
    if role == Role.PRINCIPAL:
        return OFFICER_CELLS[status] | ({A.SIGN_PLAN} if status == Status.PLANNING else set())
    if role == Role.SCHOOL_STAFF:
        return {A.COMMENT} | ({A.SIGN_RESPONSIBILITY} if status == Status.PLANNING else set())
    return set()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_table_for_a_major_hazard(status, role):
    assert set(allowed_actions(status, {role}, MAJOR)) == expected_of_major(role, status)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
def test_a_general_hazard_differs_only_in_its_plan_and_in_what_its_school_may_do(status, role):
    plan = {A.PLAN, A.SIGN_RESPONSIBILITY, A.SIGN_PLAN, A.ACCEPT_PLAN, A.RETURN_PLAN}
    own = {Role.PRINCIPAL: {A.CLOSE, A.SEND_BACK}} if status == Status.SUBMITTED else {}
    merge = {A.MERGE} if role == Role.SAFETY_OFFICER and status in OPEN - {Status.VERIFIED} else set()
    expected = expected_of_major(role, status) - plan | own.get(role, set()) | merge
    assert set(allowed_actions(status, {role}, CALM)) == expected


def test_every_action_has_a_rule():
    assert set(RULES) == set(Action)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_no_open_state_is_a_dead_end(status):
    """Somebody can always move the case on, whatever it lacks."""
    lacking = replace(
        MAJOR, missing=(Slot.FUNDS,), is_protected=False, is_verified=False, has_open_extension=True
    )
    still = {A.COMMENT, A.PROTECT, A.CHASE}
    for facts in (CALM, MAJOR, lacking):
        assert set(allowed_actions(status, set(Role), facts)) - still


@pytest.mark.parametrize(
    ("action", "status", "role", "change"),
    [
        (A.SUBMIT, Status.REPORTED, Role.SAFETY_OFFICER, {"grade": "", "proposed_grade": Grade.MAJOR}),
        (A.SUBMIT, Status.RECTIFYING, Role.SAFETY_OFFICER, {"missing": (Slot.FUNDS,)}),
        (A.SIGN_PLAN, Status.PLANNING, Role.PRINCIPAL, {"missing": (Slot.FUNDS,)}),
        (A.SIGN_PLAN, Status.PLANNING, Role.PRINCIPAL, {"is_protected": False}),
        (A.SIGN_RESPONSIBILITY, Status.PLANNING, Role.PRINCIPAL, {"may_sign": False}),
        (A.SIGN_PLAN, Status.PLANNING, Role.PRINCIPAL, {"grade": Grade.GENERAL}),
        (A.ACCEPT_PLAN, Status.SIGNED, Role.DISTRICT_STAFF, {"missing": (Slot.FUNDS,)}),
        (A.VERIFY, Status.SUBMITTED, Role.DISTRICT_STAFF, {"is_own_submission": True}),
        (A.CLOSE, Status.VERIFIED, Role.DISTRICT_STAFF, {"is_own_submission": True}),
        (A.CLOSE, Status.VERIFIED, Role.DISTRICT_STAFF, {"has_open_extension": True}),
        (A.CLOSE, Status.VERIFIED, Role.DISTRICT_STAFF, {"missing": (Slot.FUNDS,)}),
        (A.CLOSE, Status.SUBMITTED, Role.DISTRICT_STAFF, {"is_verified": False}),
        (A.CLOSE, Status.SUBMITTED, Role.PRINCIPAL, {}),
        (A.SEND_BACK, Status.SUBMITTED, Role.PRINCIPAL, {}),
        (A.ASK_EXTENSION, Status.RECTIFYING, Role.SAFETY_OFFICER, {"has_open_extension": True}),
        (A.DECIDE_EXTENSION, Status.RECTIFYING, Role.DISTRICT_STAFF, {"has_open_extension": False}),
        (A.MERGE, Status.RECTIFYING, Role.SAFETY_OFFICER, {}),
    ],
)
def test_a_guard_refuses_with_a_reason(action, status, role, change):
    """For a major hazard that is complete but for `change`."""
    reason = refusal(action, status, {role}, replace(MAJOR, **change))
    assert str(reason)
    with pytest.raises(NotAllowed, match=str(reason)):
        target_of(action, status, {role}, replace(MAJOR, **change))


@pytest.mark.parametrize(
    "change", [{"school_may_close": False}, {"is_own_finding": False}, {"is_own_submission": True}]
)
def test_the_principal_writes_off_only_what_the_school_found_and_another_handed_in(change):
    assert refusal(A.CLOSE, Status.SUBMITTED, {Role.PRINCIPAL}, CALM) is None
    assert refusal(A.CLOSE, Status.SUBMITTED, {Role.PRINCIPAL}, replace(CALM, **change))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_only_reads_or_administers_never_acts(role):
    assert [status for status in Status if allowed_actions(status, {role}, CALM)] == []


@pytest.mark.parametrize("status", Status)
def test_it_is_always_the_turn_of_somebody_who_can_move_the_case_on(status):
    still = {A.COMMENT, A.PROTECT, A.CHASE, A.ASK_EXTENSION}
    for facts in [MAJOR] if status in {Status.PLANNING, Status.SIGNED} else [CALM, MAJOR]:
        for source in Source:
            own = replace(facts, is_own_finding=source not in {Source.INSPECTION, Source.PARTNER})
            roles = turn_of(status, facts.grade, facts.proposed_grade, source)
            assert bool(roles) == (status != Status.CLOSED)
            for role in roles:
                assert set(allowed_actions(status, {role}, own)) - still, (status, role, source)


def test_a_general_hazard_nobody_graded_waits_for_the_school_and_a_suspected_major_one_for_the_bureau():
    assert turn_of(Status.REPORTED, "", Grade.GENERAL, Source.SNAP) <= SCHOOL_ROLES
    assert turn_of(Status.REPORTED, "", Grade.MAJOR, Source.SNAP) <= BUREAU_ROLES
    assert state_word(Status.REPORTED, "", Grade.GENERAL) != state_word(Status.REPORTED, "", Grade.MAJOR)


PLANS = st.fixed_dictionaries(
    {
        "responsible_person": st.sampled_from(["", "王建国"]),
        "responsible_post": st.sampled_from(["", "总务主任"]),
        "responsible_signed_at": st.sampled_from([None, "2026-11-20"]),
        "deadline": st.sampled_from([None, "2026-11-30"]),
        "measures": st.sampled_from(["", "更换箱体"]),
        "funds_planned": st.sampled_from([None, 0, 4800]),
        "funds_allocated": st.sampled_from([None, 0, 4800]),
        "funds_source": st.sampled_from(["", "公用经费"]),
        "contingency": st.sampled_from(["", "专人值守"]),
        "guard_person": st.sampled_from(["", "赵敏"]),
        "goal": st.sampled_from(["", "消除漏电"]),
        "organisation_text": st.sampled_from(["", "总务处"]),
    }
)


@given(PLANS, st.sampled_from(["five", "six"]))
def test_a_slot_is_missing_exactly_when_one_of_its_facts_is(values, variant):
    plan = SimpleNamespace(**values)
    expected = []
    for slot in SLOTS[variant]:
        is_filled = all(values[name] not in (None, "") for name in SLOT_FIELDS[slot])
        if slot == Slot.FUNDS and is_filled:
            is_filled = (values["funds_allocated"] or 0) >= values["funds_planned"]
        expected += [] if is_filled else [slot]
    assert missing_slots(plan, variant) == expected


def test_without_a_plan_everything_is_missing():
    assert missing_slots(None, "five") == SLOTS["five"]
    assert missing_slots(None, "six") == SLOTS["six"]


STEPS = st.lists(
    st.tuples(st.sampled_from(list(Action)), st.sampled_from(["a", "b"]), st.booleans()), max_size=40
)


@given(STEPS, st.sampled_from([Grade.GENERAL, Grade.MAJOR]))
def test_no_path_writes_off_a_major_hazard_without_its_plan_and_another_persons_verification(steps, proposed):
    """A small model of the case, driven by random acts of two people who hold every role."""
    case = {"status": Status.REPORTED, "grade": "", "by": None, "verified": None, "planned": False}
    for action, person, is_major in steps:
        facts = Facts(
            grade=case["grade"], proposed_grade=proposed, is_own_submission=case["by"] == person,
            is_verified=case["verified"] is not None, may_sign=True,
            missing=() if case["planned"] else (Slot.FUNDS,),
            is_protected=True, has_open_extension=False, school_may_close=True, is_own_finding=True,
        )  # fmt: skip
        if refusal(action, case["status"], set(Role), facts):
            continue
        was_verified = case["verified"]
        _apply(case, action, person, Grade.MAJOR if is_major else Grade.GENERAL, facts, proposed)
        if action == Action.CLOSE and case["grade"] == Grade.MAJOR:
            assert case["planned"]
            assert case["by"] != person
            assert was_verified not in (None, case["by"])


def _apply(case, action, person, grade, facts, proposed):
    """What the services do to the few things that the model knows."""
    target = rule_for(action, case["status"], set(Role)).target
    if action in {Action.GRADE, Action.REGRADE}:
        case["grade"], target = grade, _status_after(grade, case["status"])
        if target == Status.PLANNING:
            case["verified"] = None
    elif action == Action.PLAN:
        case["planned"] = grade == Grade.MAJOR  # a plan may also be emptied again
    elif action == Action.SUBMIT:
        case["by"], case["verified"] = person, None
    elif action == Action.VERIFY:
        case["verified"] = person
    elif action == Action.SEND_BACK:
        case["verified"] = None
    elif action == Action.REOPEN:
        case["by"] = case["verified"] = None
        target = _state_again(SimpleNamespace(grade=case["grade"], proposed_grade=proposed), facts)
    case["status"] = target or case["status"]
    if case["status"] != Status.REPORTED and not case["grade"]:
        case["grade"] = Grade.GENERAL if proposed == Grade.GENERAL else ""
