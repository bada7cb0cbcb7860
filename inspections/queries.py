"""Reads that more than one page shares: whose turn a notice is."""

from django.db.models import Q

from schoolsafety.core.roles import BUREAU_ROLES, Role

from .models import Notice
from .workflow import UNANSWERED, NoticeStatus


def notices_of_turn(user, today):
    """The notices that wait for this person on `today`: at a school to sign for or to answer; at the
    bureau that issued them to re-check, once answered or once the day of the re-check has come."""
    visible = Notice.objects.visible_to(user).filter(number__isnull=False)
    bureaus = [path for path, role in user.posts if role in BUREAU_ROLES]
    if bureaus:
        due = Q(status__in=UNANSWERED, review_on__lte=today) | Q(status=NoticeStatus.REPLIED)
        return visible.filter(due, bureau__path__in=bureaus)
    if {role for _path, role in user.posts} & {Role.SAFETY_OFFICER, Role.PRINCIPAL}:
        return visible.filter(status__in=UNANSWERED)
    return visible.none()
