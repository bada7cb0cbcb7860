"""A Friday afternoon in a week of term, and short ways to make days and hazards."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import PatrolDay
from reports import services
from reports.figures.period import SHANGHAI
from reports.models import Bulletin, WeeklyReport
from schoolsafety.core.roles import Role
from tests.factories import CalendarDayFactory, HazardFactory, UserFactory

MONDAY = date(2026, 11, 16)
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=SHANGHAI)


def at(text):
    """ "2026-11-20 16:00" as an instant in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def walk(school, day, *, patrols=1, items=30, problems=1, bulk=20, is_due=True):
    """One row of a school's patrol days."""
    done = patrols > 0
    return PatrolDay.objects.create(
        school=school, day=date.fromisoformat(day), is_due=is_due, patrols=patrols,
        items=items if done else 0,
        normal=items - problems if done else 0, problems=problems if done else 0, bulk=bulk if done else 0,
    )  # fmt: skip


def found(school, day, **values):
    """A hazard found on `day`, due the same day unless told otherwise."""
    on = date.fromisoformat(day)
    values.setdefault("due_on", on)
    for name in ("due_on", "closed_on"):
        if isinstance(values.get(name), str):
            values[name] = date.fromisoformat(values[name])
    if values.get("closed_on"):
        values = {"closed": True, "closed_at": at(f"{values['closed_on']} 16:00")} | values
    return HazardFactory(
        school=school, found_on=on, found_at=at(f"{day} 08:00"), reported_at=at(f"{day} 08:05"), **values
    )


@pytest.fixture
def leader_of_city(city):
    return UserFactory(username="city_leader", name="钱进", post=(city, Role.CITY_LEADER))


@pytest.fixture
def drafted(term, school, neighbour):
    """The week's reports of everyone, drafted on Friday afternoon."""
    walk(school, "2026-11-16")
    walk(school, "2026-11-17", patrols=0)
    found(school, "2026-11-16", closed_on="2026-11-17", submitted_at=at("2026-11-16 17:00"))
    found(neighbour, "2026-11-18", due_on="2026-11-25")
    services.draft_week(MONDAY, now=FRIDAY)


@pytest.fixture
def report(drafted, school):
    return WeeklyReport.objects.get(organisation=school)


@pytest.fixture
def bulletin(term, district, school, neighbour):
    """October's draft of the district, made on 1 November."""
    CalendarDayFactory()
    walk(school, "2026-10-12")
    walk(neighbour, "2026-10-12", patrols=0)
    found(school, "2026-10-12", closed_on="2026-10-13", submitted_at=at("2026-10-12 15:00"))
    found(neighbour, "2026-10-20", due_on="2026-10-22", title="配电箱无锁", rectifying=True)
    services.draft(district, date(2026, 10, 1), now=at("2026-11-01 06:00"))
    return Bulletin.objects.get()


def sign_in(client, user):
    """Sign in anew: whoever was signed in before is out."""
    client.logout()
    client.force_login(user)


def cost(client, url):
    """How many queries a page takes, once everything that is loaded only once is loaded."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
