"""What every verb of a notice shares: who answers for it, lock, check against the workflow, log, tell."""

from django.utils import timezone

from schoolsafety.core.audit import record_event
from schoolsafety.core.directory import authority
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify, settle

from .. import workflow
from ..models import Notice
from ..workflow import NOTICE_RULES, SCHOOL_ACTIONS, NoticeAction


def actions_of(notice, user):
    """What this person may do with the notice now."""
    at_school, at_bureau = user.roles_at(notice.school), user.roles_at(authority(notice))
    school, bureau = (workflow.notice_actions(notice.status, roles) for roles in (at_school, at_bureau))
    return [action for action in NoticeAction if action in (school if action in SCHOOL_ACTIONS else bureau)]


def begin(notice, action, *, actor):
    """Lock the row, read it anew, check the rule; returns the notice with its new status, not yet saved.

    The caller's copy may be stale: whoever comes second is refused here. Raises NotAllowed.
    """
    rows = Notice.objects.select_for_update(of=("self",))
    fresh = rows.select_related("school__parent", "bureau", "created_by", "issued_by").get(pk=notice.pk)
    place = fresh.school if action in SCHOOL_ACTIONS else authority(fresh)
    fresh.status = workflow.notice_target(action, fresh.status, actor.roles_at(place))
    return fresh


def log(notice, action, *, actor, note="", **changes):
    """The event: in the school's history once the notice is issued, before that in the bureau's."""
    place = notice.school if notice.number else notice.bureau
    record_event(
        notice, f"inspections.{action}_notice", organisation=place, actor=actor, note=note,
        post=actor.post_for(place, NOTICE_RULES[action].roles), status=notice.status, **changes,
    )  # fmt: skip


def tell_school(notice, text, *, now, needs_action=True):
    """One line to the officer and the principal; `text` has a place for the number."""
    people = User.objects.holding(workflow.SCHOOL, notice.school, timezone.localdate(now))
    _tell(notice, people, text, now, needs_action)


def tell_bureau(notice, text, *, now):
    """One line to the staff of the bureau that answers for the notice: it is their turn."""
    people = User.objects.holding(workflow.BUREAU, authority(notice), timezone.localdate(now))
    _tell(notice, people, text, now, needs_action=True)


def _tell(notice, people, text, now, needs_action):
    url = notice.get_absolute_url()
    settle(url)
    notify(
        people, f"inspections.notice_{notice.status}",
        text % {"number": notice.number, "school": notice.school.label}, url=url,
        organisation=notice.school, needs_action=needs_action, now=now,
    )  # fmt: skip
