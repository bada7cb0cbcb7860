"""Settings that a bureau makes for itself and all below it: declared here, read nearest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .audit import record_event
from .directory import require_administrator
from .models import Organisation, Preference

LONGEST = 2000


@dataclass(frozen=True)
class Choice:
    """One setting: its default, its type, and what it means to a person.

    `check(value)` raises ValidationError for a text that cannot be used.
    """

    default: Any
    label: Any
    help: Any = ""
    low: int | None = None
    high: int | None = None
    check: Callable[[str], None] | None = None
    options: tuple[tuple[Any, Any], ...] = ()

    @property
    def kind(self):
        """What draws it: "switch", "options", "number", "words" (several lines) or "text"."""
        if isinstance(self.default, bool):
            return "switch"
        if self.options:
            return "options"
        if isinstance(self.default, int):
            return "number"
        return "words" if len(self.default) > 20 else "text"

    def read(self, text):
        """The value that `text` stands for; ValidationError with a sentence if it stands for none."""
        text = text.strip()
        if self.kind == "switch":
            return text == "1"
        if self.kind == "options":
            if text not in {str(value) for value, _label in self.options}:
                raise ValidationError(_("Choose one of the list."))
            return next(value for value, _label in self.options if str(value) == text)
        if self.kind == "number":
            low, high = self.low or 0, self.high if self.high is not None else 10**9
            if not text.isdecimal() or len(text) > 9 or not low <= int(text) <= high:
                raise ValidationError(_("Between %(low)d and %(high)d.") % {"low": low, "high": high})
            return int(text)
        if len(text) > LONGEST:
            raise ValidationError(_("At most %(n)d characters.") % {"n": LONGEST})
        if self.check and text:
            self.check(text)
        return text or self.default


REGISTRY: dict[str, Choice] = {
    "weekly.due_days_after": Choice(
        0, gettext_lazy("Weekly report due, workdays after the last school day"), low=0, high=5
    ),
    "weekly.due_hour": Choice(17, gettext_lazy("Hour at which a day's duty is late"), low=8, high=23),
    "bulletin.reading_days": Choice(
        3, gettext_lazy("Workdays in which schools confirm reading"), low=1, high=20
    ),
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


def sources_of(organisation):
    """[{"key", "choice", "value", "above", "place", "is_own"}] of every setting at `organisation`; 2 queries.

    `above` is what would hold without an own value, `place` the name of the organisation that set it.
    """
    ids = organisation.path_ids()
    names = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
    stored = {
        (pk, key): value
        for pk, key, value in Preference.objects.filter(organisation__in=ids).values_list(
            "organisation_id", "key", "value"
        )
    }
    rows = []
    for key, choice in REGISTRY.items():
        above, place = choice.default, ""
        for pk in ids[:-1]:
            if (pk, key) in stored:
                above, place = stored[pk, key], names[pk]
        is_own = (ids[-1], key) in stored
        rows.append(
            {
                "key": key, "choice": choice, "above": above, "place": place, "is_own": is_own,
                "value": stored[ids[-1], key] if is_own else above,
            }
        )  # fmt: skip
    return rows


@transaction.atomic
def save_preferences(organisation, *, actor, texts):
    """Set what `texts` ({key: text}) says, all or nothing; returns {key: [old, new]} of what changed.

    A value equal to what holds above is not kept here, so that a later change above reaches it.
    Raises ValidationError ({key: sentences}) with every setting that cannot be read.
    """
    require_administrator(actor, organisation)
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    errors, changes = {}, {}
    for row in sources_of(organisation):
        if row["key"] not in texts:
            continue
        try:
            value = row["choice"].read(texts[row["key"]])
        except ValidationError as error:
            errors[row["key"]] = error
            continue
        if value != row["value"]:
            changes[row["key"]] = [row["value"], value]
            _keep(organisation, row, value)
    if errors:
        raise ValidationError(errors)
    if changes:
        record_event(
            organisation, "core.change_preference", organisation=organisation, actor=actor, settings=changes
        )
    return changes


def _keep(organisation, row, value):
    if value == row["above"]:
        Preference.objects.filter(organisation=organisation, key=row["key"]).delete()
    else:
        Preference.objects.update_or_create(
            organisation=organisation, key=row["key"], defaults={"value": value}
        )
