"""A small city for every test: two districts, two schools in one of them, and a person for each role."""

import pytest

from schoolsafety.core import catalogues
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.roles import Role
from tests.factories import OrganisationFactory, TermFactory, UserFactory
from tests.flushing import flush_past_the_triggers  # noqa: F401 -- a fixture for the whole session
from tests.url_coverage import (  # noqa: F401 -- pytest finds its hooks here
    pytest_sessionfinish,
    pytest_sessionstart,
    pytest_terminal_summary,
    pytest_testnodedown,
)


def pytest_configure(config):
    """Tests see the Chinese pages: compile what was translated since the last run."""
    if not hasattr(config, "workerinput"):
        for area in catalogues.areas():
            catalogues.compile_area(area)


def pytest_collection_modifyitems(items):
    """The check runs the browser tests by their folder: one that lies elsewhere would never run."""
    for item in items:
        if item.get_closest_marker("browser") and item.path.parent.name != "browser":
            raise pytest.UsageError(f"{item.nodeid} belongs in tests/browser")


@pytest.fixture
def city(db):
    return OrganisationFactory(name="临江市教育局", code="LJ", city=True, paper_code="临教安")


@pytest.fixture
def term(city):
    return TermFactory(organisation=city)


@pytest.fixture
def district(city):
    return OrganisationFactory(
        name="江北区教育局", code="LJ-JB", bureau=True, parent=city, paper_code="江北教安"
    )


@pytest.fixture
def other_district(city):
    return OrganisationFactory(
        name="江南区教育局", code="LJ-JN", bureau=True, parent=city, paper_code="江南教安"
    )


@pytest.fixture
def school(district):
    return OrganisationFactory(name="江北区育才小学", short_name="育才小学", code="JB001", parent=district)


@pytest.fixture
def neighbour(district):
    return OrganisationFactory(name="江北区实验中学", code="JB002", parent=district, kind=Kind.JUNIOR)


@pytest.fixture
def officer(school):
    return UserFactory(username="officer", name="李明", post=(school, Role.SAFETY_OFFICER))


@pytest.fixture
def principal(school):
    return UserFactory(username="principal", name="刘芳", post=(school, Role.PRINCIPAL))


@pytest.fixture
def staff(school):
    return UserFactory(username="staff", name="赵敏", post=(school, Role.SCHOOL_STAFF))


@pytest.fixture
def stranger(neighbour):
    return UserFactory(username="stranger", name="孙强", post=(neighbour, Role.SAFETY_OFFICER))


@pytest.fixture
def clerk(district):
    return UserFactory(username="clerk", name="陈涛", post=(district, Role.DISTRICT_STAFF))


@pytest.fixture
def leader(district):
    return UserFactory(username="leader", name="周琳", post=(district, Role.DISTRICT_LEADER))


@pytest.fixture
def city_clerk(city):
    return UserFactory(username="city_clerk", name="吴昊", post=(city, Role.CITY_STAFF))


@pytest.fixture
def auditor(city):
    return UserFactory(username="auditor", name="郑洁", post=(city, Role.AUDITOR))


@pytest.fixture
def admin(city):
    return UserFactory(username="admin", name="王磊", post=(city, Role.ADMINISTRATOR))
