"""Several people at the same notice at the same moment: one number, no gap. PostgreSQL only."""

import pytest
from django.db import connection

from hazards.workflow import NotAllowed
from inspections.models import Notice
from inspections.services import notices
from schoolsafety.core.models import NumberSequence
from tests.factories import UserFactory
from tests.hazards.test_races import PEOPLE, together
from tests.inspections.notice_ways import NOW, draft_at, hazards_at, verbs_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def clerks(district):
    return [UserFactory(post=(district, "district_staff")) for _index in range(PEOPLE)]


def test_four_people_issue_one_draft_and_one_number_is_drawn(school, district, clerks):
    notice = draft_at(school, district, clerks[0])
    results = together(lambda index: notices.issue(notice, actor=clerks[index], now=NOW))
    assert sum(isinstance(result, Notice) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == PEOPLE - 1
    assert NumberSequence.objects.get(series="notice").last == 1
    assert verbs_of(notice) == ["draft_notice", "issue_notice"]


def test_four_drafts_issued_at_once_have_four_numbers_in_a_row(school, district, clerks):
    drafts = [draft_at(school, district, clerk) for clerk in clerks]
    results = together(lambda index: notices.issue(drafts[index], actor=clerks[index], now=NOW))
    assert sorted(result.number for result in results) == [f"江北教安改〔2026〕{n}号" for n in (1, 2, 3, 4)]


def test_four_people_draft_for_one_hazard_and_one_does_it(school, district, clerks):
    hazard = hazards_at(school)[0]
    results = together(
        lambda index: notices.draft(school, bureau=district, chosen=[hazard], actor=clerks[index], now=NOW)
    )
    assert sum(isinstance(result, Notice) for result in results) == 1
    assert Notice.objects.count() == 1
