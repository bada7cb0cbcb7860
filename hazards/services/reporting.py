"""Finding a hazard: from a patrol, a snap report, an inspection, a partner or an imported ledger."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify
from schoolsafety.core.numbering import next_number
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_STAFF, CASE_ROLES, Role
from schoolsafety.core.workdays import calendar_for

from ..models import Hazard
from ..workflow import Grade, Nature, NotAllowed, Source, Status

CLOCK_SKEW = timedelta(minutes=5)
LATE_ENTRY = timedelta(hours=24)


@transaction.atomic
def report(
    school, *, actor, title, place, category, source, proposed_grade, found_at, now, nature=Nature.THING,
    description="", item_code="", point_code="", partner="", client_uuid=None, photos=(), after_photos=(),
    fixed_on_spot=False, measure="",
):  # fmt: skip
    """Record a hazard at `school`; returns it. With a `client_uuid` seen before: that first hazard.

    A general hazard is due at once (bureau setting, in workdays). Fixed on the spot with photos of
    before and after, it goes straight to verification. Raises NotAllowed for a person without a post
    there, ValidationError for a time in the future or a fix without its pair of photos.
    """
    if client_uuid and (known := Hazard.objects.filter(client_uuid=client_uuid, school=school).first()):
        return known
    if not actor.roles_at(school) & CASE_ROLES - {Role.AUDITOR}:
        raise NotAllowed(_("You hold no post that may report hazards there."))
    _check(found_at, now, photos, after_photos, fixed_on_spot)
    today = timezone.localdate(now)
    hazard = Hazard(
        number=_number(school, today.year), client_uuid=client_uuid, school=school, title=title, place=place,
        description=description, category=category, nature=nature, source=source, partner=partner,
        item_code=item_code, point_code=point_code, proposed_grade=proposed_grade, found_at=found_at,
        found_on=timezone.localdate(found_at), found_by=actor, reported_at=now,
        is_backdated=now - found_at > LATE_ENTRY,
    )  # fmt: skip
    if proposed_grade == Grade.GENERAL:
        days = preference(school, "hazards.general_days")
        calendar = calendar_for(school)
        hazard.due_on = hazard.first_due_on = calendar.add(today, days) if days else today
    if fixed_on_spot:
        hazard.status, hazard.is_fixed_on_spot, hazard.measure = Status.SUBMITTED, True, measure
        hazard.submitted_at, hazard.submitted_by = now, actor
    hazard.save(force_insert=True)
    _keep_photos(hazard, photos, after_photos, actor, now)
    record_event(
        hazard, "hazards.report", organisation=school, actor=actor, note=description or measure,
        post=actor.post_for(school, CASE_ROLES), grade=proposed_grade, title=title, place=place,
        found_at=found_at, source=source, photos=len(photos) + len(after_photos),
        status=[None, hazard.status],
    )  # fmt: skip
    _alarm(hazard, now)
    return hazard


def _check(found_at, now, photos, after_photos, fixed_on_spot):
    if found_at > now + CLOCK_SKEW:
        raise ValidationError(_("The time of the finding lies in the future."))
    if fixed_on_spot and not (photos and after_photos):
        raise ValidationError(_("Fixed on the spot needs a photo of before and one of after."))


def _number(school, year):
    return f"{school.code}-{year}-{next_number(school, 'hazard', year):04d}"


def _keep_photos(hazard, before, after, actor, now):
    for purpose, photos in (("before", before), ("after", after)):
        for photo in photos:
            files.store_photo(
                photo, owner=hazard, organisation=hazard.school, purpose=purpose, actor=actor, now=now
            )


def _alarm(hazard, now):
    """A suspected major hazard is told to the bureau at once; what a bureau found, to the school."""
    today = timezone.localdate(now)
    if hazard.proposed_grade == Grade.MAJOR and hazard.school.parent:
        people = User.objects.holding(BUREAU_STAFF, hazard.school.parent, today)
        text = _("Suspected major hazard at %(school)s: %(title)s")
    elif hazard.source in {Source.INSPECTION, Source.PARTNER}:
        people = User.objects.holding({Role.SAFETY_OFFICER, Role.PRINCIPAL}, hazard.school, today)
        text = _("The bureau found a hazard at %(school)s: %(title)s")
    else:
        return
    notify(
        people, "hazards.report", text % {"school": hazard.school.label, "title": hazard.title},
        url=hazard.get_absolute_url(), organisation=hazard.school, needs_action=True, now=now,
    )  # fmt: skip
