"""Finding a hazard: from a patrol, a snap report, an inspection, a partner or an imported ledger."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event
from schoolsafety.core.notifications import notify
from schoolsafety.core.numbering import next_number
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import CASE_ROLES, Role
from schoolsafety.core.workdays import calendar_for

from ..models import Hazard
from ..workflow import OWN_SOURCES, Grade, Nature, NotAllowed, Status, turn_of
from .moving import keep, needed, people_for

CLOCK_SKEW = timedelta(minutes=5)
LATE_ENTRY = timedelta(hours=24)


def report(
    school, *, actor, title, place, category, source, proposed_grade, found_at, now, nature=Nature.THING,
    description="", item_code="", point_code="", partner="", client_uuid=None, photos=(), after_photos=(),
    fixed_on_spot=False, measure="",
):  # fmt: skip
    """Record a hazard at `school`; returns it. With a `client_uuid` seen before: that first hazard.

    `photos` and `after_photos` are uploads or stored Attachments. A general hazard is due at once
    (bureau setting, in workdays). Fixed on the spot with photos of before and after, it goes straight
    to verification. Raises NotAllowed for a person without a post there, ValidationError for missing
    words, a time in the future or a fix without its pair of photos.
    """
    if not actor.roles_at(school) & CASE_ROLES - {Role.AUDITOR}:
        raise NotAllowed(_("You hold no post that may report hazards there."))
    if known := _known(school, client_uuid):
        return known
    _check(found_at, now, proposed_grade, photos, after_photos, fixed_on_spot)
    values = {
        "title": needed("title", title, _("Say what is wrong."))[:200],
        "place": needed("place", place, _("Say where it is."))[:120],
        "description": description, "category": category, "nature": nature, "source": source,
        "partner": partner, "item_code": item_code, "point_code": point_code, "found_at": found_at,
        "proposed_grade": proposed_grade, "client_uuid": client_uuid,
    }  # fmt: skip
    if fixed_on_spot:
        values |= {"status": Status.SUBMITTED, "is_fixed_on_spot": True, "measure": measure}
        values |= {"submitted_at": now, "submitted_by": actor, "responsible": str(actor)}
    try:
        return _take_in(school, actor, now, values, photos, after_photos)
    except IntegrityError:  # the same report arrived twice at once, and the other one won
        if known := _known(school, client_uuid):
            return known
        raise


@transaction.atomic
def _take_in(school, actor, now, values, photos, after_photos):
    """Number, row, photos, event and news: all or nothing."""
    today, found_at = timezone.localdate(now), values["found_at"]
    if values["proposed_grade"] == Grade.GENERAL:
        days = preference(school, "hazards.general_days")
        due_on = calendar_for(school).add(today, days) if days else today
        values |= {"due_on": due_on, "first_due_on": due_on}
    hazard = Hazard.objects.create(
        **values, school=school, number=_number(school, today.year), found_by=actor, reported_at=now,
        found_on=timezone.localdate(found_at), is_backdated=now - found_at > LATE_ENTRY,
    )  # fmt: skip
    keep(hazard, photos, "before", actor=actor, now=now)
    keep(hazard, after_photos, "after", actor=actor, now=now)
    record_event(
        hazard, "hazards.report", organisation=school, actor=actor, note=hazard.description or hazard.measure,
        post=actor.post_for(school, CASE_ROLES), grade=hazard.proposed_grade, title=hazard.title,
        place=hazard.place, found_at=found_at, source=hazard.source, photos=len(photos) + len(after_photos),
        status=[None, hazard.status],
    )  # fmt: skip
    _alarm(hazard, actor, now)
    return hazard


def _known(school, client_uuid):
    """The hazard that this report became before; ValidationError if it was another school's report."""
    if client_uuid is None:
        return None
    found = Hazard.objects.filter(client_uuid=client_uuid).select_related("school").first()
    if found is not None and found.school_id != school.pk:
        raise ValidationError(_("This report was already used for another school."))
    return found


def _check(found_at, now, proposed_grade, photos, after_photos, fixed_on_spot):
    if found_at > now + CLOCK_SKEW:
        raise ValidationError({"found_at": _("The time of the finding lies in the future.")})
    if fixed_on_spot and proposed_grade != Grade.GENERAL:
        raise ValidationError(_("A suspected major hazard cannot be recorded as fixed on the spot."))
    if fixed_on_spot and not (photos and after_photos):
        raise ValidationError(_("Fixed on the spot needs a photo of before and one of after."))


def _number(school, year):
    return f"{school.code}-{year}-{next_number(school, 'hazard', year):04d}"


def _alarm(hazard, actor, now):
    """What nobody at the place of the next step found is told there; on-the-spot fixes are no news."""
    is_own = hazard.source in OWN_SOURCES
    if hazard.status == Status.SUBMITTED or (is_own and hazard.proposed_grade == Grade.GENERAL):
        return
    roles = turn_of(hazard.status, "", hazard.proposed_grade, hazard.source)
    people = people_for(hazard.school, roles, timezone.localdate(now))
    text = _("Suspected major hazard at %(school)s: %(title)s")
    if hazard.proposed_grade == Grade.GENERAL:
        text = _("The bureau found a hazard at %(school)s: %(title)s")
    notify(
        [person for person in people if person.pk != actor.pk], "hazards.report",
        text % {"school": hazard.school.label, "title": hazard.title}, url=hazard.get_absolute_url(),
        organisation=hazard.school, needs_action=True, now=now,
    )  # fmt: skip
