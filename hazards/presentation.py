"""How a hazard is shown: state words, tags, five cards, whose turn it is. No decisions, no writes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolsafety.core.roles import BUREAU_ROLES, SCHOOL_ROLES

from . import workflow
from .workflow import FIVE, SLOTS, Action, Closure, Grade, Slot, Status, missing_slots

# Who acts next, by state: the same case is "to do" for one side and "wait" for the other.
TURN_OF_SCHOOL = {Status.PLANNING, Status.RECTIFYING}
PRIMARY = [
    Action.GRADE, Action.PLAN, Action.SIGN_PLAN, Action.ACCEPT_PLAN, Action.DECIDE_EXTENSION, Action.SUBMIT,
    Action.VERIFY, Action.CLOSE,
]  # fmt: skip


def look_of(hazard, roles, today):
    """{grade_level, grade_text, tag_kind, tag_text, flags}: flags are (kind, text)."""
    grade = hazard.effective_grade
    text = Grade(grade).label if hazard.grade else _("proposed: %(grade)s") % {"grade": Grade(grade).label}
    return {
        "grade_level": "1" if grade == Grade.MAJOR else "3",
        "grade_text": text,
        "tag_kind": tag_kind(hazard.status, roles),
        "tag_text": state_text(hazard.status, hazard.closure, hazard.is_fixed_on_spot),
        "flags": flags_of(hazard, today),
    }


def tag_kind(status, roles):
    """todo if it is this person's turn, wait if others', done if closed."""
    if status == Status.CLOSED:
        return "done"
    mine = SCHOOL_ROLES if status in TURN_OF_SCHOOL else BUREAU_ROLES
    return "todo" if roles & mine else "wait"


def state_text(status, closure, is_fixed_on_spot):
    """The state word of the list and the page."""
    if status == Status.CLOSED:
        return Closure(closure).label if closure != Closure.RECTIFIED else Status.CLOSED.label
    if status == Status.SUBMITTED and is_fixed_on_spot:
        return _("Fixed on the spot, awaiting verification")
    return Status(status).label


def flags_of(hazard, today):
    """(kind, text) pairs beside the state: late, extended, protected, late entry, reopened."""
    flags = []
    if late := hazard.days_late(today):
        flags.append(("late", _("%(n)d days late") % {"n": late}))
    if hazard.first_due_on and hazard.due_on and hazard.due_on > hazard.first_due_on:
        flags.append(("wait", _("extended to %(day)s") % {"day": hazard.due_on}))
    if hazard.interim_at:
        flags.append(("warn", _("interim protection")))
    if hazard.is_backdated:
        flags.append(("wait", _("late entry")))
    if hazard.reopened_count:
        flags.append(("late", _("reopened %(n)d times") % {"n": hazard.reopened_count}))
    return flags


def allowed(hazard, user, facts):
    """What this person may do now."""
    return workflow.allowed_actions(hazard.status, user.roles_at(hazard.school), facts)


def next_step(hazard, user, facts):
    """{sentence, primary, others}: one sentence on whose turn it is, one button, the rest under "more"."""
    actions = allowed(hazard, user, facts)
    primary = next((action for action in PRIMARY if action in actions), None)
    return {
        "sentence": _sentence(hazard, facts),
        "primary": _button(hazard, primary) if primary else None,
        "others": [_button(hazard, action) for action in actions if action != primary],
    }


def slots_of(hazard, variant, today):
    """The cards of the implementations: [{label, is_done, fact}]; empty for a general hazard."""
    if hazard.grade != Grade.MAJOR:
        return []
    plan = getattr(hazard, "plan", None)
    missing = set(missing_slots(plan, variant))
    return [
        {"label": slot.label, "is_done": slot not in missing, "fact": _fact(plan, slot, today) if plan else ""}
        for slot in SLOTS.get(variant, FIVE)
    ]


def facts_list(hazard):
    """(label, value) pairs of the page's facts."""
    return [
        (_("School"), hazard.school.name),
        (_("Place"), hazard.place),
        (_("Category"), f"{hazard.category} · {hazard.get_nature_display()}"),
        (_("Found"), f"{hazard.found_on} · {hazard.found_by or ''} · {hazard.get_source_display()}"),
        (_("Partner agency"), hazard.partner),
        (_("Details"), hazard.description),
        (_("Reason of the grade"), hazard.grade_reason),
        (_("Deadline"), hazard.due_on),
        (_("Closed off"), hazard.interim_closed),
        (_("Watched by"), hazard.interim_watch),
        (_("Done"), hazard.measure),
        (_("Responsible person"), hazard.responsible),
        (_("Money spent (yuan)"), hazard.cost),
        (_("Verified"), hazard.verified_by and f"{hazard.verified_by} · {hazard.get_verification_display()}"),
        (_("Transferred to"), hazard.transferred_to),
        (_("Merged into"), hazard.merged_into and hazard.merged_into.number),
    ]


NOTICE_SOURCES = []


def notices_of(hazard, user):
    """[{url, text}] of the papers that cite the hazard; the app above registers how to find them."""
    return [link for find in NOTICE_SOURCES for link in find(hazard, user)]


def _sentence(hazard, facts):
    match hazard.status:
        case Status.REPORTED:
            return _("The bureau grades it. A general hazard may be fixed and handed in meanwhile.")
        case Status.PLANNING if not facts.is_protected:
            return _("The school records the interim protection, then the five implementations.")
        case Status.PLANNING if facts.missing:
            names = "、".join(str(Slot(slot).label) for slot in facts.missing)
            return _("The school fills in what is missing: %(names)s.") % {"names": names}
        case Status.PLANNING:
            return _("The plan is complete; the principal signs it.")
        case Status.SIGNED:
            return _("The bureau accepts the plan or returns it.")
        case Status.RECTIFYING:
            return _("The school rectifies it by %(day)s and hands it in with a photo.") % {"day": hazard.due_on}
        case Status.SUBMITTED:
            return _("It waits for verification by someone who did not hand it in.")
        case Status.VERIFIED:
            return _("Verified; it waits to be written off.")
    return _("Written off. Nothing more to do.")


def _button(hazard, action):
    if action == Action.PLAN:
        return {"url": reverse("hazards:plan", args=[hazard.number]), "label": action.label}
    return {"url": reverse("hazards:act", args=[hazard.number, action.value]), "label": action.label}


def _fact(plan, slot, today):
    match slot:
        case Slot.RESPONSIBILITY:
            signed = plan.responsible_signed_at
            mark = _("signed %(day)s") % {"day": f"{signed:%m-%d}"} if signed else _("not signed yet")
            return f"{plan.responsible_person} {plan.responsible_post}\n{mark}" if plan.responsible_person else ""
        case Slot.DEADLINE if plan.deadline:
            left = (plan.deadline - today).days
            return f"{plan.deadline}\n" + (_("%(n)d days left") % {"n": left} if left >= 0 else _("past"))
        case Slot.MEASURES:
            return plan.measures
        case Slot.FUNDS if plan.funds_planned is not None:
            return _("planned %(a)s, allocated %(b)s, spent %(c)s") % {
                "a": plan.funds_planned, "b": plan.funds_allocated or 0, "c": plan.funds_spent or 0,
            } + f"\n{plan.funds_source}"  # fmt: skip
        case Slot.CONTINGENCY:
            return f"{plan.contingency}\n{plan.guard_person} {plan.guard_phone}".strip()
        case Slot.GOAL:
            return plan.goal
        case Slot.ORGANISATION:
            return plan.organisation_text
    return ""
