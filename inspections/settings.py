"""The bureau settings of this app, with their defaults."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

declare("patrol.hour_due", Choice(17, _("Hour by which the daily patrol is due"), low=8, high=23))
declare("patrol.photo_items", Choice(2, _("Items a day that must be photographed"), low=0, high=5))
declare("notice.days", Choice(10, _("Workdays in which a notice must be answered"), low=1, high=60))
