"""Drafts of listings: from a major hazard, with suggested words and days. No number is used up here."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import BUREAU, NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.drafts import EditedMeanwhile, change
from schoolsafety.core.models import Organisation, Post
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.preferences import preference, preferences_for
from schoolsafety.core.roles import BUREAU_ROLES, Role
from schoolsafety.core.workdays import calendar_for

from ..models import Listing, ListingStage
from ..workflow import listing as rules
from ..workflow.listing import ListingAction, ListingLevel
from .listing_shared import begin, log, needed, require_bureau

FIELDS = [
    "supervisor", "responsible", "basis", "situation", "demands", "plan_due_on", "controls",
    "is_use_stopped", "due_on", "cycle", "extension_how", "conditions", "publicity", "contact",
    "public_what", "public_where", "public_advice",
]  # fmt: skip
NEEDED = [
    "responsible", "basis", "situation", "demands", "controls", "extension_how", "conditions", "publicity",
]  # fmt: skip
WORDS = ["basis", "demands", "extension_how", "conditions", "publicity", "contact"]


def bureau_of(user, school):
    """The nearest bureau at or above `school` where this person holds a bureau's post; else NotAllowed.

    A city's person puts up a district's hazard as a city listing; a district's person as the district's.
    """
    paths = [path for path, role in user.posts if role in BUREAU_ROLES and school.path.startswith(path)]
    if not paths:
        raise NotAllowed(_("You hold no post at a bureau that supervises this school."))
    return Organisation.objects.get(path=max(paths, key=len))


def level_of(bureau):
    """City or district, by the kind of the supervising bureau."""
    return ListingLevel.CITY if bureau.kind == Kind.CITY_BUREAU else ListingLevel.DISTRICT


def draft_refusal(hazard):
    """None if a listing of this hazard may be drafted, else the reason (one query)."""
    has_current = Listing.objects.current().filter(hazard=hazard).exists()
    return rules.draft_refusal(hazard.grade, hazard.status, has_current=has_current)


def suggestions(hazard, bureau, *, actor, today):
    """({field: value}, [(stage, day)]): what a new draft says, from the case, the plan and the settings."""
    keys = ["listing.cycle", "listing.term_days", "listing.plan_days", *(f"listing.{word}" for word in WORDS)]
    wanted = preferences_for(bureau, keys)
    calendar = calendar_for(bureau)
    end = calendar.next_workday(today + timedelta(days=wanted["listing.term_days"]))
    plan = getattr(hazard, "plan", None)
    plan_by = None if plan and plan.accepted_at else calendar.add(today, wanted["listing.plan_days"])
    values = {word: wanted[f"listing.{word}"] for word in WORDS} | {
        "supervisor": actor, "responsible": _responsible(hazard, plan, today), "plan_due_on": plan_by,
        "situation": "。".join(part.strip("。") for part in (hazard.title, hazard.description) if part),
        "controls": _controls(hazard, plan), "is_use_stopped": False, "due_on": end,
        "cycle": wanted["listing.cycle"], "public_what": hazard.title,
        "public_where": hazard.place, "public_advice": "请勿靠近该处，按学校指引绕行。",
    }  # fmt: skip
    return values, _stages(calendar, today, end, plan_by)


@transaction.atomic
def draft(hazard, *, bureau, actor, now, values, stages=()):
    """A draft listing of a graded major hazard; returns it. One current listing a hazard.

    `values`: {field of FIELDS: value}; `stages`: [(name, day)] in order. Raises NotAllowed for a person
    without a bureau's post there, ValidationError with sentences beside the fields.
    """
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    require_bureau(actor, bureau, fresh.school)
    if reason := draft_refusal(fresh):
        raise NotAllowed(str(reason))
    values = _checked(values, stages, bureau, localdate(now))
    try:
        with transaction.atomic():
            listing = Listing.objects.create(
                hazard=fresh, school=fresh.school, organisation=bureau, level=level_of(bureau),
                created_at=now, created_by=actor, **values,
            )  # fmt: skip
    except IntegrityError as error:  # two people drafted at once and the other one won
        raise NotAllowed(_("A listing of this hazard is drafted or running already.")) from error
    _set_stages(listing, stages)
    record_event(
        listing, "supervision.draft_listing", organisation=bureau, actor=actor, hazard=fresh.number,
        post=actor.post_for(bureau, BUREAU),
    )  # fmt: skip
    return listing


@transaction.atomic
def edit(listing, *, actor, now, values, stages, version):
    """Change a draft; `version` is the one the form was opened with. Raises EditedMeanwhile."""
    listing = begin(listing, ListingAction.EDIT, actor=actor)
    if listing.version != version:
        raise EditedMeanwhile()  # before any word about the values
    change(listing, version, _checked(values, stages, listing.organisation, localdate(now)))
    listing.save()
    listing.stages.all().delete()
    _set_stages(listing, stages)
    log(listing, ListingAction.EDIT, actor=actor, version=listing.version)
    return listing


@transaction.atomic
def discard(listing, *, actor, now, note=""):
    """Withdraw a draft before it is issued; the hazard is free again."""
    listing = begin(listing, ListingAction.DISCARD, actor=actor)
    listing.save(update_fields=["status"])
    log(listing, ListingAction.DISCARD, actor=actor, note=note)
    return listing


def check_term(listing, due_on, today):
    """ValidationError beside `due_on` if the term is over or longer than the bureau's setting allows."""
    most = preference(listing.organisation, "listing.term_most")
    if due_on <= today:
        raise ValidationError({"due_on": _("The term ends after today.")})
    if (due_on - today).days > most:
        words = _("A term is at most %(n)d days; ask for a longer one when it runs out.")
        raise ValidationError({"due_on": words % {"n": most}})


