"""How a listing ends: applied for, accepted by two people on site, delisted with a number."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards import services as hazards
from hazards.workflow import Status, Verification
from schoolsafety.core import files
from schoolsafety.core.directory import authority
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference

from ..models import ListingAcceptance
from ..papers import listing as documents
from ..workflow.listing import HANDED_IN, LIFT_GROUNDS, Ground, ListingAction, ListingStatus
from .listing_running import FORM, LETTER
from .listing_shared import (
    begin,
    log,
    needed,
    next_report,
    tell_school,
    tell_supervisor,
    workdays_after,
)

LEAST_PEOPLE = 2


@transaction.atomic
def apply(listing, *, actor, now, assessment, assessed_by, photos=(), papers=()):
    """The school applies for the acceptance with its assessment (治理情况评估报告); returns the application.

    What is still being rectified is handed in on the hazard by the same act, with the same photos and
    papers; what the hazard's own rules refuse is raised as it is.
    """
    words = needed(assessment=assessment, assessed_by=assessed_by)
    listing = begin(listing, ListingAction.APPLY, actor=actor)
    days = preference(authority(listing), "listing.acceptance_days")
    row = ListingAcceptance.objects.create(
        listing=listing,
        applied_at=now,
        applied_by=actor,
        due_on=localdate(now) + timedelta(days=days),
        **words,
    )
    listing.next_report_on = None  # nothing more to report while the bureau is to act
    listing.save(update_fields=["status", "next_report_on"])
    if listing.hazard.status in HANDED_IN:
        _keep(listing, photos, papers, actor=actor, now=now)
    else:
        hazards.submit(
            listing.hazard, actor=actor, measure=words["assessment"], photos=photos, papers=papers, now=now
        )
    log(listing, ListingAction.APPLY, actor=actor, note=words["assessment"], due_on=row.due_on)
    text = gettext_lazy("Acceptance applied for: %(school)s, %(number)s")
    tell_supervisor(listing, text, now=now)
    return row


@transaction.atomic
def judge(listing, *, actor, now, is_passed, people, opinion="", photos=()):
    """At least two people, none of them the applicant, accept on site or refuse; returns the listing.

    Passed: the hazard is verified by the same act. Not passed: it goes back to the school, and the cycle
    of reports begins again. The assessment with the opinion is kept as a paper.
    """
    words = opinion.strip() if is_passed else needed(opinion=opinion)["opinion"]
    listing = begin(listing, ListingAction.JUDGE, actor=actor)
    row = ListingAcceptance.objects.select_for_update(of=("self",)).select_related("applied_by").get(
        listing=listing, held_at=None
    )  # fmt: skip
    names = _people(listing, row, people, actor)
    row.held_at, row.held_by, row.people = now, actor, "、".join(names)
    row.is_passed, row.opinion = is_passed, words
    listing.status = ListingStatus.ACCEPTED if is_passed else ListingStatus.LISTED
    listing.next_report_on = None if is_passed else next_report(listing, localdate(now))
    listing.save(update_fields=["status", "next_report_on"])
    row.paper = issue_paper(
        row, kind="listing_acceptance", organisation=listing.organisation, addressee=listing.school,
        title=f"挂牌督办治理情况评估和验收意见（{listing.number}）", template=FORM,
        data=documents.acceptance(listing, row), now=now, actor=actor,
    )  # fmt: skip
    row.save()
    for photo in photos:
        files.store_photo(
            photo, owner=listing, organisation=listing.school, purpose="acceptance", actor=actor, now=now
        )
    log(listing, ListingAction.JUDGE, actor=actor, note=words, passed=is_passed, people=row.people)
    _move_hazard(listing, is_passed, words, actor, now)
    _tell_result(listing, is_passed, now)
    return listing


@transaction.atomic
def delist(listing, *, actor, now, note=""):
    """Delist what was accepted (摘牌): number, paper, the clock of its publication; returns the listing."""
    listing = begin(listing, ListingAction.DELIST, actor=actor)
    return _end(listing, ListingAction.DELIST, Ground.RECTIFIED, note.strip(), actor, now)


@transaction.atomic
def lift(listing, *, actor, now, ground, note):
    """End the supervision without an acceptance (解除督办), by a leader and for a reason that others read:

    the hazard went to another authority, is gone with its building, or is no major one after all.
    """
    words = needed(note=note)["note"]
    if ground not in LIFT_GROUNDS:
        raise ValidationError({"ground": _("Choose the ground.")})
    listing = begin(listing, ListingAction.LIFT, actor=actor)
    listing.next_report_on = None
    return _end(listing, ListingAction.LIFT, Ground(ground), words, actor, now)


def names_in(text):
    """The different names in a list separated by 、 or commas."""
    parts = text.replace("，", "、").replace(",", "、").split("、")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _end(listing, action, ground, note, actor, now):
    today, bureau = localdate(now), authority(listing)
    _shut_open_parts(listing, note, actor, now)
    listing.ground, listing.delisting_note = ground, note
    listing.delisted_at, listing.delisted_by = now, actor
    listing.delisting_number = number_for(bureau, "delisting", today)
    listing.delisting_publish_due_on = workdays_after(listing, "listing.delisting_publish_days", today)
    passed = listing.acceptances.filter(is_passed=True).first() if ground == Ground.RECTIFIED else None
    listing.delisting_paper = issue_paper(
        listing, kind="delisting", organisation=bureau, addressee=listing.school,
        number=listing.delisting_number, title=f"重大事故隐患挂牌督办摘牌通知书（{listing.school.label}）",
        template=LETTER, data=documents.delisting(listing, passed, bureau), now=now, actor=actor,
    )  # fmt: skip
    listing.save()
    log(
        listing, action, actor=actor, note=note, number=listing.delisting_number, ground=ground,
        sha256=listing.delisting_paper.sha256,
    )  # fmt: skip
    tell_school(listing, gettext_lazy("Delisted: %(number)s %(title)s"), now=now, needs_action=False)
    return listing


def _shut_open_parts(listing, note, actor, now):
    """Nothing is left to decide once the supervision has ended: open requests and applications fall."""
    words = note or _("The supervision has ended.")
    listing.extensions.filter(decided_at__isnull=True).update(
        decided_at=now, decided_by=actor, is_granted=False, answer=words
    )
    listing.acceptances.filter(held_at__isnull=True).update(
        held_at=now, held_by=actor, is_passed=False, opinion=words
    )


def _people(listing, row, people, actor):
    """The names of who accepts, the actor's among them; ValidationError beside `people`."""
    names = names_in(people)
    names = names if str(actor) in names else [str(actor), *names]
    applicants = {str(row.applied_by), str(listing.hazard.submitted_by or row.applied_by)}
    if mixed := applicants & set(names):
        words = _("%(name)s handed in the rectification or applied and cannot accept it.")
        raise ValidationError({"people": words % {"name": "、".join(sorted(mixed))}})
    if len(names) < LEAST_PEOPLE:
        raise ValidationError({"people": _("At least two people accept on site.")})
    return names


def _move_hazard(listing, is_passed, words, actor, now):
    hazard = listing.hazard
    if not is_passed:
        hazards.send_back(hazard, actor=actor, note=words, now=now)
    elif hazard.status == Status.SUBMITTED:
        hazards.verify(hazard, actor=actor, mode=Verification.ON_SITE, note=words, now=now)


def _tell_result(listing, is_passed, now):
    if is_passed:
        text = gettext_lazy("Accepted, to delist: %(school)s, %(number)s")
        tell_supervisor(listing, text, now=now, is_for_leaders=True)
    else:
        tell_school(listing, gettext_lazy("The acceptance was refused: %(number)s"), now=now)


def _keep(listing, photos, papers, *, actor, now):
    for photo in photos:
        files.store_photo(
            photo, owner=listing, organisation=listing.school, purpose="assessment", actor=actor, now=now
        )
    for paper in papers:
        files.store_document(
            paper, owner=listing, organisation=listing.school, purpose="assessment", actor=actor, now=now
        )
