"""What the ladder of measures adds to a hazard: the lock of its close-out, its box, its button, its files."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards import presentation
from hazards.services import moving
from hazards.workflow import BUREAU
from schoolsafety.core.files import register_owner

from .models import Measure
from .models.measures import CONCERNS_OTHERS
from .queries_measures import measures_on
from .workflow.measure_kinds import PERSONAL
from .workflow.measures import HOLDING, Status

LOOKS = {
    Status.ENDED: "done", Status.LIFTED: "done", Status.REVOKED: "wait", Status.DISCARDED: "wait",
    Status.ISSUED: "warn",
}  # fmt: skip


def lock(hazard):
    """The sentence that refuses the close-out while a measure on it is not over, or "" (one query)."""
    rows = Measure.objects.filter(hazard=hazard, is_holding=True, status__in=HOLDING)
    row = rows.exclude(CONCERNS_OTHERS).order_by("pk").first()
    if row is None:
        return ""
    # What concerns a person is not named to everybody at the school.
    name = _("a measure of the bureau") if row.kind in PERSONAL else row.number or row.get_kind_display()
    return _("Not over yet: %(measure)s. Finish it, or let the hazard be written off there.") % {
        "measure": name
    }


def box(hazard, user, now):
    """The measures on the hazard that this person sees (one query)."""
    rows = [
        {"url": row.get_absolute_url(), "text": str(row.number or row.get_kind_display()),
         "kind": row.get_kind_display(), "state": row.get_status_display(),
         "look": LOOKS.get(row.status, "todo")}
        for row in measures_on(hazard, user)
    ]  # fmt: skip
    return [("supervision/measures/_box.html", {"rows": rows})] if rows else []


def acts(hazard, user):
    """The button that drafts a measure, for the bureau there (no query)."""
    if not user.roles_at(hazard.school) & BUREAU:
        return []
    url = f"{reverse('supervision:measure_new')}?hazard={hazard.number}"
    return [{"url": url, "label": _("Draft a measure"), "key": ""}]


moving.LOCKS.append(lock)
presentation.PART_SOURCES.append(box)
presentation.ACT_SOURCES.append(acts)
register_owner(Measure, Measure.objects.visible_to)