def _checked(values, stages, bureau, today):
    """The values without the space around words; every fault at once, beside its field."""
    found = {name: values[name] for name in FIELDS}
    faults = {}
    for name, value in found.items():
        if isinstance(value, str):
            found[name] = value.strip()
    try:
        needed(**{name: found[name] for name in NEEDED})
    except ValidationError as error:
        faults |= error.message_dict
    try:
        check_term(Listing(organisation=bureau), found["due_on"], today)
    except ValidationError as error:
        faults |= error.message_dict
    if found["plan_due_on"] and found["plan_due_on"] > found["due_on"]:
        faults["plan_due_on"] = [_("The plan comes before the end of the term.")]
    if not found["supervisor"].roles_at(bureau) & BUREAU:
        faults["supervisor"] = [_("The supervising person holds a post at the supervising bureau.")]
    days = [day for _name, day in stages]
    if days != sorted(days) or any(day > found["due_on"] for day in days):
        faults["stages"] = [_("Stages follow each other and end within the term.")]
    if faults:
        raise ValidationError(faults)
    return found


def _set_stages(listing, stages):
    ListingStage.objects.bulk_create(
        ListingStage(listing=listing, order=order, name=name, due_on=day)
        for order, (name, day) in enumerate(stages, start=1)
    )


def _responsible(hazard, plan, today):
    """The principal, and whom the plan names, as the paper writes them."""
    heads = Post.objects.held_on(today).filter(organisation=hazard.school, role=Role.PRINCIPAL)
    head = heads.select_related("user").first()
    names = [f"{head.user}（{head.title or '校长'}）"] if head else []
    if plan and plan.responsible_person:
        names.append(f"{plan.responsible_person}（{plan.responsible_post or '整改负责人'}）")
    return "、".join(dict.fromkeys(names))[:100]


def _controls(hazard, plan):
    """What the case already says of interim protection and contingency."""
    parts = [hazard.interim_closed, hazard.interim_watch and f"值守：{hazard.interim_watch}"]
    parts.append(plan.contingency if plan else "")
    return "；".join(part.strip("；。") for part in parts if part) or "停用隐患部位，设置警示标志，专人值守。"


def _stages(calendar, today, end, plan_by):
    """Three stages as usual, spread over the term."""
    span = (end - today).days
    rows = [("制定并报送治理方案", plan_by)] if plan_by else []
    rows.append(("完成主要治理工程", calendar.next_workday(today + timedelta(days=span * 2 // 3))))
    rows.append(("自查评估并申请验收", calendar.add(end, -5)))
    last = today
    for _name, day in rows:
        if day <= last or day > end:  # a short term leaves no room for stages
            return [("完成治理并申请验收", end)]
        last = day
    return rows
