"""Reads that several pages of the ladder share: what waits for whom."""

from django.db.models import Exists, OuterRef, Q

from hazards.workflow import BUREAU
from schoolsafety.core.roles import BUREAU_LEADERS, Role

from .models import Appeal, Measure, MeasureStep, Proposal
from .workflow.measure_kinds import Side, Step
from .workflow.measure_triggers import ProposalStatus
from .workflow.measures import Status


def waiting_for(user, today):
    """The measures that wait for this person on `today`, marked with `due_on` of the next open step of
    theirs: for a leader to decide, for staff to see to, for a school to answer."""
    roles = {role for _path, role in user.posts}
    seen = Measure.objects.visible_to(user)
    if roles & BUREAU:
        own = Q(organisation__path__in=_bureaus(user))
        steps = _open_steps(Side.BUREAU)
        ended = Q(status=Status.ISSUED, until__lt=today)
        found = Q(status=Status.DRAFT) | Q(Exists(steps)) | ended
        found |= Q(status=Status.NOTICED) & (Q(stated_at__isnull=False) | Q(statement_due_on__lt=today))
        appeals = Appeal.objects.filter(measure=OuterRef("pk"), decided_at=None)
        appeals = appeals.exclude(measure__issued_by=user)
        found |= Q(Exists(appeals.filter(drafted_at=None)))
        if roles & BUREAU_LEADERS:
            found |= Q(status__in=[Status.READY, Status.HEARD])
            # Where the only leader issued it, the one above decides on the appeal.
            above = user.scope(via="organisation", roles=BUREAU_LEADERS)
            return seen.filter((own & found) | (above & Q(Exists(appeals))))
        return seen.filter(own & found)
    if roles & {Role.PRINCIPAL, Role.SAFETY_OFFICER}:
        spoken = Q(status=Status.NOTICED, stated_at=None, statement_due_on__gte=today)
        return seen.filter(Q(Exists(_open_steps(Side.SCHOOL))) | spoken)
    return seen.none()


def proposals_for(user):
    """The proposals that this person decides on."""
    if not {role for _path, role in user.posts} & BUREAU:
        return Proposal.objects.none()
    open_ones = Proposal.objects.visible_to(user).filter(status=ProposalStatus.OPEN)
    return open_ones.filter(organisation__path__in=_bureaus(user))


def measures_on(hazard, user):
    """The measures on a hazard that this person sees."""
    return Measure.objects.visible_to(user).filter(hazard=hazard)


def _bureaus(user):
    """The paths of the bureaus where this person works: a desk is not everything that one may read."""
    return [path for path, role in user.posts if role in BUREAU]


def _open_steps(side):
    rows = MeasureStep.objects.filter(measure=OuterRef("pk"), side=side, done_at=None)
    taking_back = Q(step=Step.UNPUBLISH, measure__status=Status.REVOKED)
    return rows.filter(Q(measure__status=Status.ISSUED) | taking_back)
