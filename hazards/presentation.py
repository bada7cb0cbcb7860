"""How a hazard is shown: state words, tags, five cards, whose turn it is. No decisions, no writes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolsafety.core.roles import Role

from . import workflow
from .workflow import FIVE, SLOTS, Action, Closure, Grade, Slot, Status, missing_slots

PRIMARY = [
    Action.DECIDE_EXTENSION, Action.GRADE, Action.SIGN_PLAN, Action.PLAN, Action.ACCEPT_PLAN, Action.SUBMIT,
    Action.VERIFY, Action.CLOSE,
]  # fmt: skip
KEYS = {Action.DISMISS: "3", Action.TRANSFER: "4", Action.CHASE: "c"}
NOTICE_SOURCES: list = []
# Parts of the page that apps above add: f(hazard, user, now) -> [(template, its context as "part")].
PART_SOURCES: list = []
# Acts that apps above add beside the hazard's own: f(hazard, user) -> [{url, label, key}].
ACT_SOURCES: list = []
# Where apps above have a grade decided: f(hazard, grade) -> the address of that page, or "".
GRADING_PAGES: list = []
# Pages of apps above for a queue of the ledger: {queue: f(user) -> [{"url", "label"}]}.
QUEUE_LINKS: dict = {}
# What photos give a verifier to think about: f(hazards, user) -> {hazard key: [{"text", "links"}]}.
PHOTO_HINTS: list = []
# What apps above mark on rows of a list: f(hazard keys, user) -> {key: [(kind, text)]}, one query a list.
ROW_MARKS: list = []


def rows_of(rows, user, today, query=""):
    """The rows of one page of the ledger, ready for the template, with the marks of apps above."""
    marks: dict = {}
    for find in ROW_MARKS if rows else []:
        for key, found in find([row["pk"] for row in rows], user).items():
            marks.setdefault(key, []).extend(found)
    shown = [(row["pk"], row_of(row, user.posts, today, query)) for row in rows]
    return [row | {"flags": [*marks.get(pk, []), *row["flags"]]} for pk, row in shown]


def row_of(row, posts, today, query=""):
    """One row of the ledger, ready for the template, from a dict of queries.LEDGER_COLUMNS.

    `posts`: (path, role) pairs of the reader. The same case says "to do" to one and "waiting" to another.
    """
    roles = {role for path, role in posts if row["school__path"].startswith(path)}
    grade = row["grade"] or row["proposed_grade"]
    turn = workflow.turn_of(row["status"], row["grade"], row["proposed_grade"], row["source"])
    return {
        "number": row["number"],
        "url": reverse("hazards:detail", args=[row["number"]]) + query,
        "title": row["title"],
        "place": row["place"],
        "school": row["school__short_name"] or row["school__name"],
        "category": row["category__name"],
        "grade_level": "1" if grade == Grade.MAJOR else "3",
        "grade_text": grade_text(row["grade"], row["proposed_grade"]),
        "tag_kind": tag_kind(row["status"], turn, roles),
        "tag_text": state_text(row),
        "flags": flags_of(row, today),
        "found": f"{row['found_on']:%Y-%m-%d}",
        "due": f"{row['due_on']:%Y-%m-%d}" if row["due_on"] else "",
        "version": workflow.version_of(
            row["status"], row["grade"], row["reopened_count"], row["sent_back_count"]
        ),
    }


def look_of(hazard, facts, roles, today):
    """{grade_level, grade_text, tag_kind, tag_text, flags} of the page's head; flags are (kind, text)."""
    row = {name: getattr(hazard, name) for name in HEAD}
    turn = workflow.turn_of(
        hazard.status, hazard.grade, hazard.proposed_grade, hazard.source, facts.school_may_close
    )
    return {
        "grade_level": "1" if hazard.effective_grade == Grade.MAJOR else "3",
        "grade_text": grade_text(hazard.grade, hazard.proposed_grade),
        "tag_kind": tag_kind(hazard.status, turn, roles),
        "tag_text": state_text(row),
        "flags": flags_of(row, today),
    }


HEAD = [
    "status", "grade", "proposed_grade", "closure", "is_fixed_on_spot", "due_on", "first_due_on",
    "interim_at", "is_backdated", "reopened_count", "awaits_funds_since", "paused_until",
]  # fmt: skip


