"""The school's answer to a notice and the bureau's re-check, item by item, each in one act."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import NotAllowed, Status
from schoolsafety.core import files
from schoolsafety.core.directory import authority
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper

from .. import documents
from ..workflow import ItemResult, NoticeAction
from .notice_issuing import TEMPLATE
from .notice_shared import begin, log, tell_bureau, tell_school

LEAST_REVIEWERS = 2
HANDED_IN = frozenset({Status.SUBMITTED, Status.VERIFIED, Status.CLOSED})


@transaction.atomic
def reply(notice, *, actor, answers, now):
    """The school answers: `answers` maps a NoticeItem's pk to its fields, with "photos" (uploads).

    What is done and not handed in yet is handed in on the hazard by the same act. All or nothing: what
    the hazard's own rules refuse comes back as ValidationError({"item-<pk>": reasons}).
    """
    notice = begin(notice, NoticeAction.REPLY, actor=actor)
    items = list(notice.items.select_related("hazard__school"))
    _each(items, lambda item: _answer(item, dict(answers[item.pk]), actor, now))
    notice.replied_at, notice.replied_by = now, actor
    notice.save()
    done = sum(1 for item in items if item.reply_is_done)
    log(notice, NoticeAction.REPLY, actor=actor, done=done, items=len(items))
    tell_bureau(notice, _("Re-check: %(school)s answered the notice %(number)s"), now=now)
    return notice


@transaction.atomic
def review(notice, *, actor, results, reviewers, now, conclusion="", mode="on_site"):
    """The bureau re-checks: `results` maps a NoticeItem's pk to (result, note); issues the 复查意见书.

    Done and handed in: verified in the given `mode`. Not done but handed in: sent back. Write-off stays
    its own act. At least two different `reviewers`, separated by 、. Errors as in `reply`.
    """
    notice = begin(notice, NoticeAction.REVIEW, actor=actor)
    names = names_in(reviewers)
    if len(names) < LEAST_REVIEWERS:
        raise ValidationError({"reviewers": _("At least two people re-check.")})
    items = list(notice.items.select_related("hazard__school"))
    for item in items:
        item.result, item.result_note = results[item.pk]
        item.is_current = False
        item.save()
    _each(items, lambda item: _move_hazard(item, actor, mode, now))
    notice.reviewers, notice.reviewed_at, notice.reviewed_by = "、".join(names), now, actor
    notice.conclusion = conclusion.strip() or documents.conclusion(items)
    _issue_opinion(notice, items, actor, now)
    notice.save()
    log(
        notice, NoticeAction.REVIEW, actor=actor, number=notice.review_number,
        sha256=notice.review_paper.sha256, results={item.hazard.number: item.result for item in items},
    )  # fmt: skip
    tell_school(notice, _("The notice %(number)s was re-checked"), now=now, needs_action=False)
    return notice


def names_in(text):
    """The different names in a list separated by 、 or commas."""
    parts = text.replace("，", "、").replace(",", "、").split("、")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _each(items, act):
    """Act on every item; what is refused is collected, so that all reasons show at once."""
    faults = {}
    for item in items:
        try:
            act(item)
        except NotAllowed as reason:
            faults[f"item-{item.pk}"] = [str(reason)]
        except ValidationError as error:
            faults[f"item-{item.pk}"] = error.messages
    if faults:
        raise ValidationError(faults)


def _answer(item, answer, actor, now):
    photos = answer.pop("photos", ())
    for name, value in answer.items():
        setattr(item, name, value)
    item.save()
    hazard = Hazard.objects.select_related("school").get(pk=item.hazard_id)
    if item.reply_is_done and hazard.status not in HANDED_IN:
        hazards.submit(
            hazard, actor=actor, measure=item.reply, responsible=item.responsible, cost=item.cost,
            photos=photos, now=now,
        )  # fmt: skip
        return
    for photo in photos:
        files.store_photo(
            photo, owner=hazard, organisation=hazard.school, purpose="note", actor=actor, now=now
        )


def _move_hazard(item, actor, mode, now):
    """Bring the hazard to what was found. Done but never handed in: the school's own step stays open."""
    hazard = Hazard.objects.select_related("school").get(pk=item.hazard_id)
    if item.result == ItemResult.DONE:
        if hazard.status == Status.SUBMITTED:
            hazards.verify(hazard, actor=actor, mode=mode, note=item.result_note, now=now)
    elif hazard.status in {Status.SUBMITTED, Status.VERIFIED}:
        words = item.result_note or str(ItemResult(item.result).label)
        hazards.send_back(hazard, actor=actor, note=words, now=now)
    elif hazard.status == Status.CLOSED:
        raise ValidationError(_("It is written off already; reopen it on its own page first."))


def _issue_opinion(notice, items, actor, now):
    bureau = authority(notice)
    notice.review_number = number_for(bureau, "review", timezone.localdate(now))
    notice.review_paper = issue_paper(
        notice, kind="review", organisation=bureau, addressee=notice.school, number=notice.review_number,
        title=f"安全隐患整改复查意见书（{notice.school.label}）", template=TEMPLATE,
        data=documents.review(notice, items, notice.review_number, bureau), now=now, actor=actor,
    )  # fmt: skip
