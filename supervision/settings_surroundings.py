"""The settings about hazards around schools: no law sets these terms, each bureau does."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

declare(
    "surroundings.reply_days",
    Choice(
        15, _("Surroundings: workdays in which a letter is to be answered"), low=1, high=60,
        help=_("No law sets a term between authorities; 15 workdays is usual practice."),
    ),
)  # fmt: skip
declare(
    "surroundings.reminder_days",
    Choice(7, _("Surroundings: workdays in which a reminder is to be answered"), low=1, high=60),
)
declare(
    "surroundings.look_again_days",
    Choice(
        20, _("Surroundings: workdays until a solved place is looked at again"), low=1, high=120,
        help=_("Hawkers and stalls come back; a month is usual practice."),
    ),
)  # fmt: skip
declare("surroundings.contact", Choice("", _("Surroundings: contact of the bureau in letters")))
