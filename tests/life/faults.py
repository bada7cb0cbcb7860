"""Six faults, planted one at a time: each of them must make the life-cycle test fail."""

from dataclasses import replace

from hazards import services, workflow
from hazards.models import Hazard
from hazards.services import closing, grading, moving, planning, rectifying
from hazards.workflow import Action


def own_work_is_judged(patch):
    """Whoever handed the rectification in may verify it and write it off."""
    for action in (Action.VERIFY, Action.CLOSE):
        first, *rest = workflow.RULES[action]
        patch.setitem(workflow.RULES, action, [replace(first, guard=lambda facts: ""), *rest])


def old_verification_stands(patch):
    """Sending back leaves the verification of before."""
    send_back = services.send_back

    def forgetful(hazard, *, actor, **more):
        before = Hazard.objects.get(pk=hazard.pk).verified_by
        send_back(hazard, actor=actor, **more)
        Hazard.objects.filter(pk=hazard.pk).update(verified_by=before)

    patch.setattr(services, "send_back", forgetful)


def an_event_is_lost(patch):
    """The interim protection leaves no line in the history."""
    record = moving.record_event

    def lossy(subject, verb, **more):
        return None if verb == "hazards.protect" else record(subject, verb, **more)

    patch.setattr(moving, "record_event", lossy)


def the_deadline_stays(patch):
    """A granted extension does not move the deadline."""
    decide = services.decide_extension

    def lazy(hazard, **more):
        due = Hazard.objects.get(pk=hazard.pk).due_on
        decide(hazard, **more)
        Hazard.objects.filter(pk=hazard.pk).update(due_on=due)

    patch.setattr(services, "decide_extension", lazy)


def an_old_copy_is_believed(patch):
    """A verb looks at the copy that the caller brought along instead of the row."""

    def begin(hazard, action, *, actor):
        roles, facts = actor.roles_at(hazard.school), moving.facts_of(hazard, actor)
        target, rule = (ask(action, hazard.status, roles, *more) for ask, more in (
            (workflow.target_of, [facts]), (workflow.rule_for, []),
        ))  # fmt: skip
        move = moving.Move(hazard, hazard.status, rule, action, facts)
        hazard.status = target
        return move

    for module in (closing, grading, planning, rectifying):
        patch.setattr(module, "begin", begin)


def a_refusal_leaves_a_trace(patch):
    """A chase counts before it asks whether it may."""
    chase = services.chase

    def hasty(hazard, **more):
        Hazard.objects.filter(pk=hazard.pk).update(sent_back_count=99)
        return chase(hazard, **more)

    patch.setattr(services, "chase", hasty)


FAULTS = [
    own_work_is_judged, old_verification_stands, an_event_is_lost, the_deadline_stays,
    an_old_copy_is_believed, a_refusal_leaves_a_trace,
]  # fmt: skip
