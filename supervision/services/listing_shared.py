"""What every verb of a listing shares: who answers for it, lock, check against the rules, log, tell."""

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.directory import authority
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_LEADERS
from schoolsafety.core.workdays import calendar_for

from ..models import Listing, ListingExtension
from ..workflow import listing as rules
from ..workflow.listing import AT_SCHOOL, RULES, Facts, ListingAction


def facts_of(listing, actor):
    """What the guards may look at, for this listing and this person (at most two queries)."""
    open_one = listing.acceptances.filter(held_at__isnull=True).first()
    hazard = listing.hazard
    applicants = {hazard.submitted_by_id, open_one.applied_by_id if open_one else None}
    return Facts(
        hazard_status=hazard.status,
        hazard_grade=hazard.grade,
        has_open_extension=ListingExtension.objects.filter(listing=listing, decided_at=None).exists(),
        is_applicant=actor.pk in applicants,
        is_published=bool(listing.published_at),
        is_delisting_published=bool(listing.delisting_published_at),
    )


def roles_for(listing, action, actor):
    """The roles that count for an act: at the school and above it, or at the supervising bureau only."""
    return actor.roles_at(listing.school if action in AT_SCHOOL else authority(listing))


def refusal(listing, action, actor, facts=None):
    """None if this person may do this now, else the reason to show."""
    facts = facts or facts_of(listing, actor)
    return rules.refusal(action, listing.status, roles_for(listing, action, actor), facts)


def actions_of(listing, actor):
    """What this person may do with the listing now, in the order of `ListingAction`."""
    facts = facts_of(listing, actor)
    return [action for action in ListingAction if refusal(listing, action, actor, facts) is None]


def begin(listing, action, *, actor):
    """Lock the row, read it anew, check the rule; returns the listing with its new status, not yet saved.

    The caller's copy may be stale: whoever comes second is refused here. Raises NotAllowed. The hazard
    is locked first, as its own verbs and their followers do, so that the two never wait for each other.
    """
    Hazard.objects.select_for_update(of=("self",)).get(pk=listing.hazard_id)
    rows = Listing.objects.select_for_update(of=("self",))
    fresh = rows.select_related(
        "school__parent", "organisation", "hazard__school", "hazard__category", "supervisor", "created_by"
    ).get(pk=listing.pk)
    facts, roles = facts_of(fresh, actor), roles_for(fresh, action, actor)
    fresh.status = rules.target_of(action, fresh.status, roles, facts)
    return fresh


def log(listing, verb, *, actor, note="", action=None, **changes):
    """The event: in the school's history once the listing is issued, before that in the bureau's.

    `action` is the act whose rule allowed it, where the verb says more than the act.
    """
    place = listing.school if listing.number else listing.organisation
    rule = RULES.get(action or verb)
    record_event(
        listing, f"supervision.{verb}_listing", organisation=place, actor=actor, note=note,
        post=actor.post_for(listing.school, rule.roles) if actor and rule else "", status=listing.status,
        **changes,
    )  # fmt: skip


def needed(**texts):
    """The texts without the space around them; ValidationError beside each that is empty."""
    found = {name: (text or "").strip() for name, text in texts.items()}
    if empty := [name for name, text in found.items() if not text]:
        raise ValidationError({name: _("Please fill this in.") for name in empty})
    return found


def next_report(listing, after):
    """The day of the next progress report after `after`: on the cycle that began with the issue."""
    start = localdate(listing.issued_at)
    return rules.report_day(calendar_for(listing.school), start, listing.cycle, after)


def workdays_after(listing, key, today):
    """The day that lies as many workdays after `today` as the bureau's setting `key` says."""
    return calendar_for(authority(listing)).add(today, preference(authority(listing), key))


def tell_school(listing, text, *, now, needs_action=True):
    """One line to the officer and the principal; `text` has places for the number, school and title."""
    people = User.objects.holding(SCHOOL, listing.school, localdate(now))
    _tell(listing, people, text, now, needs_action)


def tell_supervisor(listing, text, *, now, is_for_leaders=False):
    """One line to the supervising person and the staff of the bureau, or to its leaders only."""
    roles = BUREAU_LEADERS if is_for_leaders else BUREAU
    people = list(User.objects.holding(roles, authority(listing), localdate(now)))
    if not is_for_leaders and listing.supervisor not in people:
        people.append(listing.supervisor)
    _tell(listing, people, text, now, needs_action=True)


def _tell(listing, people, text, now, needs_action):
    url = listing.get_absolute_url()
    settle(url)
    notify(
        people, f"supervision.listing_{listing.status}", text % words_of(listing), url=url,
        organisation=listing.school, needs_action=needs_action, now=now,
    )  # fmt: skip


def words_of(listing):
    """{number, school, title} for the sentences about a listing."""
    return {
        "number": listing.number or "",
        "school": listing.school.label,
        "title": listing.hazard.title,
    }


def current_of(hazard):
    """The drafted or running listing of a hazard, or None; loaded with all that its verbs need."""
    rows = Listing.objects.current().select_related("school__parent", "organisation", "hazard", "supervisor")
    return rows.filter(hazard=hazard).first()


def require_bureau(actor, bureau, school):
    """NotAllowed unless this person holds a bureau's post at `bureau`, which stands above the school."""
    if not actor.roles_at(bureau) & BUREAU or not school.path.startswith(bureau.path):
        raise NotAllowed(_("You hold no post at a bureau that supervises this school."))
