"""The bureau's ledger in its four parts: which rows, which columns, and the cells of each row."""

from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hazards import presentation
from hazards.models import Hazard, RectificationPlan
from hazards.workflow import OWN_SOURCES, Grade, Source, missing_slots
from inspections.models import NoticeItem
from schoolsafety.core.spreadsheets import Column

from .models import CloseOut, Listing, LookBack, Measure, MeasureStep, ProgressReport
from .workflow.looking_back import LookBackStatus
from .workflow.measure_kinds import Step

CHUNK = 1000
PARTS = {
    "self": gettext_lazy("Self-checks of schools"),
    "department": gettext_lazy("Checks of the department"),
    "major": gettext_lazy("Major hazards"),
    "penalty": gettext_lazy("Measures and penalties"),
}
CONDITIONS = {
    "self": Q(source__in=OWN_SOURCES),
    "department": ~Q(source__in=OWN_SOURCES),
    "major": Q(grade=Grade.MAJOR),
}
_HEAD = [
    Column(gettext_lazy("No."), 6, "number"), Column(gettext_lazy("Number of the case"), 18),
    Column(gettext_lazy("School"), 22), Column(gettext_lazy("Found on"), 12, "date"),
    Column(gettext_lazy("Found by"), 10), Column(gettext_lazy("Source"), 12),
    Column(gettext_lazy("Place"), 18), Column(gettext_lazy("Category"), 12),
    Column(gettext_lazy("Description of the hazard"), 36),
    Column(gettext_lazy("Clause breached"), 24), Column(gettext_lazy("Grade"), 10),
    Column(gettext_lazy("Risk analysis"), 24), Column(gettext_lazy("Department that answers for it"), 14),
    Column(gettext_lazy("Responsible person"), 12),
    Column(gettext_lazy("Measures of rectification"), 36),
    Column(gettext_lazy("Money spent (10,000 yuan)"), 12, "money"),
    Column(gettext_lazy("Deadline"), 12, "date"), Column(gettext_lazy("Interim measures"), 24),
    Column(gettext_lazy("Numbers of notices"), 22),
    Column(gettext_lazy("Number of the listing"), 22), Column(gettext_lazy("Progress"), 30),
]  # fmt: skip
_FIVE = [
    Column(gettext_lazy("Implemented, of five"), 10),
    Column(gettext_lazy("Responsibility signed on"), 16, "time"),
    Column(gettext_lazy("Rectify by (plan)"), 12, "date"),
    Column(gettext_lazy("Funds planned (10,000 yuan)"), 12, "money"),
    Column(gettext_lazy("Funds allocated (10,000 yuan)"), 12, "money"),
    Column(gettext_lazy("Contingency plan"), 30), Column(gettext_lazy("Who stands guard"), 16),
    Column(gettext_lazy("Plan accepted on"), 16, "time"),
]  # fmt: skip
_END = [
    Column(gettext_lazy("Done on"), 16, "time"), Column(gettext_lazy("Verified by"), 10),
    Column(gettext_lazy("Verified at"), 16, "time"), Column(gettext_lazy("Written off on"), 12, "date"),
    Column(gettext_lazy("Look-backs and results"), 22), Column(gettext_lazy("State"), 14),
    Column(gettext_lazy("Number of the close-out sheet"), 22),
]  # fmt: skip
_MEASURES = [
    Column(gettext_lazy("No."), 6, "number"), Column(gettext_lazy("Number"), 22),
    Column(gettext_lazy("Measure"), 18), Column(gettext_lazy("School"), 22),
    Column(gettext_lazy("Person concerned"), 12), Column(pgettext_lazy("post", "title"), 12),
    Column(gettext_lazy("what is imposed"), 16), Column(gettext_lazy("Amount (yuan)"), 14, "money"),
    Column(gettext_lazy("Legal basis"), 30), Column(gettext_lazy("Facts"), 36),
    Column(gettext_lazy("Number of the case"), 18), Column(gettext_lazy("Prior notice"), 22),
    Column(gettext_lazy("Heard on"), 16, "time"), Column(gettext_lazy("Issued"), 16, "time"),
    Column(gettext_lazy("Until"), 12, "date"), Column(gettext_lazy("Published on"), 12, "date"),
    Column(gettext_lazy("Carried out on"), 12, "date"), Column(gettext_lazy("Appeal and result"), 18),
    Column(gettext_lazy("State"), 14),
]  # fmt: skip
COLUMNS = {
    "self": [*_HEAD, *_END], "department": [*_HEAD, *_END], "major": [*_HEAD, *_FIVE, *_END],
    "penalty": _MEASURES,
}  # fmt: skip
DONE_BY = {Step.PERFORM, Step.CARRY_OUT}


def rows_of_part(part, user):
    """The rows of a part that this person sees: Hazards, or Measures that were issued."""
    if part == "penalty":
        return Measure.objects.visible_to(user).filter(number__isnull=False)
    return Hazard.objects.visible_to(user).filter(CONDITIONS[part])


