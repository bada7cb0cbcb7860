"""What look-backs put on a bureau's desk."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.roles import BUREAU_ROLES

from .models import LookBack

SOON_DAYS = 7


def waiting(user):
    """The look-backs still to come that this person's own bureau answers for."""
    mine = [path for path, role in user.posts if role in BUREAU_ROLES]
    return LookBack.objects.visible_to(user).due().filter(organisation__path__in=mine)


@source
def look_back_duties(user, now):
    """One line: how many look-backs are late, how many fall due within the week (one query)."""
    if not {role for _path, role in user.posts} & BUREAU_ROLES:
        return []
    today = timezone.localdate(now)
    soon = today + timedelta(days=SOON_DAYS)
    found = waiting(user).order_by().aggregate(
        late=Count("pk", filter=Q(due_on__lt=today)), near=Count("pk", filter=Q(due_on__lte=soon))
    )  # fmt: skip
    n, late = found["near"], found["late"]
    if not n:
        return []
    text = ngettext("%(n)d closed hazard to look back at", "%(n)d closed hazards to look back at", n)
    return [
        Duty(
            rank=Rank.TODAY if late else Rank.SOON, text=text % {"n": n}, button=_("Look back"),
            url=reverse("supervision:look_backs"), weight=n,
            detail=_("due within %(n)d days") % {"n": SOON_DAYS},
            tag=_("%(n)d late") % {"n": late} if late else "", kind="late" if late else "todo",
        )
    ]  # fmt: skip
