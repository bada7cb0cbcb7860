"""The bureau settings of this app, with their defaults."""

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