def cells_of(part, rows):
    """One list a row in the order of COLUMNS, newest first; read in chunks, six queries each at most."""
    if part == "penalty":
        yield from _measures(rows)
        return
    people = ["school", "category", "found_by", "verified_by", "plan"]
    found = rows.order_by("-found_at", "-pk").select_related(*people).iterator(chunk_size=CHUNK)
    number = 0
    for chunk in _chunks(found):
        told = Told([hazard.pk for hazard in chunk])
        for hazard in chunk:
            number += 1
            plan = getattr(hazard, "plan", None)
            five = _five(plan) if part == "major" else []
            yield [number, *_head(hazard, plan, told), *five, *_end(hazard, told)]


class Told:
    """What other parts say of the hazards `pks`, by hazard: six queries for any number of them."""

    def __init__(self, pks):
        self.clauses, self.notices, self.listings = {}, {}, {}
        self.progress, self.looks, self.sheets = {}, {}, {}
        items = NoticeItem.objects.filter(hazard__in=pks, notice__number__isnull=False).order_by("pk")
        for pk, breach, number in items.values_list("hazard", "breach", "notice__number"):
            self._add(self.notices, pk, number)
            if breach:
                self._add(self.clauses, pk, breach)
        listings = Listing.objects.filter(hazard__in=pks, number__isnull=False).order_by("pk")
        for pk, number in listings.values_list("hazard", "number"):
            self._add(self.listings, pk, number)
        reports = ProgressReport.objects.filter(listing__hazard__in=pks).order_by("made_at", "pk")
        self.progress = dict(reports.values_list("listing__hazard", "text"))  # the newest of each stays
        looks = LookBack.objects.filter(hazard__in=pks, status=LookBackStatus.DONE).order_by("looked_at")
        for look in looks:
            self._add(self.looks, look.hazard_id, f"{look.looked_on} {look.get_result_display()}")
        sheets = CloseOut.objects.filter(hazard__in=pks).order_by("turn")
        self.sheets = dict(sheets.values_list("hazard", "number"))

    @staticmethod
    def _add(found, pk, text):
        if text not in found.setdefault(pk, []):
            found[pk].append(text)

    def lines(self, name, pk):
        """What is told under `name` of a hazard, one a line."""
        return "\n".join(getattr(self, name).get(pk, []))


def _head(hazard, plan, told):
    return [
        hazard.number, hazard.school.name, hazard.found_on, str(hazard.found_by or ""),
        str(Source(hazard.source).label), hazard.place, hazard.category.name,
        "\n".join(part for part in (hazard.title, hazard.description) if part),
        told.lines("clauses", hazard.pk), presentation.grade_text(hazard.grade, hazard.proposed_grade),
        hazard.grade_reason, plan.responsible_post if plan else "",
        hazard.responsible or (plan.responsible_person if plan else ""),
        hazard.measure or (plan.measures if plan else ""), _ten_thousand(hazard.cost), hazard.due_on,
        " ".join(part for part in (hazard.interim_closed, hazard.interim_watch) if part),
        told.lines("notices", hazard.pk), told.lines("listings", hazard.pk),
        told.progress.get(hazard.pk, ""),
    ]  # fmt: skip


def _five(plan):
    """The five implementations; a hazard without a plan has none of them."""
    plan = plan or RectificationPlan()
    done = 5 - len(missing_slots(plan, "five"))
    return [
        f"{done}/5", plan.responsible_signed_at, plan.deadline, _ten_thousand(plan.funds_planned),
        _ten_thousand(plan.funds_allocated), plan.contingency,
        " ".join(part for part in (plan.guard_person, plan.guard_phone) if part), plan.accepted_at,
    ]  # fmt: skip


def _end(hazard, told):
    names = ("status", "closure", "is_fixed_on_spot", "grade", "proposed_grade")
    state = presentation.state_text({name: getattr(hazard, name) for name in names})
    return [
        hazard.submitted_at, str(hazard.verified_by or ""), hazard.verified_at, hazard.closed_on,
        told.lines("looks", hazard.pk), state, told.sheets.get(hazard.pk) or "",
    ]  # fmt: skip


def _measures(rows):
    found = rows.order_by("-issued_at", "-pk").select_related("school", "hazard")
    found = found.prefetch_related("steps", "appeals").iterator(chunk_size=CHUNK)
    for number, row in enumerate(found, start=1):
        steps: list[MeasureStep] = list(row.steps.all())
        yield [
            number, row.number, str(row.get_kind_display()), row.school.name, row.person_name,
            row.person_post, str(row.get_sanction_display()) if row.sanction else "", row.amount,
            row.basis, row.facts, row.hazard.number if row.hazard else "", row.notice_number or "",
            row.heard_at, row.issued_at, row.until, _done(steps, {Step.PUBLISH}),
            _done(steps, DONE_BY), _appeals(row), str(row.get_status_display()),
        ]  # fmt: skip


def _chunks(rows):
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _done(steps, kinds):
    return next((step.done_on for step in steps if step.step in kinds), None)


def _appeals(row):
    """One line an appeal; a result that is only drafted is none."""
    return "\n".join(f"{one.filed_at:%Y-%m-%d} {_result(one)}" for one in row.appeals.all())


def _result(appeal):
    return appeal.get_result_display() if appeal.decided_at else _("not decided yet")


def _ten_thousand(money):
    return money / 10000 if money is not None else None
