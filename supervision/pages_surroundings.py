"""What the pages of hazards around schools show: rows, tabs, facts, the next step. Reads only."""

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Attachment
from schoolsafety.core.roles import BUREAU_ROLES, Role

from . import queries_surroundings as queries
from .services.joint_meetings import meeting_refusal
from .services.surrounding_letters import earlier_letters
from .workflow.surroundings import (
    UNSOLVED,
    Action,
    Kind,
    LetterAction,
    LetterState,
    MeetingState,
    State,
    letter_refusal,
    refusal,
)

KINDS = {
    State.RECORDED: "todo", State.SENT: "wait", State.ANSWERED: "wait", State.SOLVED: "todo",
    State.CLOSED: "done", State.DROPPED: "wait",
}  # fmt: skip
LETTER_KINDS = {LetterState.DRAFT: "todo", LetterState.ANSWERED: "done"}
MEETING_KINDS = {MeetingState.PLANNED: "todo", MeetingState.HELD: "done"}


def is_bureau(user):
    """Does this person hold a bureau's post anywhere?"""
    return bool({role for _path, role in user.posts} & BUREAU_ROLES)


def reads_letters(user):
    """May this person see the letters and meetings of some bureau?"""
    return bool({role for _path, role in user.posts} & (BUREAU_ROLES | {Role.AUDITOR}))


def tabs_of(user, current):
    """[{url, label, count, is_current}] of the three lists; a school has the archive only."""
    names = [("surroundings", _("Archive"))]
    if reads_letters(user):
        names += [("surrounding_letters", _("Letters")), ("joint_meetings", _("Joint meetings"))]
    return [
        {"url": reverse(f"supervision:{name}"), "label": label, "count": None, "is_current": name == current}
        for name, label in names
    ]


def row_of(row, today):
    """One row of the archive, ready for the template, from a dict of queries.COLUMNS."""
    state = State(row["status"])
    return row | {
        "url": reverse("supervision:surrounding", args=[row["number"]]),
        "school": row["school__short_name"] or row["school__name"],
        "kind_text": Kind(row["kind"]).label,
        "tag_kind": KINDS[state],
        "tag_text": state.label,
        "flags": flags_of(row, state, today),
        "is_choosable": state in UNSOLVED,
    }


def flags_of(row, state, today):
    """(kind, text) pairs: no answer in time, to be looked at again, came back."""
    flags, due = [], row["reply_due_on"]
    if due and due < today and state in UNSOLVED:
        flags.append(("late", _("answer %(n)d days late") % {"n": (today - due).days}))
    if state == State.SOLVED and row["look_again_on"] and row["look_again_on"] <= today:
        flags.append(("warn", _("look again now")))
    if row["came_back_count"]:
        flags.append(("warn", _("came back, %(n)d") % {"n": row["came_back_count"]}))
    return flags


def detail_of(row, user, today):
    """The context of one place's page; `row` is loaded with school, hazard and people."""
    attached = list(files.attachments_of(row))
    photos = [file for file in attached if file.kind == Attachment.Kind.PHOTO]
    letters = list(queries.letters_of(row))
    state = State(row.status)
    return {
        "row": row, "facts": _facts(row), "letters": letters,
        "meetings": list(queries.meetings_of(row)), "lines": lines_of(history_of(row)),
        "next": _next(row, user, letters, today), "reads_letters": reads_letters(user),
        "before": [photo for photo in photos if photo.purpose == "before"],
        "after": [photo for photo in photos if photo.purpose == "after"],
        "later": [photo for photo in photos if photo.purpose == "later"],
        "documents": [file for file in attached if file.kind != Attachment.Kind.PHOTO],
        "tag_kind": KINDS[state],
        "flags": flags_of(_flag_facts(row, letters), state, today),
    }  # fmt: skip


def letter_detail(letter, user, today):
    """The context of a letter's page."""
    places = list(letter.places.select_related("surrounding__school"))
    roles = user.roles_at(letter.organisation)
    links = {
        action: {"url": act_url("surrounding_letter_act", letter.pk, action), "label": action.label}
        for action in LetterAction
        if letter_refusal(action, letter.status, roles) is None
    }
    is_late = letter.status == LetterState.SENT and letter.reply_due_on < today
    if not is_late:
        links.pop(LetterAction.REMIND, None)
    order = [LetterAction.ISSUE, LetterAction.REMIND, LetterAction.REPLY, LetterAction.EDIT]
    first = next((action for action in order if action in links), None)
    return {
        "letter": letter, "places": places, "lines": lines_of(history_of(letter)),
        "kind": LETTER_KINDS.get(letter.status, "wait"), "is_late": is_late,
        "days_late": (today - letter.reply_due_on).days if is_late else 0,
        "documents": list(files.attachments_of(letter, "reply")), "earlier": earlier_letters(letter),
        "next": {
            "sentence": _letter_sentence(letter, is_late), "primary": links.pop(first, None),
            "others": list(links.values()),
        },
    }  # fmt: skip


