"""The school hands in what it did, with proof; what comes too late or too early stays beside the case."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.roles import SCHOOL_ROLES

from ..models import RectificationPlan
from ..workflow import Action, Grade, NotAllowed
from .moving import begin, finish, needed

FIELDS = [
    "measure", "cost", "responsible", "submitted_at", "submitted_by", "verified_at", "verified_by",
    "verification",
]  # fmt: skip


@transaction.atomic
def submit(
    hazard, *, actor, measure, now, responsible="", cost=None, photos=(), papers=(), client_uuid=None
):  # fmt: skip
    """Hand in the rectification: what was done, by whom, for how much (yuan), with at least one photo
    or paper of after. `client_uuid`: the record of a phone that brought it, see `arrived`."""
    measure = needed("measure", measure, _("Say what was done."))
    move = begin(hazard, Action.SUBMIT, actor=actor)
    hazard = move.hazard
    if not photos and not papers and not files.attachments_of(hazard, "after").exists():
        raise ValidationError({"photos": _("Add a photo or a paper that shows it fixed.")})
    hazard.measure, hazard.cost = measure, cost
    hazard.responsible = responsible or hazard.responsible or str(actor)
    hazard.submitted_at, hazard.submitted_by = now, actor
    hazard.verified_at, hazard.verified_by, hazard.verification = None, None, ""
    if hazard.grade == Grade.MAJOR and cost is not None:
        RectificationPlan.objects.filter(hazard=hazard).update(funds_spent=cost)
    return finish(
        move, actor=actor, now=now, note=measure, photos=photos, papers=papers, cost=cost, fields=FIELDS,
        **_record(client_uuid),
    )  # fmt: skip


@transaction.atomic
def supplement(
    hazard, *, actor, measure, now, responsible="", cost=None, photos=(), client_uuid=None
):  # fmt: skip
    """Keep what the school shows of its rectification on the timeline, in any state; the state stays.

    For what comes when it can no longer, or not yet, be handed in. Words or a photo; the school only.
    A record of a phone (`client_uuid`) that has arrived before changes nothing.
    """
    move = begin(hazard, Action.COMMENT, actor=actor)  # locked: a second arrival waits here
    if not actor.roles_at(move.hazard.school) & SCHOOL_ROLES:
        raise NotAllowed(_("Only the school adds to its rectification."))
    if arrived(move.hazard, client_uuid):
        return move.hazard
    if not photos:
        needed("measure", measure, _("Add a photo or say what was done."))
    said = {"responsible": responsible, "cost": cost}
    return finish(
        move, actor=actor, now=now, note=measure.strip(), photos=photos, purpose="note", verb="supplement",
        **{name: value for name, value in said.items() if value not in ("", None)}, **_record(client_uuid),
    )  # fmt: skip


def arrived(hazard, client_uuid):
    """The event by which a phone's record entered the hazard's history, or None.

    Ask while the hazard is locked. Typed words cannot pass for it: JSON escapes their quotation marks.
    """
    if client_uuid is None:
        return None
    came = history_of(hazard).filter(verb__in=["hazards.submit", "hazards.supplement"])
    return came.filter(payload__contains=f'"record":"{client_uuid}"').first()


def _record(client_uuid):
    return {"record": str(client_uuid)} if client_uuid else {}
