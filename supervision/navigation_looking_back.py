"""The menu entry of look-backs; stops of use are reached from hazards, schools and the desk."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, Role

from .duties_looking_back import SOON_DAYS, waiting


def look_backs_due(user):
    """How many look-backs fall due within the week at this person's bureau."""
    return waiting(user).filter(due_on__lte=timezone.localdate() + timedelta(days=SOON_DAYS)).count()


register(
    Entry(
        "supervision:look_backs", _("Look-backs"), "search", frozenset(BUREAU_ROLES | {Role.AUDITOR}), 26,
        count=look_backs_due,
    ),
)  # fmt: skip