def meeting_detail(meeting, user):
    """The context of a joint meeting's page."""
    links = []
    if meeting_refusal(meeting.status, user.roles_at(meeting.organisation)) is None:
        links = [
            {"url": act_url("joint_meeting_act", meeting.pk, name), "label": label}
            for name, label in (("record", _("Record the meeting")), ("call-off", _("Call it off")))
        ]
    words = {
        MeetingState.PLANNED: _("After the meeting the bureau records the minutes and what was decided."),
        MeetingState.HELD: _("Follow up what was decided place by place."),
        MeetingState.CALLED_OFF: _("It did not take place."),
    }
    return {
        "meeting": meeting, "places": list(meeting.places.select_related("surrounding__school")),
        "documents": list(files.attachments_of(meeting, "minutes")), "lines": lines_of(history_of(meeting)),
        "kind": MEETING_KINDS.get(meeting.status, "wait"),
        "next": {
            "sentence": words[meeting.status], "primary": links[0] if links else None, "others": links[1:],
        },
    }  # fmt: skip


def act_url(name, key, action):
    """The address of an act on `key`."""
    return reverse(f"supervision:{name}", args=[key, str(action)])


def _flag_facts(row, letters):
    running = next((one.letter for one in letters if one.is_current), None)
    return {
        "reply_due_on": running.reply_due_on if running else None, "look_again_on": row.look_again_on,
        "came_back_count": row.came_back_count,
    }  # fmt: skip


def _facts(row):
    solved = f"{row.solved_on} · {row.solved_by}：{row.solved_note}" if row.solved_on else ""
    return [
        (_("School"), row.school.name),
        (_("Kind"), row.get_kind_display()),
        (_("Place"), row.place),
        (_("Distance from the school"), _("%(n)d metres") % {"n": row.distance}),
        (_("Seen on"), f"{row.found_on} · {row.reported_by}"),
        (_("Agency that should lead"), row.agency),
        (_("What the school does meanwhile"), row.protection),
        (_("Details"), row.description),
        (_("Solved"), solved),
        (_("Look again on"), str(row.look_again_on or "")),
        (_("Looked at again"), f"{row.looked_on} {row.get_outcome_display()}" if row.looked_on else ""),
    ]


def _next(row, user, letters, today):
    roles = user.roles_at(row.school)
    is_own = row.solved_by_id == user.pk
    actions = [action for action in Action if refusal(action, row.status, roles, is_own_word=is_own) is None]
    links = {a: {"url": act_url("surrounding_act", row.number, a), "label": a.label} for a in actions}
    primary = None
    running = next((one for one in letters if one.is_current), None)
    if row.status in UNSOLVED and roles & BUREAU_ROLES:
        query = f"?place={row.number}"
        primary = {"url": reverse("supervision:surrounding_letter_new") + query, "label": _("Write a letter")}
        if running:
            primary = {"url": running.letter.get_absolute_url(), "label": _("To the letter")}
        meeting = {
            "url": reverse("supervision:joint_meeting_new") + query, "label": _("Put before a joint meeting"),
        }  # fmt: skip
        links["meeting"] = meeting
    elif Action.LOOK_AGAIN in links:
        primary = links.pop(Action.LOOK_AGAIN)
    elif Action.SOLVE in links:
        primary = links.pop(Action.SOLVE)
    return {"sentence": _sentence(row, running, today), "primary": primary, "others": list(links.values())}


def _sentence(row, running, today):
    if running and row.status in UNSOLVED:
        words = {"to": running.letter.addressee, "day": running.letter.reply_due_on}
        if running.letter.reply_due_on < today:
            return _("%(to)s was to answer by %(day)s: remind them.") % words
        return _("%(to)s answers by %(day)s.") % words
    match row.status:
        case State.RECORDED:
            return _("The bureau tells the government or the agency in writing.")
        case State.ANSWERED:
            return _("Answered; when it is gone, record it with a photo.")
        case State.SOLVED:
            words = {"day": row.look_again_on}
            return _("Someone else looks again on %(day)s; not who called it solved.") % words
    return _("Nothing more to do.")


def _letter_sentence(letter, is_late):
    match letter.status:
        case LetterState.DRAFT:
            return _("Look it over; a leader of the bureau issues it, then it gets its number.")
        case LetterState.SENT if is_late and letter.round > 1:
            return _("Reminded and still no answer: remind again, or put it before a joint meeting.")
        case LetterState.SENT if is_late:
            return _("The day of the answer has passed: remind them.")
        case LetterState.SENT:
            return _("%(to)s answers by %(day)s.") % {"to": letter.addressee, "day": letter.reply_due_on}
        case LetterState.REMINDED:
            return _("A reminder took its place; record the answer there.")
    return _("Nothing more to do.")
