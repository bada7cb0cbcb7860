"""Offline records through a bad network, in real Chromium: nothing lost, doubled or misplaced.

The full run is a command: `python -m tests.field_storm --records 2000 --photos 3` (docs/field-storm.md).
"""

import pytest

from tests.field_controls import DeletesEarly, WithoutKey
from tests.field_storm import PUTS_A_MINUTE, Plan, storm
from tests.live import running_site

pytestmark = [pytest.mark.browser, pytest.mark.field, pytest.mark.both]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of its own: whatever is added to it, the storm has added; the limit of writes is lifted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELD_PUTS_PER_MINUTE", str(PUTS_A_MINUTE))
        with running_site(tmp_path_factory.mktemp("storm"), "--schools", "6", "--days", "3") as running:
            yield running


def run(site, browser, **plan):
    return storm(site, Plan(photos=3, quiet=True, seconds=240, **plan), browser)


def test_the_storm_loses_and_doubles_nothing(site, browser):
    outcome = run(site, browser, records=24, shards=4)
    assert outcome.verdict.differences == {}
    counts = outcome.verdict.counts
    assert (counts["records"], counts["patrols"], counts["findings"], counts["hazards"]) == (24, 8, 16, 24)
    assert (counts["photos taken in"], counts["records shown as sent"]) == (72, 24)
    fates = outcome.account.fates
    assert min(fates[fate] for fate in ("request lost", "reply lost", "upload cut", "reply cut")) >= 3, fates


def test_without_the_key_the_storm_doubles(site, browser):
    """The control: with numbers drawn anew at each try the same run must show doubles."""
    outcome = run(site, browser, records=12, shards=2, control=WithoutKey())
    assert outcome.account.fates["reply lost"] >= 3
    assert outcome.verdict.differences["pictures, wherever they are doubled"]
    assert outcome.verdict.counts["hazards"] > 12


def test_a_client_that_lets_go_on_any_answer_loses(site, browser):
    """The control: a gateway's 502 taken for a receipt must show losses."""
    outcome = run(site, browser, records=12, shards=2, control=DeletesEarly())
    assert outcome.account.fates["gateway error"] >= 3
    assert outcome.verdict.differences["records lost"]
    assert outcome.verdict.counts["records shown as sent"] == 12
