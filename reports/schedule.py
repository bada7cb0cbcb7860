"""When weekly reports and bulletins are drafted, and the jobs that do it."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from schoolsafety.core import jobs
from schoolsafety.core.models import Organisation
from schoolsafety.core.workdays import calendar_for

from . import services
from .figures import period as periods
from .models import Bulletin, WeeklyReport
from .services.bulletins import tell_readers
from .workflow import WeeklyStatus

DRAFT_HOUR = 16  # school is out, and an hour is left before a report falls due
MORNING = 6


def weeks_due(after, now):
    """[(key, arguments)] of the weeks to draft between two instants.

    On the last school day at 16:00, and once more when the week is over, for what is still a draft.
    """
    roots = list(Organisation.objects.filter(parent=None))
    calendars = [calendar_for(root) for root in roots]
    found, monday = [], periods.monday_of(timezone.localdate(after)) - timedelta(days=7)
    while monday <= timezone.localdate(now):
        days = [day for calendar in calendars if (day := calendar.last_school_day_of_week(monday))]
        if days:
            first = datetime.combine(min(days), time(DRAFT_HOUR), tzinfo=periods.SHANGHAI)
            last = periods.midnight(monday + timedelta(days=7)) + timedelta(minutes=30)
            for key, at in ((f"{monday}", first), (f"{monday}:over", last)):
                if after < at <= now:
                    found.append((key, {"week": str(monday)}))
        monday += timedelta(days=7)
    return found


def months_due(after, now):
    """[(key, arguments)] of the months to draft: on the first day of the next month, at 6:00."""
    found, first = [], timezone.localdate(after).replace(day=1)
    while first <= timezone.localdate(now):
        if after < periods.midnight(first) + timedelta(hours=MORNING) <= now:
            month = periods.months_before(first, 1)
            found.append((str(month), {"month": str(month)}))
        first = periods.next_month(first)
    return found


@jobs.handler("reports.draft_week")
def draft_week(job, week):
    """Draft the reports of the week that begins on the Monday `week`."""
    return services.draft_week(
        datetime.fromisoformat(week).date(), now=timezone.now(),
        report_progress=lambda done, total: jobs.progress(job, done, total),
    )  # fmt: skip


@jobs.handler("reports.draft_month")
def draft_month(job, month):
    """Draft the bulletin of every bureau that has schools below it."""
    first, now = datetime.fromisoformat(month).date(), timezone.now()
    bureaus = [each for each in Organisation.objects.bureaus().open_on(first) if has_schools(each)]
    for done, bureau in enumerate(bureaus, 1):
        services.draft(bureau, first, now=now)
        jobs.progress(job, done, len(bureaus))
    return {"bulletins": len(bureaus)}


@jobs.handler("reports.tell_bulletin")
def tell_bulletin(job, bulletin):
    """Tell everyone below that a bulletin is there."""
    return {
        "told": tell_readers(
            Bulletin.objects.select_related("organisation").get(pk=bulletin), now=timezone.now()
        )
    }


@jobs.handler("reports.weekly_papers")
def weekly_papers(job, week, bureau):
    """Render the papers of all signed reports of a week at or below a bureau that have none yet."""
    path = Organisation.objects.get(pk=bureau).path
    waiting = WeeklyReport.objects.filter(
        week_start=week, organisation__path__startswith=path, paper=None,
        status__in=[WeeklyStatus.SIGNED, WeeklyStatus.RECEIVED],
    )  # fmt: skip
    pks = list(waiting.order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(pks, 1):
        services.paper_of(WeeklyReport.objects.get(pk=pk), now=timezone.now())
        jobs.progress(job, done, len(pks))
    return {"papers": len(pks)}


def has_schools(bureau):
    return Organisation.objects.below(bureau).schools().exists()


jobs.periodic("reports.draft_week", weeks_due)
jobs.periodic("reports.draft_month", months_due, catch_up=timedelta(days=40))
