"""What may propose a measure, as data: what a trigger looks at, and what became of a proposal."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Look(TextChoices):
    """What a trigger looks at; its threshold counts workdays unless said otherwise."""

    OVERDUE = "overdue", _("Hazard past its deadline (workdays)")
    REFUSED = "refused", _("Receipt of a notice refused (workdays since)")
    NO_PLAN = "no_plan", _("Major hazard without a signed plan (workdays since grading)")
    UNSIGNED = "unsigned", _("Responsibility not signed for (workdays since grading)")
    UNPROTECTED = "unprotected", _("Major hazard without interim protection (workdays since grading)")
    SILENT = "silent", _("No patrol handed in (school days in a row)")
    STEP_LATE = "step_late", _("Commitment or report after a measure overdue (workdays)")
    PENALTIES = "penalties", _("Penalties in 180 days, or one more in a year, with a major hazard open")
    FUNDS = "funds", _("Aggravating only: funds planned but not allocated")


class ProposalStatus(TextChoices):
    OPEN = "open", _("To be decided")
    TAKEN = "taken", _("Taken up")
    DISMISSED = "dismissed", _("Dismissed")
    LAPSED = "lapsed", _("Lapsed")


# These look at a hazard, so its grade may narrow them and its closing lets a proposal lapse.
ON_HAZARD = frozenset({Look.OVERDUE, Look.NO_PLAN, Look.UNSIGNED, Look.UNPROTECTED})
# 安全生产法 Art. 113: three penalties in 180 days, or four in a year.
SHORT_DAYS, LONG_DAYS = 180, 365


def is_met(trigger, count, *, grade="", long_count=0):
    """Does a finding meet a trigger (an object with look, threshold, grade)?

    `count` is in the unit of the look; `long_count` counts the penalties of a whole year.
    """
    if trigger.grade and trigger.grade != grade:
        return False
    if trigger.look == Look.PENALTIES:
        return count >= trigger.threshold or long_count >= trigger.threshold + 1
    return count >= trigger.threshold