def grade_text(grade, proposed):
    """The grade given; or a suspected major one, which only the bureau may call major."""
    if grade:
        return str(Grade(grade).label)
    return _("Suspected major") if proposed == Grade.MAJOR else str(Grade.GENERAL.label)


def tag_kind(status, turn, roles):
    """todo if it is this person's turn, wait if another's, done if closed."""
    if status == Status.CLOSED:
        return "done"
    return "todo" if roles & turn else "wait"


def state_text(row):
    """The state word of the list and the page."""
    if row["status"] == Status.CLOSED and row["closure"] != Closure.RECTIFIED:
        return str(Closure(row["closure"]).label)
    if row["status"] == Status.SUBMITTED and row["is_fixed_on_spot"]:
        return _("Fixed on the spot, awaiting verification")
    return str(workflow.state_word(row["status"], row["grade"], row["proposed_grade"]))


def flags_of(row, today):
    """(kind, text) pairs beside the state: late or without money, extended, protected, reopened ..."""
    flags, is_open = [], row["status"] != Status.CLOSED
    handed_in = row["status"] in {Status.SUBMITTED, Status.VERIFIED}
    if is_open and row["awaits_funds_since"]:
        flags.append(("warn", _("waiting for funds")))
    elif is_open and not handed_in and row["due_on"] and row["due_on"] < today:
        flags.append(("late", _("%(n)d days late") % {"n": (today - row["due_on"]).days}))
    if is_open and row["paused_until"]:
        flags.append(("wait", _("clock stopped until %(day)s") % {"day": row["paused_until"]}))
    if is_open and row["first_due_on"] and row["due_on"] and row["due_on"] > row["first_due_on"]:
        flags.append(("wait", _("extended to %(day)s") % {"day": row["due_on"]}))
    if is_open and row["interim_at"]:
        flags.append(("warn", _("interim protection")))
    if row["is_backdated"]:
        flags.append(("wait", _("late entry")))
    if row["reopened_count"]:
        flags.append(("warn", _("reopened, %(n)d") % {"n": row["reopened_count"]}))
    return flags


def allowed(hazard, user, facts):
    """What this person may do now."""
    return workflow.allowed_actions(hazard.status, user.roles_at(hazard.school), facts)


def next_step(hazard, user, facts, query=""):
    """{sentence, primary, others}: whose turn it is, one button, the rest under "more"."""
    actions = allowed(hazard, user, facts)
    primary = next((action for action in PRIMARY if action in actions and _is_apt(action, facts)), None)
    return {
        "sentence": _sentence(hazard, facts),
        "primary": button(hazard, primary, query) if primary else None,
        "others": [button(hazard, action, query) for action in actions if action != primary]
        + [link for find in ACT_SOURCES for link in find(hazard, user)],
    }


def _is_apt(action, facts):
    """The extension comes first only where one was asked for; a principal signs only a complete plan."""
    return facts.has_open_extension if action == Action.DECIDE_EXTENSION else True


def button(hazard, action, query=""):
    """{url, label, key} of an act's page."""
    if action == Action.REGRADE and (page := grading_page(hazard, Grade.MAJOR)):
        return {"url": page + query, "label": action.label, "key": ""}
    name = "hazards:plan" if action == Action.PLAN else "hazards:act"
    args = [hazard.number] if action == Action.PLAN else [hazard.number, action.value]
    return {"url": reverse(name, args=args) + query, "label": action.label, "key": KEYS.get(action, "")}


def grading_page(hazard, grade):
    """The address where an app above has this grade decided; "" where the short page does."""
    return next((page for find in GRADING_PAGES if (page := find(hazard, grade))), "")


def slots_of(hazard, plan, variant, today):
    """The cards of the implementations: [{slot, label, is_done, fact}]; empty for a general hazard."""
    if hazard.grade != Grade.MAJOR:
        return []
    missing = set(missing_slots(plan, variant))
    return [
        {
            "slot": slot.value,
            "label": slot.label,
            "is_done": slot not in missing,
            "fact": _fact(plan, slot, today) if plan else "",
        }
        for slot in SLOTS.get(variant, FIVE)
    ]


