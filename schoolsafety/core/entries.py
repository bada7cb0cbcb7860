"""The kernel's own menu entries."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .navigation import Entry, register
from .roles import BUREAU_ROLES, Role

EVERYONE = frozenset(Role)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
LOOKERS = ADMINISTRATORS | BUREAU_ROLES | {Role.AUDITOR}
register(
    Entry("core:home", _("Today"), "today", EVERYONE, 0, is_tab=True),
    Entry("core:todo", _("My desk"), "todo", EVERYONE, 5, is_tab=True),
    Entry("core:me", _("Me"), "me", EVERYONE, 99, is_tab=True, group="manage"),
    Entry("core:organisations", pgettext_lazy("menu", "Schools"), "school", LOOKERS, 70, group="manage"),
    Entry("core:people", _("People"), "people", ADMINISTRATORS, 71, group="manage"),
    Entry("core:imports", _("Imports"), "import", ADMINISTRATORS, 72, group="manage"),
    Entry("core:calendar", _("Work calendar"), "calendar", ADMINISTRATORS, 73, group="manage"),
    Entry("core:settings", _("Settings"), "settings", ADMINISTRATORS, 74, group="manage"),
    Entry("core:jobs", _("Jobs"), "jobs", LOOKERS, 75, group="manage"),
    Entry("core:log", _("Log"), "log", ADMINISTRATORS | {Role.AUDITOR}, 76, group="manage"),
)  # fmt: skip
