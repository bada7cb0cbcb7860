"""Turns events into the lines of a timeline. Apps above register the sentence of each verb."""

import json

from django.utils.translation import gettext_lazy as _

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
}
# verb -> function(changes) -> short text shown after the sentence
DETAILS = {}


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
