"""The menu entry of the bureau's ledger."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, Role

register(
    Entry(
        "supervision:ledger", _("Bureau ledger"), "report", frozenset(BUREAU_ROLES | {Role.AUDITOR}), 66,
        group="papers",
    )
)  # fmt: skip
