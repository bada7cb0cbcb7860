"""The end of a stop of use: the school's written application, the review on site, consent or refusal."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core import files
from schoolsafety.core.directory import authority
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import calendar_for

from ..models import Resumption
from ..papers import stops as papers
from ..workflow.stops import HANDED_IN, Assessor, StopAction, StopStatus
from .stop_shared import begin, log, needed, on_hazard, tell

SEPARATORS = "、,，;；\n"


@transaction.atomic
def apply(order, *, actor, now, plan, done, assessor, assessed_on, conclusion, experts="", body="",
          certificate="", report=(), photos=()):  # fmt: skip
    """The principal applies in writing (16号令 Art. 18): plan, items done, assessment with its report.

    `report`: the assessment as uploads; an outside body's report must be attached. The clock of the review
    on site starts: by default ten days (Art. 23), to the next workday where it ends on a day off.
    """
    order = begin(order, StopAction.APPLY, actor=actor)
    today = timezone.localdate(now)
    _check_assessment(order, assessor, assessed_on, experts, body, certificate, report, today)
    days = preference(order.school, "stops.review_days")
    request = Resumption.objects.create(
        order=order, plan=needed("plan", plan), done=needed("done", done), assessor=Assessor(assessor),
        experts=experts if assessor == Assessor.OWN else "", body=body if assessor == Assessor.BODY else "",
        certificate=certificate if assessor == Assessor.BODY else "", assessed_on=assessed_on,
        conclusion=needed("conclusion", conclusion), applied_at=now, applied_by=actor,
        review_due_on=calendar_for(order.school).next_workday(today + timedelta(days=days)),
    )  # fmt: skip
    _keep(request, report, "assessment", order, actor, now)
    _keep(request, photos, "done", order, actor, now)
    order.save(update_fields=["status"])
    log(order, StopAction.APPLY, actor=actor, due_on=request.review_due_on, assessor=request.assessor)
    tell(order, now=now, actor=actor)
    return request


@transaction.atomic
def review(order, *, actor, now, reviewed_on, reviewers, findings, is_proposed, photos=()):
    """Record what two reviewers at least saw on site, and what they propose (`is_proposed`: consent)."""
    order = begin(order, StopAction.REVIEW, actor=actor)
    request = open_request(order)
    names = names_of(reviewers)
    if len(names) < 2:
        raise ValidationError({"reviewers": _("Name two reviewers at least.")})
    if reviewed_on > timezone.localdate(now):
        raise ValidationError({"reviewed_on": _("The day lies in the future.")})
    if reviewed_on < timezone.localdate(request.applied_at):
        raise ValidationError({"reviewed_on": _("It lies before the application.")})
    request.reviewed_on, request.reviewers = reviewed_on, "、".join(names)
    request.findings, request.is_proposed = needed("findings", findings), is_proposed
    request.review_recorded_at, request.review_recorded_by = now, actor
    request.save()
    _keep(request, photos, "review", order, actor, now)
    order.save(update_fields=["status"])
    late = (reviewed_on - request.review_due_on).days
    log(order, StopAction.REVIEW, actor=actor, reviewers=request.reviewers, days_late=max(late, 0))
    tell(order, now=now, actor=actor)
    return request


@transaction.atomic
def decide(order, *, actor, now, is_granted, answer=""):
    """A leader consents or refuses, both with a numbered paper; refused, the stop goes on and the school may
    apply again. Consent needs the hazard's rectification still handed in. A refusal needs its reason."""
    order = begin(order, StopAction.DECIDE, actor=actor)
    request, today = open_request(order), timezone.localdate(now)
    if is_granted and order.hazard.status not in HANDED_IN:
        raise ValidationError(_("The hazard was sent back meanwhile: refuse, or wait until it is handed in."))
    request.answer = answer.strip() if is_granted else needed("answer", answer)
    request.is_granted, request.decided_at, request.decided_by = is_granted, now, actor
    order.status = StopStatus.RESUMED if is_granted else StopStatus.IN_FORCE
    order.ended_at = now if is_granted else None
    bureau = authority(order)
    request.number = number_for(bureau, "resume", today)
    request.order = order
    request.paper = issue_paper(
        order, kind="resume", organisation=bureau, addressee=order.school, number=request.number,
        title=papers.decision_title(request), template=papers.TEMPLATE, now=now, actor=actor,
        data=papers.decision(request, request.number, bureau),
    )  # fmt: skip
    request.save()
    order.save(update_fields=["status", "ended_at"])
    facts = {"number": request.number, "granted": is_granted, "sha256": request.paper.sha256}
    log(order, StopAction.DECIDE, actor=actor, note=request.answer, **facts)
    verb = "supervision.resume_use" if is_granted else "supervision.refuse_resumption"
    on_hazard(order, verb, actor=actor, decision=request.number)
    tell(order, now=now, actor=actor)
    return request


def open_request(order):
    """The application that waits, locked; NotAllowed if there is none. Call inside a transaction."""
    rows = Resumption.objects.select_for_update(of=("self",)).filter(
        order=order, decided_at=None, voided_at=None
    )
    request = rows.first()
    if request is None:
        raise NotAllowed(str(_("No application is waiting.")))
    return request


def names_of(text):
    """The names in a text that separates them by 、 or a comma, each once, in their order."""
    for sign in SEPARATORS[1:]:
        text = text.replace(sign, SEPARATORS[0])
    return list(dict.fromkeys(name.strip() for name in text.split(SEPARATORS[0]) if name.strip()))


def _check_assessment(order, assessor, assessed_on, experts, body, certificate, report, today):
    faults = {}
    if assessor == Assessor.OWN and not experts.strip():
        faults["experts"] = _("Name the experts, each with post.")
    if assessor == Assessor.BODY:
        faults |= {
            name: _("Please fill this in.")
            for name, text in (("body", body), ("certificate", certificate))
            if not text.strip()
        }
        if not report:
            faults["report"] = _("Attach the body's report.")
    if assessed_on > today:
        faults["assessed_on"] = _("The day lies in the future.")
    elif assessed_on < order.starts_on:
        faults["assessed_on"] = _("It lies before the stop of use.")
    if faults:
        raise ValidationError(faults)


def _keep(request, uploads, purpose, order, actor, now):
    for upload in uploads:
        is_document = upload.read(4) in {b"%PDF", b"PK\x03\x04"}
        upload.seek(0)
        store = files.store_document if is_document else files.store_photo
        store(
            upload, owner=request, organisation=order.school, purpose=purpose, actor=actor, now=now
        )  # fmt: skip
