"""Drafts a bureau's bulletin of a month: one a month, however often this runs."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models.organisation import Kind

from ..figures.bulletin import bulletin_figures
from ..figures.period import next_month
from ..models import Bulletin
from ..papers.prose import sections_of, title_of
from ..workflow import BUREAU, standing_of


@transaction.atomic
def draft(organisation, month, *, now, actor=None):
    """The bulletin of `organisation` for the month that begins on `month`: the one there is, or a new draft.

    `actor=None` is the system. Raises ValidationError for a month that is not over, NotAllowed for
    a person without a post in the bureau.
    """
    if actor and not standing_of(actor.posts, organisation.path).own & BUREAU:
        raise NotAllowed(_("Only the bureau itself drafts its bulletin."))
    if not organisation.is_bureau:
        raise ValidationError(_("Only bureaus issue bulletins."))
    if next_month(month) > localdate(now):
        raise ValidationError(_("This month is not over yet."))
    found = Bulletin.objects.filter(organisation=organisation, month=month).first()
    if found:
        return found
    figures = bulletin_figures(organisation, month, on=localdate(now))
    bulletin, created = Bulletin.objects.get_or_create(
        organisation=organisation,
        month=month,
        defaults={
            "figures": figures,
            "sections": sections_of(figures),
            "title": title_of(month),
            "recipients": recipients_of(organisation),
            "copies": organisation.parent.name if organisation.parent else "",
            "drafted_at": now,
        },
    )
    if created:
        record_event(
            bulletin, "reports.draft_bulletin", organisation=organisation, actor=actor, month=month,
            post=actor.post_for(organisation, BUREAU) if actor else "",
        )  # fmt: skip
    return bulletin


def recipients_of(organisation):
    """Whom a bulletin is addressed to, as papers say it."""
    if organisation.kind == Kind.CITY_BUREAU:
        return "各区（县）教育局，局直属各学校（幼儿园）"
    return "各学校（幼儿园）"
