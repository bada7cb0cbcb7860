"""Drafts a week's reports: each organisation gets one, however often and wherever this runs."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation

from ..figures import period as periods
from ..figures import weekly as figures
from ..models import WeeklyReport
from ..workflow import WEEKLY_RULES, WeeklyAction, WeeklyStatus, standing_of, target_of
from .deadlines import due_times

CHUNK = 200  # reports a transaction: a killed job leaves whole chunks, the next run fills the rest
NAMES_LISTED = 100


def draft_week(week_start, *, now, root=None, report_progress=lambda done, total: None):
    """Draft the reports of the week at and below `root` (default: everywhere); returns {created, refreshed}.

    Safe to repeat: one report per organisation and week, held by the database. Figures are drawn
    again only while a report is a draft; a submitted or signed one keeps its own, and its superior
    sums what it holds. A draft is nobody's act, so no event is recorded.
    """
    on = localdate(now)
    if week_start > on:
        raise ValueError("The week has not begun.")
    period = periods.week(week_start, on)
    units = figures.load_units(period.start, root)
    due = due_times(units, week_start)
    schools = {pk: unit for pk, unit in units.items() if unit.is_school and pk in due}
    written = _write(figures.school_figures(period, schools, root), due, week_start, now, report_progress)
    held = _held(schools, week_start, root)
    bureaus = figures.bureau_figures(period, units, {pk: row["figures"] for pk, row in held.items()})
    for pk, values in bureaus.items():
        values["reports"] = sending_of(units[pk], units, held, now)
        due.setdefault(pk, max(row["due_at"] for row in held.values()))
    more = _write(bureaus, due, week_start, now, lambda done, total: None)
    return {name: written[name] + more[name] for name in written}


@transaction.atomic
def refresh(report, *, actor, now):
    """Draw the figures of one draft again; the words stay. Returns the report."""
    report = (
        WeeklyReport.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=report.pk)
    )
    own = standing_of(actor.posts, report.organisation.path)
    target_of(WEEKLY_RULES, WeeklyAction.REFRESH, report.status, own)
    report.figures, report.drafted_at = current_figures(report, now), now
    report.save(update_fields=["figures", "drafted_at"])
    record_event(
        report, "reports.refresh_weekly", organisation=report.organisation, actor=actor,
        post=actor.post_for(report.organisation, WEEKLY_RULES[WeeklyAction.REFRESH].roles),
        week=report.week_start,
    )  # fmt: skip
    return report


def current_figures(report, now):
    """What a new draft would hold: a school's from its records, a bureau's from the reports below."""
    period = periods.week(report.week_start, localdate(now))
    root = report.organisation
    if root.is_school:
        return figures.school_figures(period, {root.pk: root}, root)[root.pk]
    units = figures.load_units(period.start, root)
    schools = {pk: unit for pk, unit in units.items() if unit.is_school}
    held = _held(schools, report.week_start, root)
    found = figures.bureau_figures(period, units, {pk: row["figures"] for pk, row in held.items()})
    if root.pk not in found:
        raise NotAllowed(_("No report of this week exists below."))
    return found[root.pk] | {"reports": sending_of(root, units, held, now)}


def sending_of(bureau, units, held, now):
    """{due, signed, late, not_sent: [names]} over the schools' reports below a bureau."""
    rows = [(units[pk], row) for pk, row in held.items() if units[pk].path.startswith(bureau.path)]
    late = [row for _unit, row in rows if row["signed_at"] and row["signed_at"] > row["due_at"]]
    unsent = [unit.label for unit, row in rows if not row["signed_at"]]
    return {
        "due": len(rows), "signed": len(rows) - len(unsent), "late": len(late),
        "not_sent": unsent[:NAMES_LISTED], "not_sent_left_out": max(0, len(unsent) - NAMES_LISTED),
        "as_of": now.astimezone(periods.SHANGHAI).isoformat(timespec="minutes"),
    }  # fmt: skip


def _held(schools, week_start, root):
    """{school id: {figures, signed_at, due_at}} of the week's stored reports, in the order of the codes."""
    rows = WeeklyReport.objects.filter(week_start=week_start)
    rows = rows.filter(organisation__path__startswith=root.path) if root else rows
    columns = ("organisation_id", "figures", "signed_at", "due_at")
    found = {row["organisation_id"]: row for row in rows.values(*columns).iterator(chunk_size=500)}
    return {pk: found[pk] for pk in schools if pk in found}


def _write(drawn, due, week_start, now, report_progress):
    """Insert what is missing, renew what is a draft, leave alone what was handed in."""
    pks, created, refreshed = list(drawn), 0, 0
    for start in range(0, len(pks), CHUNK):
        chunk = pks[start : start + CHUNK]
        with transaction.atomic():
            new, renewed = _write_chunk({pk: drawn[pk] for pk in chunk}, due, week_start, now)
        created, refreshed = created + new, refreshed + renewed
        report_progress(start + len(chunk), len(pks))
    return {"created": created, "refreshed": refreshed}


def _write_chunk(drawn, due, week_start, now):
    rows = WeeklyReport.objects.filter(week_start=week_start, organisation__in=drawn)
    known = {row.organisation_id: row for row in rows.defer("figures")}
    missing = [
        WeeklyReport(
            organisation_id=pk, week_start=week_start, figures=values, drafted_at=now, due_at=due[pk]
        )
        for pk, values in drawn.items()
        if pk not in known
    ]
    WeeklyReport.objects.bulk_create(missing, ignore_conflicts=True, batch_size=100)
    drafts = [row for row in known.values() if row.status == WeeklyStatus.DRAFT]
    for row in drafts:
        row.figures, row.drafted_at = drawn[row.organisation_id], now
    # The filter stands in the UPDATE too: a report submitted since the read is left as submitted.
    WeeklyReport.objects.filter(status=WeeklyStatus.DRAFT).bulk_update(
        drafts, ["figures", "drafted_at"], batch_size=50
    )
    return len(missing), len(drafts)


def organisation_of(code):
    """The organisation with this code; Organisation.DoesNotExist if there is none."""
    return Organisation.objects.get(code=code)
