"""The bureau settings of this app, with their defaults."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

from . import wording

declare("patrol.hour_due", Choice(17, _("Hour by which the daily patrol is due"), low=8, high=23))
declare("patrol.photo_items", Choice(2, _("Items a day that must be photographed"), low=0, high=5))
declare("notice.days", Choice(10, _("Workdays in which a notice must be answered"), low=1, high=60))
declare(
    "notice.opening",
    Choice(
        wording.OPENING, _("Notice: opening sentence"), check=wording.check_opening,
        help=format_lazy("{}: {}", _("Filled in when issued"), wording.NAMES_IN_BRACES),
    ),
)  # fmt: skip
declare(
    "notice.clauses",
    Choice(
        "AQSC-65 YHZL-15", _("Notice: usual legal bases"),
        help=_("Codes of legal bases, with spaces between."),
    ),
)  # fmt: skip
declare("notice.demand", Choice(wording.DEMAND, _("Notice: what is demanded of each hazard")))
declare("notice.protection", Choice(wording.PROTECTION, _("Notice: temporary protection")))
declare("notice.consequence", Choice(wording.CONSEQUENCE, _("Notice: if not done in time")))
declare("notice.appeal", Choice(wording.APPEAL, _("Notice: how to explain or object")))
declare("notice.contact", Choice("", _("Notice: contact of the bureau")))
