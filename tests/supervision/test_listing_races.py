"""Several people at the same listing at the same moment: one number, one answer. PostgreSQL only."""

import pytest
from django.db import connection

from hazards.workflow import NotAllowed
from schoolsafety.core.models import NumberSequence
from schoolsafety.core.roles import Role
from supervision.models import Listing, ProgressReport
from supervision.services import listing_running
from tests.factories import UserFactory
from tests.supervision.listing_ways import (
    NOW,
    accepted_at,
    draft_at,
    hazard_of,
    listed_at,
    major_at,
    reported_at,
    verbs_of,
)
from tests.together import PEOPLE, together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def leaders(district):
    return [UserFactory(post=(district, Role.DISTRICT_LEADER)) for _index in range(PEOPLE)]


def test_four_people_draft_for_one_hazard_and_one_does_it(school, district, leaders):
    hazard = major_at(school)
    results = together(lambda index: draft_at(school, district, leaders[index], hazard=hazard))
    assert sum(isinstance(result, Listing) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == PEOPLE - 1


def test_four_leaders_issue_one_draft_and_one_number_is_drawn(school, district, leaders):
    draft = draft_at(school, district, leaders[0])
    results = together(lambda index: listing_running.issue(draft, actor=leaders[index], now=NOW))
    assert sum(isinstance(result, Listing) for result in results) == 1
    assert NumberSequence.objects.get(series="listing").last == 1
    assert verbs_of(draft) == ["draft_listing", "issue_listing"]


def test_a_report_is_answered_once(school, district, clerk, officer, leaders):
    row = reported_at(listed_at(school, district, clerk, leaders[0]), officer)
    results = together(
        lambda index: listing_running.answer(
            row, actor=leaders[index], now=NOW, state="returned" if index % 2 else "read", answer="x"
        )
    )
    assert sum(isinstance(result, ProgressReport) for result in results) == 1


def test_delisting_and_sending_back_at_once_leave_one_truth(school, district, clerk, officer, leaders):
    from hazards import services as hazards  # noqa: PLC0415 -- one test only
    from supervision.services import listing_ending  # noqa: PLC0415 -- one test only

    listing = accepted_at(listed_at(school, district, clerk, leaders[0]), officer, clerk)
    hazard = hazard_of(listing)
    acts = [
        lambda person: listing_ending.delist(listing, actor=person, now=NOW),
        lambda person: hazards.send_back(hazard, actor=person, note="又松动", now=NOW),
    ]
    together(lambda index: acts[index](leaders[index]), count=2)
    status = Listing.objects.get(pk=listing.pk).status
    assert (status, hazard_of(listing).status) in {
        ("delisted", "verified"), ("delisted", "rectifying"), ("listed", "rectifying"),
    }  # fmt: skip
