"""The bureau settings of this app, with their defaults."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

from . import wording

declare("patrol.hour_due", Choice(17, _("Hour by which the daily patrol is due"), low=8, high=23))
declare("patrol.photo_items", Choice(2, _("Items a day that must be photographed"), low=0, high=5))
# The field client. As they stand nothing more is asked of anybody than what a finding needs.
declare(
    "field.checkin",
    Choice(
        False, _("Phone: check in at each zone"),
        help=_("By the label's code or its four digits; a zone may be skipped with a reason."),
    ),
)  # fmt: skip
declare(
    "field.mobile_photos",
    Choice(
        True, _("Phone: send photos over mobile data"),
        help=_("Off: photos wait for Wi-Fi or for the officer's word; suspected major hazards never wait."),
    ),
)  # fmt: skip
declare(
    "field.album",
    Choice(True, _("Phone: photos may come from the album"), help=_("Off: only photos taken on the spot.")),
)
declare(
    "field.comment_fixed",
    Choice(
        False, _("Phone and page: say how a problem was fixed on the spot"),
        help=_("On: “fixed on the spot” needs words, not only the photo of after."),
    ),
)  # fmt: skip
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
