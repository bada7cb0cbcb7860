"""The ledger as a workbook (隐患排查治理台账): the columns, and the rows one by one."""

from django.utils.translation import gettext_lazy

from schoolsafety.core.spreadsheets import Column

from . import presentation
from .workflow import Grade, Source, Verification

CHUNK = 2000
COLUMNS = [
    Column(gettext_lazy("No."), 6, "number"),
    Column(gettext_lazy("Number of the case"), 18),
    Column(gettext_lazy("School"), 22),
    Column(gettext_lazy("Found on"), 12, "date"),
    Column(gettext_lazy("Found by"), 10),
    Column(gettext_lazy("Source"), 12),
    Column(gettext_lazy("Place"), 18),
    Column(gettext_lazy("Category"), 12),
    Column(gettext_lazy("Description of the hazard"), 36),
    Column(gettext_lazy("Grade"), 10),
    Column(gettext_lazy("Responsible person"), 12),
    Column(gettext_lazy("Measures of rectification"), 36),
    Column(gettext_lazy("Money spent (10,000 yuan)"), 12, "money"),
    Column(gettext_lazy("Deadline"), 12, "date"),
    Column(gettext_lazy("Interim measures"), 24),
    Column(gettext_lazy("Done on"), 16, "time"),
    Column(gettext_lazy("Verified by"), 10),
    Column(gettext_lazy("Verified at"), 16, "time"),
    Column(gettext_lazy("How verified"), 10),
    Column(gettext_lazy("Written off on"), 12, "date"),
    Column(gettext_lazy("State"), 14),
    Column(gettext_lazy("Days late"), 8, "number"),
]
FIELDS = [
    "number", "school__name", "found_on", "found_by__name", "source", "place", "category__name", "title",
    "description", "grade", "proposed_grade", "responsible", "measure", "plan__measures", "cost", "due_on",
    "interim_closed", "interim_watch", "submitted_at", "verified_by__name", "verified_at", "verification",
    "closed_on", "closure", "status", "is_fixed_on_spot", "first_due_on", "interim_at", "is_backdated",
    "reopened_count", "awaits_funds_since", "paused_until",
]  # fmt: skip


def rows_of(hazards, today):
    """One list a hazard in the order of COLUMNS, newest first; read in chunks, one query."""
    found = hazards.order_by("-found_at", "-pk").values(*FIELDS).iterator(chunk_size=CHUNK)
    for index, row in enumerate(found, start=1):
        yield _cells(index, row, today)


def _cells(index, row, today):
    grade = presentation.grade_text(row["grade"], row["proposed_grade"])
    return [
        index, row["number"], row["school__name"], row["found_on"], row["found_by__name"],
        str(Source(row["source"]).label), row["place"], row["category__name"],
        "\n".join(part for part in (row["title"], row["description"]) if part), grade,
        row["responsible"], row["measure"] or row["plan__measures"],
        row["cost"] / 10000 if row["cost"] is not None else None, row["due_on"],
        " ".join(part for part in (row["interim_closed"], row["interim_watch"]) if part),
        row["submitted_at"], row["verified_by__name"], row["verified_at"],
        str(Verification(row["verification"]).label) if row["verification"] else "", row["closed_on"],
        presentation.state_text(row), _days_late(row, today),
    ]  # fmt: skip


def _days_late(row, today):
    flags = presentation.flags_of(row, today)
    return (today - row["due_on"]).days if any(kind == "late" for kind, _text in flags) else None


def grade_of(text):
    """The Grade that a cell of an imported ledger names; None if it names none."""
    words = text.strip()
    if words in {Grade.MAJOR.value, str(Grade.MAJOR.label), "重大", "重大隐患", "重大事故隐患"}:
        return Grade.MAJOR
    general = {Grade.GENERAL.value, str(Grade.GENERAL.label), "一般", "一般隐患", "一般事故隐患"}
    return Grade.GENERAL if words in general else None
