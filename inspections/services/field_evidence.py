"""Takes in the evidence that a phone brings: handed in if the case allows it, else kept beside it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards import workflow
from hazards.models import Hazard
from hazards.workflow import WRITE_OFF_CLOSURES, Action, Closure, Grade, Slot, Status


@transaction.atomic
def take_evidence(evidence, school, *, actor, now, photos, client_uuid=None):
    """Returns (hazard, why): why it was kept as a supplement, a sentence for the receipt; "" if handed in.

    `evidence` is `field_payload.Evidence`, `photos` the stored photos that it names, `client_uuid` the
    number of the phone's record: a second arrival adds nothing. The server's state decides, not what the
    phone last knew. Raises ValidationError beside `hazard` if this person sees no such hazard at `school`
    (whether another school has it or nobody), NotAllowed for people without a post in the school.
    """
    mine = Hazard.objects.visible_to(actor).filter(school=school).select_related("school", "merged_into")
    hazard = mine.select_for_update(of=("self",)).filter(number=evidence.hazard).first()
    if hazard is None:
        raise ValidationError({"hazard": _("Your school has no hazard with this number.")})
    if before := hazards.arrived(hazard, client_uuid):
        return hazard, "" if before.verb == "hazards.submit" else _kept(_("This arrived before"))
    why = _why_not(hazard, actor) if evidence.is_done else _("Kept as a supplement; the state stays.")
    keep = hazards.supplement if why else hazards.submit
    changed = keep(
        hazard, actor=actor, now=now, measure=evidence.measure, responsible=evidence.responsible.strip(),
        cost=evidence.cost, photos=photos, client_uuid=client_uuid,
    )  # fmt: skip
    return changed, why


def _why_not(hazard, actor):
    """Why this cannot be handed in now, as a sentence; "" if it can."""
    roles, facts = actor.roles_at(hazard.school), hazards.facts_of(hazard, actor)
    refusal = workflow.refusal(Action.SUBMIT, hazard.status, roles, facts)
    if refusal is None:
        return ""
    if hazard.merged_into:
        return _kept(_("Merged into %(number)s") % {"number": hazard.merged_into.number})
    if hazard.status == Status.CLOSED:
        is_written_off = hazard.closure in WRITE_OFF_CLOSURES
        return _kept(_("Written off already") if is_written_off else str(Closure(hazard.closure).label))
    if hazard.status in {Status.SUBMITTED, Status.VERIFIED}:
        return _kept(_("Handed in already"))
    if not roles & workflow.SCHOOL:
        return _kept(_("The safety officer or the principal hands it in"))
    if hazard.grade == Grade.MAJOR and facts.missing:
        names = "、".join(str(Slot(slot).label) for slot in facts.missing)
        return _kept(_("Still missing in the plan: %(names)s") % {"names": names})
    if hazard.grade == Grade.MAJOR:
        return _kept(_("The plan is not accepted yet"))
    return _kept(str(refusal).rstrip("。."))


def _kept(reason):
    return _("%(reason)s; kept as a supplement.") % {"reason": reason}
