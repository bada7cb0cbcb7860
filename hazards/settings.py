"""The bureau settings of this app, with their defaults."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

declare("hazards.general_days", Choice(0, _("Workdays to fix a general hazard (0: today)"), low=0, high=30))
declare("hazards.major_days", Choice(30, _("Workdays to fix a major hazard"), low=1, high=250))
declare(
    "hazards.plan_variant",
    Choice(
        "five",
        _("Set of implementations"),
        options=(("five", _("Five (五落实)")), ("six", _("Six (六落实)"))),
    ),
)
declare("hazards.school_may_close", Choice(True, _("The principal writes off general hazards of the school")))


def workdays_in(text):
    """The numbers of workdays in a text like "3, 1": a set."""
    return {int(number) for number in re.findall(r"\d+", text)}


def _check_workdays(text):
    """Raises ValidationError unless the text is a few numbers from 1 to 30."""
    plain = re.fullmatch(r"\s*\d{1,2}(\s*[,，、 ]\s*\d{1,2}){0,4}\s*", text)
    if not plain or not all(1 <= number <= 30 for number in workdays_in(text)):
        raise ValidationError(_("Write up to five numbers from 1 to 30, like 3, 1."))


# A reminder before, one on the day, then one each workday: usual in ticket systems; the numbers are ours.
REMINDERS = [
    "hazards.remind_before", "hazards.remind_at", "hazards.remind_after", "hazards.remind_widen",
]  # fmt: skip
declare(
    "hazards.remind_before",
    Choice(
        "3, 1", _("Reminders: workdays before the deadline"), check=_check_workdays,
        help=_("Whoever answers for the rectification is told first, if that person uses this system."),
    ),
)  # fmt: skip
declare("hazards.remind_at", Choice(True, _("Reminders: on the day of the deadline")))
declare(
    "hazards.remind_after",
    Choice(1, _("Reminders: while late, every so many workdays (0: never)"), low=0, high=20),
)
declare(
    "hazards.remind_widen",
    Choice(
        1, _("Reminders: workdays late from which officers and principal hear too"), low=0, high=20,
        help=_("Until then only the person who answers for it. 0: all from the first reminder on."),
    ),
)  # fmt: skip