def facts_list(hazard):
    """(label, value) pairs of the page's facts."""
    verified = hazard.verified_by and f"{hazard.verified_by} · {hazard.get_verification_display()}"
    found = [f"{hazard.found_on}", str(hazard.found_by or ""), str(hazard.get_source_display())]
    return [
        (_("School"), hazard.school.name),
        (_("Place"), hazard.place),
        (_("Category"), f"{hazard.category} · {hazard.get_nature_display()}"),
        (_("Found"), " · ".join(part for part in found if part)),
        (_("Partner agency"), hazard.partner),
        (_("Details"), hazard.description),
        (_("Reason of the grade"), hazard.grade_reason),
        (_("Deadline"), f"{hazard.due_on:%Y-%m-%d}" if hazard.due_on else ""),
        (_("What is closed"), hazard.interim_closed),
        (_("Who watches"), hazard.interim_watch),
        (_("What was done"), hazard.measure),
        (_("Responsible person"), hazard.responsible),
        (_("Money spent (yuan)"), money(hazard.cost)),
        (_("Verified"), verified),
        (_("Transferred to"), hazard.transferred_to),
    ]


def money(amount):
    """12,345.60; empty for None."""
    return "" if amount is None else f"{amount:,.2f}"


def notices_of(hazard, user):
    """[{url, text}] of the papers that cite the hazard; the app above registers how to find them."""
    return [link for find in NOTICE_SOURCES for link in find(hazard, user)]


def parts_of(hazard, user, now):
    """[{template, part}] of what apps above show on the hazard's page."""
    found = [row for find in PART_SOURCES for row in find(hazard, user, now)]
    return [{"template": template, "part": part} for template, part in found]


def photo_hints(hazards, user):
    """{hazard key: [{"text", "links": [{"url", "label"}]}]} of what apps above see in the photos."""
    found: dict = {}
    for find in PHOTO_HINTS:
        for key, hints in find(hazards, user).items():
            found.setdefault(key, []).extend(hints)
    return found


def _sentence(hazard, facts):
    is_major = hazard.effective_grade == Grade.MAJOR
    match hazard.status:
        case Status.REPORTED if is_major:
            return _("The bureau grades this suspected major hazard.")
        case Status.REPORTED | Status.RECTIFYING:
            words = {"day": hazard.due_on}
            return _("The school rectifies it by %(day)s and hands it in with a photo.") % words
        case Status.PLANNING if not facts.is_protected:
            return _("The school records the interim protection, then the five implementations.")
        case Status.PLANNING if facts.missing:
            names = "、".join(str(Slot(slot).label) for slot in facts.missing)
            return _("The school fills in what is missing: %(names)s.") % {"names": names}
        case Status.PLANNING:
            return _("The plan is complete; the principal signs it.")
        case Status.SIGNED:
            return _("The bureau accepts the plan or returns it.")
        case Status.SUBMITTED:
            return _sentence_to_verify(hazard, facts)
        case Status.VERIFIED:
            return _("Verified; the bureau writes it off.")
    return _("Nothing more to do.")


def _sentence_to_verify(hazard, facts):
    turn = workflow.turn_of(
        hazard.status, hazard.grade, hazard.proposed_grade, hazard.source, facts.school_may_close
    )
    if Role.PRINCIPAL in turn:
        return _("The principal looks at it and writes it off or sends it back; not who handed it in.")
    return _("The bureau verifies it; not who handed it in.")


def _fact(plan, slot, today):
    """The one fact that proves a slot."""
    match slot:
        case Slot.RESPONSIBILITY if plan.responsible_person:
            signed = plan.responsible_signed_at
            mark = _("signed %(day)s") % {"day": f"{signed:%m-%d}"} if signed else _("not signed yet")
            return f"{plan.responsible_person} {plan.responsible_post}\n{mark}"
        case Slot.DEADLINE if plan.deadline:
            left = (plan.deadline - today).days
            return f"{plan.deadline}\n" + (_("%(n)d days left") % {"n": left} if left >= 0 else _("past"))
        case Slot.MEASURES:
            return plan.measures
        case Slot.FUNDS if plan.funds_planned is not None:
            words = {"planned": money(plan.funds_planned), "allocated": money(plan.funds_allocated or 0)}
            return _("planned %(planned)s, allocated %(allocated)s") % words + f"\n{plan.funds_source}"
        case Slot.CONTINGENCY:
            return f"{plan.contingency}\n{plan.guard_person} {plan.guard_phone}".strip()
        case Slot.GOAL:
            return plan.goal
        case Slot.ORGANISATION:
            return plan.organisation_text
    return ""
