"""What everybody may read of a listing: published by a person after redaction, amended, taken down."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy

from schoolsafety.core.models import Post

from ..workflow import listing as rules
from ..workflow.listing import ListingAction
from .listing_shared import begin, log, needed, tell_school, tell_supervisor

FIELDS = ["public_what", "public_where", "public_advice"]


@transaction.atomic
def publish(listing, *, actor, now, public_what, public_where, public_advice):
    """Put the approved words on the public page, or the amended ones; returns the listing.

    Refused beside the field while a name of a person of the case or a long number stands in it.
    """
    texts = needed(public_what=public_what, public_where=public_where, public_advice=public_advice)
    listing = begin(listing, ListingAction.PUBLISH, actor=actor)
    names = people_of(listing)
    faults = {name: found for name, text in texts.items() if (found := rules.personal_faults(text, names))}
    if faults:
        raise ValidationError(faults)
    changes = {name: [getattr(listing, name), text] for name, text in texts.items()}
    for name, text in texts.items():
        setattr(listing, name, text)
    listing.published_at, listing.published_by = listing.published_at or now, actor
    listing.save(update_fields=[*FIELDS, "published_at", "published_by"])
    log(listing, ListingAction.PUBLISH, actor=actor, **changes)
    tell_school(listing, gettext_lazy("On the public page: %(number)s"), now=now, needs_action=False)
    return listing


@transaction.atomic
def unpublish(listing, *, actor, now, note):
    """Take it off the public page at once, with the reason; it may be published again."""
    words = needed(note=note)["note"]
    listing = begin(listing, ListingAction.UNPUBLISH, actor=actor)
    listing.published_at = listing.published_by = None
    listing.delisting_published_at = listing.delisting_published_by = None
    fields = ["published_at", "published_by", "delisting_published_at", "delisting_published_by"]
    listing.save(update_fields=fields)
    log(listing, ListingAction.UNPUBLISH, actor=actor, note=words)
    text = gettext_lazy("Taken off the public page: %(school)s, %(number)s")
    tell_supervisor(listing, text, now=now, is_for_leaders=True)
    return listing


@transaction.atomic
def publish_delisting(listing, *, actor, now):
    """Say in public that the supervision has ended."""
    listing = begin(listing, ListingAction.PUBLISH_DELISTING, actor=actor)
    listing.delisting_published_at, listing.delisting_published_by = now, actor
    listing.save(update_fields=["delisting_published_at", "delisting_published_by"])
    log(
        listing, "publish_delisting", actor=actor, action=ListingAction.PUBLISH_DELISTING,
        number=listing.delisting_number,
    )  # fmt: skip
    return listing


def people_of(listing):
    """The names that may not stand in public: those of the case, and whoever holds a post at the school."""
    hazard = listing.hazard
    plan = getattr(hazard, "plan", None)
    names = {str(listing.supervisor), hazard.responsible, str(hazard.found_by or "")}
    if plan:
        names |= {plan.responsible_person, plan.guard_person}
    names |= set(Post.objects.filter(organisation=listing.school).values_list("user__name", flat=True))
    return {name.strip() for name in names if name and name.strip()}
