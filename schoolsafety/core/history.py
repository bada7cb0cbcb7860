"""Turns events into the lines of a timeline. Apps above register the sentence of each verb."""

import json

from django.utils.translation import gettext_lazy as _

from .models import Event
from .roles import Role

VERBS = {
    "core.move_organisation": _("Moved below another superior"),
    "core.close_organisation": _("Closed the organisation"),
    "core.create_organisation": _("Created the organisation"),
    "core.change_organisation": _("Changed the organisation"),
    "core.create_person": _("Added a person"),
    "core.change_person": _("Changed a person"),
    "core.give_post": _("Gave a post"),
    "core.end_post": _("Ended a post"),
    "core.accept_import": _("Accepted an import"),
    "core.change_calendar": _("Changed the work calendar"),
    "core.change_preference": _("Changed a setting"),
    "core.retry_job": _("Ran a job again"),
    "core.open_organisation": _("Opened the organisation again"),
    "core.make_link": _("Made a one-time link"),
    "core.close_account": _("Closed an account"),
    "core.open_account": _("Opened an account again"),
}
# verb -> function(changes) -> short text shown after the sentence
DETAILS = {
    "core.give_post": lambda changes: f"{changes.get('person', '')} · {_role(changes)}",
    "core.create_person": lambda changes: changes.get("username", ""),
    "core.make_link": lambda changes: changes.get("username", ""),
    "core.close_account": lambda changes: changes.get("username", ""),
    "core.open_account": lambda changes: changes.get("username", ""),
    "core.end_post": lambda changes: changes.get("ends_on", ""),
    "core.accept_import": lambda changes: str(changes.get("rows", "")),
    "core.change_preference": lambda changes: "，".join(changes.get("settings", {})),
    "core.change_calendar": lambda changes: str(next(iter(changes.values()), "")),
    "core.retry_job": lambda changes: changes.get("name", ""),
}


def _role(changes):
    return str(Role(changes["role"]).label) if changes.get("role") in Role.values else ""


def auditable(user):
    """The events that this person may audit: an auditor's and an administrator's row scope."""
    return Event.objects.filter(user.scope(via="organisation", roles={Role.AUDITOR, Role.ADMINISTRATOR}))


def done_by(user, most=50):
    """What this person did last, with all that a line shows: one query."""
    events = Event.objects.filter(actor=user).select_related("actor", "words", "organisation")
    return events.order_by("-at", "-pk")[:most]


def events_by_pk(pks):
    """The events `pks`, newest first, with all that a line shows: one query."""
    events = Event.objects.filter(pk__in=pks).select_related("actor", "words", "organisation")
    return events.order_by("-at", "-pk")


def register_verbs(verbs, details=None):
    """Add {verb: sentence} and {verb: f(changes) -> text}; a verb declared twice is an error."""
    for verb, sentence in verbs.items():
        if verb in VERBS:
            raise ValueError(f"The verb {verb} is declared twice.")
        VERBS[verb] = sentence
    DETAILS.update(details or {})


def lines_of(events, *, with_place=False):
    """[{at, what, who, words, links, is_system}] from events loaded with actor and words."""
    return [_line(event, with_place) for event in events]


def _line(event, with_place):
    changes = json.loads(event.payload).get("changes", {})
    detail = DETAILS[event.verb](changes) if event.verb in DETAILS else ""
    what = VERBS.get(event.verb, event.verb)
    place = f"{event.organisation.label} · " if with_place else ""
    words = getattr(event, "words", None)
    return {
        "at": event.at,
        "what": f"{place}{what}{f'：{detail}' if detail else ''}",
        "who": str(event.actor) if event.actor else _("System"),
        "words": words.text if words else "",
        "links": [],
        "is_system": event.actor is None,
    }
