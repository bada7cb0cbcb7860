"""The steps that follow a measure in force: their clocks, and that they were done."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.directory import authority
from schoolsafety.core.files import store_document
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.pdf.text import chinese_date
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import calendar_for

from ..models import MeasureStep
from ..papers import measures as papers
from ..workflow.measure_kinds import TAKE_BACK_DAYS, Side, Step, steps_of
from ..workflow.measures import Status
from .measure_shared import locked, log, needed, tell_bureau, tell_school

RECORD = ["participants", "problems", "demands", "promise"]


def begin_steps(measure, today, after=None):
    """The steps that now begin, with their deadlines from the work calendar."""
    calendar = calendar_for(measure.school)
    order = MeasureStep.objects.filter(measure=measure).count()
    for number, rule in enumerate(steps_of(measure.kind, measure.sanction, after), start=order + 1):
        if rule.days == "meet":
            due_on = timezone.localdate(measure.meet_at)
        else:
            due_on = calendar.add(today, preference(measure.school, rule.days))
        MeasureStep.objects.create(
            measure=measure, step=rule.step, side=rule.side, order=number, due_on=due_on
        )


def begin_taking_back(measure, today):
    """A published penalty that no longer stands is taken back within three days (行政处罚法 Art. 48)."""
    if measure.steps.filter(step=Step.PUBLISH, done_at__isnull=False).exists():
        MeasureStep.objects.get_or_create(
            measure=measure, step=Step.UNPUBLISH,
            defaults={
                "side": Side.BUREAU, "order": measure.steps.count() + 1,
                "due_on": today + timedelta(days=TAKE_BACK_DAYS),
            },
        )  # fmt: skip


def may_finish(step, measure, user):
    """May this person say that the step is done? Asks nothing of the database."""
    if step.done_at or not _is_running(step, measure):
        return False
    place = measure.school if step.side == Side.SCHOOL else authority(measure)
    return bool(user.roles_at(place) & (SCHOOL if step.side == Side.SCHOOL else BUREAU))


@transaction.atomic
def finish(measure, step, *, actor, done_on, now, text="", document=None, **data):
    """A step is done on `done_on`. Of the interview (`data`: RECORD) the 约谈记录 is made, and the clocks of
    commitment and report begin. Refused with NotAllowed where it is done or not this person's."""
    measure = locked(measure)
    row = MeasureStep.objects.select_for_update().filter(measure=measure, step=step).first()
    if row is None or not may_finish(row, measure, actor):
        raise NotAllowed(_("This step is done already, or not yours."))
    today = timezone.localdate(now)
    _check_day(measure, row, done_on, today)
    row.done_at, row.done_by, row.done_on = now, actor, done_on
    if step == Step.HOLD:
        _record(measure, row, data, actor, now)
        begin_steps(measure, done_on, after=Step.HOLD)
    else:
        row.text = needed("text", text)
    row.save()
    if document:
        store_document(
            document, owner=measure, organisation=measure.school, purpose=step, actor=actor, now=now
        )
    roles = SCHOOL if row.side == Side.SCHOOL else BUREAU
    log(
        measure, "finish_step_measure", actor=actor, roles=roles, note=row.text, step=step, done_on=done_on,
        number=measure.number,
    )  # fmt: skip
    _tell(measure, row, now)
    return row


def _is_running(step, measure):
    """In force; what was published is taken back also when the measure was revoked."""
    is_taking_back = step.step == Step.UNPUBLISH and measure.status == Status.REVOKED
    return measure.status == Status.ISSUED or is_taking_back


def _check_day(measure, row, day, today):
    if day > today:
        raise ValidationError({"done_on": _("The day lies in the future.")})
    if day < timezone.localdate(measure.issued_at):
        raise ValidationError({"done_on": _("The day lies before the measure was issued.")})


def _record(measure, row, data, actor, now):
    """The words of the interview and its record as a paper."""
    row.data = {name: needed(name, data.get(name)) for name in RECORD}
    days = preference(measure.school, "measures.report_days")
    row.data["report_by"] = chinese_date(calendar_for(measure.school).add(row.done_on, days))
    row.text = row.data["problems"]
    row.paper = issue_paper(
        measure, kind="interview_record", organisation=measure.organisation, number=None,
        title=f"约谈记录（{measure.school.label}）", template=papers.FORM, data=papers.record(measure, row),
        now=now, actor=actor,
    )  # fmt: skip


def _tell(measure, row, now):
    if row.side == Side.SCHOOL:
        tell_bureau(measure, _("%(school)s filed what follows %(measure)s"), now=now)
    elif row.step == Step.HOLD:
        tell_school(measure, _("File the commitment and the report: %(measure)s"), now=now)
