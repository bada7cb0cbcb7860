"""The menu entry of the district's day."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, Role

register(Entry("supervision:command", _("Command"), "overview", frozenset(BUREAU_ROLES | {Role.AUDITOR}), 23))
