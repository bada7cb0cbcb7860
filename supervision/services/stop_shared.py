"""What every verb of a stop of use shares: who answers for it, locks, check, log, whose turn it is."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards.models import Hazard
from hazards.services.moving import people_for
from hazards.workflow import BUREAU, SCHOOL
from schoolsafety.core.audit import record_event
from schoolsafety.core.directory import authority
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.roles import BUREAU_LEADERS

from ..models import StopOrder
from ..workflow import stops as rules
from ..workflow.stops import RULES, SCHOOL_ACTIONS, Facts, StopAction, StopStatus


def facts_of(order):
    """What the guards look at; `order` is loaded with its hazard."""
    return Facts(
        is_signed_for=order.received_at is not None, is_handed_in=order.hazard.status in rules.HANDED_IN
    )


def roles_for(order, action, user):
    """The roles with which this person may do `action`: at the school, or at the bureau answering for it."""
    return user.roles_at(order.school if action in SCHOOL_ACTIONS else authority(order))


def refusal(order, action, user):
    """None if this person may do `action` now, else the reason to show."""
    return rules.refusal(action, order.status, roles_for(order, action, user), facts_of(order))


def actions_of(order, user):
    """What this person may do with the order now."""
    return [action for action in StopAction if refusal(order, action, user) is None]


def begin(order, action, *, actor):
    """Lock hazard and order, read them anew, check the rule; returns the order with its new state, unsaved.

    The hazard is locked first, as its own verbs do: nobody closes it while an order is issued.
    Raises NotAllowed; whoever comes second is refused here.
    """
    hazard = Hazard.objects.select_for_update(of=("self",)).get(pk=order.hazard_id)
    rows = StopOrder.objects.select_for_update(of=("self",))
    fresh = rows.select_related("school__parent", "organisation", "created_by").get(pk=order.pk)
    fresh.hazard = hazard
    fresh.status = rules.target_of(action, fresh.status, roles_for(fresh, action, actor), facts_of(fresh))
    return fresh


def log(order, action, *, actor, subject=None, note="", **changes):
    """The event: in the school's history once the order is issued, before that in the bureau's."""
    place = order.school if order.number else order.organisation
    by = order.school if action in SCHOOL_ACTIONS else authority(order)
    return record_event(
        subject or order, f"supervision.{action}_stop", organisation=place, actor=actor, note=note,
        post=actor.post_for(by, RULES[action].roles), status=order.status, **changes,
    )  # fmt: skip


def on_hazard(order, verb, *, actor, **changes):
    """The same act as a line in the hazard's own history."""
    record_event(
        order.hazard, verb, organisation=order.school, actor=actor,
        post=actor.post_for(authority(order), BUREAU), number=order.number, place=order.place, **changes,
    )  # fmt: skip


def tell(order, *, now, actor=None):
    """One line to those whose turn it is in the new state; the red mark of the step before goes out."""
    settle(order.get_absolute_url())
    if order.status not in TURNS:
        return
    roles, text, needs_action = TURNS[StopStatus(order.status)]
    people = people_for(order.school, roles, timezone.localdate(now))
    words = {"place": order.place, "school": order.school.label, "number": order.number or ""}
    notify(
        [person for person in people if actor is None or person.pk != actor.pk],
        f"supervision.stop_{order.status}", text % words, url=order.get_absolute_url(), now=now,
        organisation=order.school, needs_action=needs_action,
    )  # fmt: skip


# state -> (who is told, what, whether it lights the red mark)
TURNS = {
    StopStatus.DRAFT: (
        BUREAU_LEADERS, gettext_lazy("An order to stop use waits for you: %(school)s, %(place)s"), True,
    ),
    StopStatus.IN_FORCE: (SCHOOL, gettext_lazy("Use is stopped: %(place)s (%(number)s)"), True),
    StopStatus.APPLIED: (
        BUREAU, gettext_lazy("Review on site before use is resumed: %(school)s, %(place)s"), True,
    ),
    StopStatus.REVIEWED: (
        BUREAU_LEADERS, gettext_lazy("Decide on the resumption: %(school)s, %(place)s"), True,
    ),
    StopStatus.RESUMED: (SCHOOL, gettext_lazy("Use may be resumed: %(place)s"), False),
    StopStatus.WITHDRAWN: (SCHOOL, gettext_lazy("The order to stop use was withdrawn: %(place)s"), False),
}  # fmt: skip


def needed(field, text):
    """The words without the space around them, or ValidationError beside `field` when there are none."""
    words = (text or "").strip()
    if not words:
        raise ValidationError({field: _("Please fill this in.")})
    return words
