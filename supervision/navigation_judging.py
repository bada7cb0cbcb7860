"""The menu entry of the criteria; judgements are reached from there, from a hazard and from the desk."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, Role

register(
    Entry(
        "supervision:criteria", _("Criteria of major hazards"), "checklist",
        BUREAU_ROLES | {Role.ADMINISTRATOR, Role.AUDITOR}, 96, group="manage",
    )
)  # fmt: skip
