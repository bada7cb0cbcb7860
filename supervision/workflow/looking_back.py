"""When a closed hazard is looked at again and what may come of it, as data. Pure: no queries, no clock."""

import math

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, Closure, Grade
from schoolsafety.core.roles import BUREAU_LEADERS


class LookBackStatus(TextChoices):
    DUE = "due", _("To look back at")
    DONE = "done", _("Looked back at")
    CANCELLED = "cancelled", _("Dropped")


class Why(TextChoices):
    """How a case came to be looked at again."""

    RULE = "rule", _("By the rule")
    LOTTERY = "lottery", _("Drawn by lot")
    FOLLOW_UP = "follow_up", _("Again, after a partial result")
    HAND = "hand", _("Ordered by the bureau")


class Result(TextChoices):
    HELD = "held", pgettext_lazy("look-back", "Held")  # 保持
    PARTIAL = "partial", pgettext_lazy("look-back", "Partly held")  # 部分反弹，限期再看
    REBOUND = "rebound", pgettext_lazy("look-back", "Rebounded")  # 反弹，重新打开


# Only what was really written off can come back; a transferred or mistaken record cannot.
LOOKED_BACK = frozenset({Closure.RECTIFIED, Closure.USE_STOPPED})
# A partial result says nothing final: the look-back that follows it counts.
FINAL = frozenset({Result.HELD, Result.REBOUND})
# Calendar days from the close-out where no bureau has set a rule; None: not by rule, only by lot.
DEFAULT_DAYS: dict[str, int | None] = {Grade.MAJOR: 30, Grade.GENERAL: None}
WHO_LOOKS = BUREAU
WHO_SETS_RULES = BUREAU_LEADERS
WHO_DRAWS = BUREAU


def refusal(status, roles, *, is_closer, is_hazard_closed):
    """None if one of `roles` may record the result of a look-back, else the reason to show."""
    if status != LookBackStatus.DUE:
        return _("This look-back is “%(status)s” already.") % {"status": LookBackStatus(status).label}
    if not WHO_LOOKS & set(roles):
        return _("The bureau looks back, not the school.")
    if is_closer:
        return _("Whoever wrote the hazard off does not look back at it.")
    return None if is_hazard_closed else _("The hazard is open again.")


def days_of(rules, ids, grade, category):
    """Calendar days from close-out to look-back; None where nothing is to be looked at by rule.

    `rules`: (organisation id, grade, category code or None, days, is_on); `ids`: the school's path from
    the root. The nearest bureau's word counts, at one bureau the rule of the category before the general.
    """
    fitting = [
        (ids.index(owner), code is not None, days, is_on)
        for owner, rule_grade, code, days, is_on in rules
        if owner in ids and rule_grade == grade and code in (None, category)
    ]
    if not fitting:
        return DEFAULT_DAYS.get(grade)
    _depth, _own, days, is_on = max(fitting, key=lambda rule: rule[:2])
    return days if is_on else None


Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(count, total):
    """(low, high) of the 95 % interval of a share (Wilson 1927), from 0 to 1; None where nothing was seen.

    Holds for small numbers too: 0 of 3 is not "never", it is 0 to 56 %.
    """
    if total == 0:
        return None
    share, square = count / total, Z95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    reach = Z95 * math.sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
