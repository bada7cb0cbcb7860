"""What every verb shares: lock, check against the workflow, change, save, log, tell whose turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Attachment, Post
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.roles import BUREAU_ROLES, SCHOOL_ROLES, Role

from .. import workflow
from ..models import Extension, Hazard, RectificationPlan
from ..workflow import OWN_SOURCES, Action, Facts, Status, missing_slots

# What apps above hold open on a hazard: f(hazard) -> a sentence that refuses its close-out, or "".
LOCKS: list[Callable[[Hazard], str]] = []
# What apps above do after a move, in its transaction: f(move, actor=..., now=...).
FOLLOWERS: list[Callable] = []


@dataclass
class Move:
    """A locked hazard on its way: what it was, what it becomes, and the rule that allowed it."""

    hazard: Hazard
    before: str
    rule: workflow.Rule
    action: Action
    facts: Facts
    due_before: date | None = None  # the deadline that held before


def facts_of(hazard, actor):
    """What the guards may look at, for this hazard and this person (at most three queries)."""
    settings = preferences_for(hazard.school, ["hazards.plan_variant", "hazards.school_may_close"])
    plan = RectificationPlan.objects.filter(hazard=hazard).first() if hazard.grade == "major" else None
    return Facts(
        grade=hazard.grade,
        proposed_grade=hazard.proposed_grade,
        is_own_submission=hazard.submitted_by_id is not None and hazard.submitted_by_id == actor.pk,
        is_verified=hazard.verified_by_id is not None,
        missing=tuple(missing_slots(plan, settings["hazards.plan_variant"]))
        if hazard.grade == "major"
        else (),
        may_sign=_may_sign(hazard, plan, actor),
        is_protected=bool(hazard.interim_at),
        has_open_extension=Extension.objects.filter(hazard=hazard, decided_at=None).exists(),
        school_may_close=bool(settings["hazards.school_may_close"]),
        is_own_finding=hazard.source in OWN_SOURCES,
        locks=_locks(hazard),
    )


def _locks(hazard):
    """The sentences of what is still open; asked only where a close-out could follow."""
    if hazard.status not in {Status.SUBMITTED, Status.VERIFIED}:
        return ()
    return tuple(str(sentence) for lock in LOCKS if (sentence := lock(hazard)))


def _may_sign(hazard, plan, actor):
    """Is the responsibility still to be signed, and is it this person who signs?"""
    if plan is None or not plan.responsible_person or plan.responsible_signed_at:
        return False
    return Role.PRINCIPAL in actor.roles_at(hazard.school) or str(actor) == plan.responsible_person


def begin(hazard, action, *, actor):
    """Lock the row, read it anew, check the rule; returns the Move. Call inside a transaction.

    The caller's copy may be stale: whoever comes second is refused here. Raises NotAllowed.
    """
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    roles, facts = actor.roles_at(fresh.school), facts_of(fresh, actor)
    target = workflow.target_of(action, fresh.status, roles, facts)
    move = Move(
        fresh, fresh.status, workflow.rule_for(action, fresh.status, roles), action, facts, fresh.due_on
    )
    fresh.status = target
    return move


def finish(
    move, *, actor, now, fields=(), note="", photos=(), papers=(), purpose="after", verb="", **changes
):  # fmt: skip
    """Save what changed, keep the photos, write the event, tell whose turn it is; returns the hazard.

    `verb` names the event where the history says more than the rule that allowed the act.
    """
    hazard = move.hazard
    hazard.save(update_fields=["status", *fields])
    keep(hazard, photos, purpose, actor=actor, now=now)
    for paper in papers:
        keep_proof(hazard, paper, purpose, actor=actor, now=now)
    if move.before != hazard.status:
        changes = {"status": [move.before, hazard.status], **changes}
    if photos:
        changes["photos"] = len(photos)
    record_event(
        hazard, f"hazards.{verb or move.action}", organisation=hazard.school, actor=actor, note=note,
        post=actor.post_for(hazard.school, move.rule.roles), **changes,
    )  # fmt: skip
    if move.before != hazard.status:
        tell_whose_turn(hazard, actor=actor, now=now, may_close=move.facts.school_may_close)
    for follow in FOLLOWERS:
        follow(move, actor=actor, now=now)
    return hazard


def needed(field, text, message=None):
    """The words without the space around them, or ValidationError beside `field` when there are none."""
    words = (text or "").strip()
    if not words:
        raise ValidationError({field: message or _("Please give the reason.")})
    return words


def not_past(field, day, now):
    """`day`, or ValidationError beside `field` if it lies before today."""
    if day is not None and day < localdate(now):
        raise ValidationError({field: _("The deadline cannot lie in the past.")})
    return day


def keep(hazard, photos, purpose, *, actor, now):
    """Store uploads as photos of the hazard; a stored Attachment is shared: a second row over its bytes."""
    for photo in photos:
        if isinstance(photo, Attachment):
            values = {name: getattr(photo, name) for name in SHARED}
            Attachment.objects.create(owner=hazard, organisation=hazard.school, purpose=purpose, **values)
        else:
            files.store_photo(
                photo, owner=hazard, organisation=hazard.school, purpose=purpose, actor=actor, now=now,
                client_uuid=getattr(photo, "client_uuid", None), taken_at=getattr(photo, "taken_at", None),
            )  # fmt: skip


def keep_proof(hazard, upload, purpose, *, actor, now):
    """Store one upload, a document or a photo by its content."""
    is_document = upload.read(4) in {b"%PDF", b"PK\x03\x04"}
    upload.seek(0)
    store = files.store_document if is_document else files.store_photo
    return store(upload, owner=hazard, organisation=hazard.school, purpose=purpose, actor=actor, now=now)


SHARED = [
    "kind", "name", "file", "thumbnail", "content_type", "size", "width", "height", "sha256",
    "original_sha256", "taken_at", "uploaded_at", "uploaded_by",
]  # fmt: skip


def tell_whose_turn(hazard, *, actor, now, may_close=True):
    """One line to those who act next, not to who just acted; the red mark of the step before goes out."""
    url = hazard.get_absolute_url()
    settle(url)
    roles = workflow.turn_of(
        hazard.status, hazard.grade, hazard.proposed_grade, hazard.source, school_may_close=may_close
    )
    people = [person for person in people_for(hazard.school, roles, localdate(now)) if person.pk != actor.pk]
    if people:
        sentence = TURNS[Status(hazard.status)] % {"school": hazard.school.label, "title": hazard.title}
        notify(
            people, f"hazards.{hazard.status}", sentence, url=url, now=now, organisation=hazard.school,
            needs_action=True,
        )  # fmt: skip


def people_for(school, roles, on):
    """Who holds one of `roles` for the school on `on`: there, or at the nearest bureau with such people."""
    if not roles:
        return []
    posts = Post.objects.held_on(on).filter(
        organisation__in=school.path_ids(), role__in=roles, user__is_active=True
    )
    found, bureaus = {}, {}
    for post in posts.select_related("user", "organisation"):
        if post.role in SCHOOL_ROLES and post.organisation_id == school.pk:
            found[post.user_id] = post.user
        elif post.role in BUREAU_ROLES:
            bureaus.setdefault(len(post.organisation.path), {})[post.user_id] = post.user
    return list((found | (bureaus[max(bureaus)] if bureaus else {})).values())


TURNS = {
    Status.REPORTED: _("To grade: %(school)s, %(title)s"),
    Status.PLANNING: _("Fill in the five implementations: %(title)s"),
    Status.SIGNED: _("Accept the plan: %(school)s, %(title)s"),
    Status.RECTIFYING: _("To rectify: %(title)s"),
    Status.SUBMITTED: _("To verify: %(school)s, %(title)s"),
    Status.VERIFIED: _("To write off: %(school)s, %(title)s"),
}


@transaction.atomic
def protect(hazard, *, actor, closed, watch, now, note="", photos=()):
    """Record the interim protection: what is closed, who watches."""
    closed = needed("closed", closed, _("Say what is closed off."))
    watch = needed("watch", watch, _("Say who watches."))
    move = begin(hazard, Action.PROTECT, actor=actor)
    hazard = move.hazard
    hazard.interim_closed, hazard.interim_watch, hazard.interim_at = closed, watch, now
    return finish(
        move, actor=actor, now=now, note=note, photos=photos, purpose="interim",
        fields=["interim_closed", "interim_watch", "interim_at"], closed=closed, watch=watch,
    )  # fmt: skip


@transaction.atomic
def comment(hazard, *, actor, note, now, photos=()):
    """Add words and photos to the history; the state stays."""
    note = needed("note", note, _("Write a note."))
    move = begin(hazard, Action.COMMENT, actor=actor)
    return finish(move, actor=actor, now=now, note=note, photos=photos, purpose="note")
