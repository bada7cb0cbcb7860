"""Settings that a bureau makes for itself and all below it: declared here, read nearest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Preference


@dataclass(frozen=True)
class Choice:
    """One setting: its default, its type, and what it means to a person."""

    default: Any
    label: Any
    help: Any = ""
    low: int | None = None
    high: int | None = None
    check: Callable[[str], None] | None = None  # raises ValidationError for a text that cannot be used


REGISTRY: dict[str, Choice] = {
    "weekly.due_days_after": Choice(
        0, _("Weekly report due, workdays after the last school day"), low=0, high=5
    ),
    "weekly.due_hour": Choice(17, _("Hour at which a day's duty is late"), low=8, high=23),
    "bulletin.reading_days": Choice(3, _("Workdays in which schools confirm reading"), low=1, high=20),
}


def declare(key: str, choice: Choice) -> None:
    """Apps above declare their own settings when they load; a second declaration is an error."""
    if key in REGISTRY:
        raise ValueError(f"The setting {key} is declared twice.")
    REGISTRY[key] = choice


def preference(organisation, key):
    """The value of `key` that holds at `organisation`: its own, else the nearest above, else the default."""
    return preferences_for(organisation, [key])[key]


def preferences_for(organisation, keys):
    """{key: value} for several settings in one query."""
    ids = organisation.path_ids()
    rows = Preference.objects.filter(organisation__in=ids, key__in=keys).values_list(
        "organisation_id", "key", "value"
    )
    found = {key: REGISTRY[key].default for key in keys}
    for _pk, key, value in sorted(rows, key=lambda row: ids.index(row[0])):
        found[key] = value
    return found
