"""Drafts that several people change: whoever comes second is told, nothing of the first is overwritten."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class EditedMeanwhile(ValidationError):
    """Someone else saved the draft since this form was opened."""

    def __init__(self):
        super().__init__(
            _("Someone else changed this draft meanwhile. Open it anew and put your words in again.")
        )


def change(row, version, values):
    """Put `values` ({field: value}) into the locked draft `row` and count its `version` up, unsaved.

    `version` is the one that the form was opened with. Returns the sorted names of what changed; raises
    EditedMeanwhile if the draft is no longer at that version.
    """
    if row.version != version:
        raise EditedMeanwhile()
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    return changed
