"""Drafts of notices: from hazards, with suggested law, days and words. No number is used up here."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard, LegalBasis
from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.drafts import change
from schoolsafety.core.models import Organisation
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.roles import BUREAU_ROLES
from schoolsafety.core.workdays import calendar_for

from .. import workflow
from ..models import Finding, Notice, NoticeItem
from ..workflow import NoticeAction
from .notice_shared import begin, log

REVIEW_DAYS = 3  # workdays from the reply to the re-check, as suggested
WORDS = ["opening", "protection", "consequence", "appeal", "contact"]


def bureau_of(user, school):
    """The nearest bureau at or above `school` where this person holds a bureau's post; else NotAllowed."""
    paths = [path for path, role in user.posts if role in BUREAU_ROLES and school.path.startswith(path)]
    if not paths:
        raise NotAllowed(_("You hold no post that issues notices there."))
    return Organisation.objects.get(path=max(paths, key=len))


def refusals(rows):
    """{hazard pk: reason} of the hazards that no notice may cite now (one query)."""
    cited = NoticeItem.objects.filter(hazard__in=[row.pk for row in rows], is_current=True)
    notices = {item.hazard_id: item.notice for item in cited.select_related("notice__school")}
    found = {row.pk: workflow.cite_refusal(row.status, row.grade, notices.get(row.pk)) for row in rows}
    return {pk: reason for pk, reason in found.items() if reason}


@transaction.atomic
def draft(school, *, bureau, chosen, actor, now, inspection=None, **texts):
    """A draft notice for graded hazards of one school that wait for it; returns it.

    `texts` are fields of Notice that replace what is suggested. Each hazard stands in one current
    notice only. Raises ValidationError with a line for each hazard that cannot be cited, NotAllowed
    for a person without a bureau's post there.
    """
    if not actor.roles_at(bureau) & workflow.BUREAU or not school.path.startswith(bureau.path):
        raise NotAllowed(_("You hold no post that issues notices there."))
    locked = Hazard.objects.select_for_update(of=("self",)).filter(school=school)
    rows = list(locked.filter(pk__in=[row.pk for row in chosen]).order_by("pk"))
    _check(rows, len(chosen))
    inspection = inspection or _inspection_of(rows)
    values = suggestions(school, timezone.localdate(now), inspection) | texts
    demand = values.pop("demand")
    notice = Notice.objects.create(
        bureau=bureau, school=school, inspection=inspection, created_at=now, created_by=actor, **values
    )
    _add_items(notice, rows, demand, timezone.localdate(now))
    record_event(
        notice, "inspections.draft_notice", organisation=bureau, actor=actor, school=school.name,
        hazards=[row.number for row in rows], post=actor.post_for(bureau, workflow.BUREAU),
    )  # fmt: skip
    return notice


def suggestions(school, today, inspection=None):
    """The fields of a new notice: days from the work calendar, the bureau's own clauses and words."""
    keys = ["notice.days", "notice.demand", "notice.clauses", *(f"notice.{name}" for name in WORDS)]
    wanted = preferences_for(school, keys)
    calendar = calendar_for(school)
    reply_by = calendar.add(today, wanted["notice.days"])
    values = {name: wanted[f"notice.{name}"] for name in WORDS}
    values |= {"demand": wanted["notice.demand"], "checked_on": today, "reply_due_on": reply_by}
    values |= {
        "review_on": calendar.add(reply_by, REVIEW_DAYS),
        "basis": suggest_basis(wanted["notice.clauses"], today),
    }
    if inspection is not None:
        values["checked_on"] = inspection.inspected_on
        values["inspectors"] = "、".join(_with_certificate(one) for one in inspection.members.all())[:200]
    return values


def suggest_basis(codes, on):
    """Those of the bureau's usual clauses (codes, separated by spaces) that are in force, one a line.

    What else a hazard breaches is for a person to say: the draft's page lists the clauses of its category.
    """
    found = {
        basis.code: str(basis) for basis in LegalBasis.objects.in_force(on).filter(code__in=codes.split())
    }
    return "\n".join(found[code] for code in dict.fromkeys(codes.split()) if code in found)


@transaction.atomic
def edit(notice, *, actor, texts, items, version, left_out=()):
    """Change a draft: `texts` are fields of Notice, `items` maps a NoticeItem's pk to its fields.

    Items whose pk is in `left_out` are dropped; one must stay. Raises EditedMeanwhile if the draft is
    no longer at `version`.
    """
    notice = begin(notice, NoticeAction.EDIT, actor=actor)
    change(notice, version, texts)
    notice.save()
    kept = [item for item in notice.items.all() if item.pk not in left_out]
    if not kept:
        raise ValidationError(_("One hazard at least must stay; or discard the draft."))
    notice.items.filter(pk__in=left_out).delete()
    for order, item in enumerate(kept, start=1):
        for name, value in items.get(item.pk, {}).items():
            setattr(item, name, value)
        item.order = order
        item.save()
    log(notice, NoticeAction.EDIT, actor=actor, version=notice.version, left_out=len(left_out))
    return notice


@transaction.atomic
def discard(notice, *, actor, now, note=""):
    """Throw a draft away; its hazards are free again."""
    notice = begin(notice, NoticeAction.DISCARD, actor=actor)
    notice.save()
    notice.items.update(is_current=False)
    log(notice, NoticeAction.DISCARD, actor=actor, note=note)
    return notice


def _check(rows, wanted):
    if not rows or len(rows) != wanted:
        raise ValidationError(_("Choose open hazards of one school."))
    if bad := refusals(rows):
        lines = {row.pk: f"{row.number} {row.title}" for row in rows}
        raise ValidationError([f"{lines[pk]}：{reason}" for pk, reason in bad.items()])


def _inspection_of(rows):
    """The one inspection that found all of these hazards; None if there is none."""
    found = Finding.objects.filter(hazard__in=rows, inspection__isnull=False).select_related("inspection")
    inspections = {finding.inspection for finding in found}
    return inspections.pop() if len(found) == len(rows) and len(inspections) == 1 else None


def _add_items(notice, rows, demand, today):
    """Copies of the hazards; their own deadline where it still lies ahead, else the day of the reply."""
    items = [
        NoticeItem(
            notice=notice, hazard=row, order=order, place=row.place, grade=row.grade, demand=demand,
            text="：".join(words for words in (row.title, row.description.strip()) if words),
            due_on=row.due_on if row.due_on and row.due_on > today else notice.reply_due_on,
        )
        for order, row in enumerate(rows, start=1)
    ]  # fmt: skip
    try:
        with transaction.atomic():
            NoticeItem.objects.bulk_create(items)
    except IntegrityError as error:  # two people drafted at once and the other one won
        raise ValidationError(_("One of these hazards stands in another current notice.")) from error


def _with_certificate(member):
    return f"{member.name}（证件号 {member.certificate}）" if member.certificate else member.name
