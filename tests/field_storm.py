"""The storm: many offline records go up through a bad network; nothing may be lost, doubled or misplaced.

`python -m tests.field_storm --records 2000 --photos 3 --seed 1 --shards 4` starts a site of its own (on the
databases of the environment, or embedded), fills as many phones as there are shards, lets them send, and
compares. It prints the counts and ends with 1 on any difference. `--control no-key` and `--control
deletes-early` are the same run with a protection taken away: they must not pass.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from playwright.sync_api import sync_playwright

from tests.field_cargo import Packer
from tests.field_controls import CONTROLS, Control
from tests.field_verdict import Verdict, judge
from tests.live import CHROMIUM, CHROMIUM_FLAGS, ROOT, Site, running_site
from tests.lossy import CALM, STORM, LossyProxy, Weather

JAVASCRIPT = Path(__file__).with_suffix(".js").read_text()
BATCH = 25  # records that are handed to a page at once
OFFICER = "安全主任"
HAZARDS_A_PHONE = 6  # reported before the storm; the evidence is for them
RESERVED = 10_000_000  # their numbers, above those of the storm
PUTS_A_MINUTE = 1_000_000  # the limit of writes is not what this run is about


@dataclass
class Plan:
    """What a run is made of."""

    records: int = 24
    photos: int = 3
    seed: int = 1
    shards: int = 4
    weather: Weather = STORM
    page: str = "/m/help/"
    control: Control = field(default_factory=Control)
    seconds: float = 7200  # at most, for the sending
    quiet: bool = False

    def tell(self, text: str) -> None:
        if not self.quiet:
            print(text, flush=True)  # noqa: T201 -- it is a command


@dataclass
class Outcome:
    """What a run showed."""

    verdict: Verdict
    account: object
    seconds: float
    truth: dict


class Phone:
    """One signed-in officer with a Chromium context of their own, and the queue that it was given."""

    def __init__(self, browser, proxy: LossyProxy, number: int, plan: Plan):
        self.plan, self.parcels = plan, []
        self.context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        plan.control.spoil(self.context)
        self.page = self.context.new_page()
        self.page.goto(f"{proxy.url}/demo/")
        self.page.locator("button.task").filter(has_text=OFFICER).nth(number).click()
        self.page.wait_for_url(lambda url: "/demo/" not in url)
        self.page.goto(f"{proxy.url}/m/")
        self._report_hazards(number)
        self.page.goto(f"{proxy.url}/m/")  # fetches the day anew
        self.packer = self._packer("theDayWithHazards()")
        self.page.goto(f"{proxy.url}{plan.page}")

    def _packer(self, call: str) -> Packer:
        day = self._run(call)
        return Packer(day, photos=self.plan.photos, seed=self.plan.seed, now=datetime.now(UTC))

    def _report_hazards(self, number: int) -> None:
        """In calm, so that the phone has open hazards to bring evidence for."""
        packer, first = self._packer("theDay()"), RESERVED + HAZARDS_A_PHONE * number
        snaps = [packer.pack(first + n, "snap") for n in range(HAZARDS_A_PHONE)]
        self._run("fill(given)", [snap.filling() for snap in snaps])
        self._run("sendNow()")

    def fill(self, numbers: range) -> None:
        """Go offline and put the records of these numbers into the queue, through the page's own modules."""
        self.context.set_offline(True)
        self.parcels = [self.packer.pack(number) for number in numbers]
        for at in range(0, len(self.parcels), BATCH):
            batch = [parcel.filling() for parcel in self.parcels[at : at + BATCH]]
            self._run("fill(given)", batch)

    def go_online(self) -> None:
        """From here on the client sends by itself; its waits are cut short by the events that it heeds."""
        self._run("wakeAfterEachFailure()")
        self.context.set_offline(False)

    def left(self) -> dict:
        """{state: number} of what is not sent yet."""
        return self._run("left()")

    def shows(self) -> dict:
        return self._run("everything(given)", [parcel.cid for parcel in self.parcels])

    def _run(self, call: str, given=None):
        """Call one of the functions of field_storm.js inside the page."""
        return self.page.evaluate(f"(given) => {{ {JAVASCRIPT} return {call}; }}", given)


def storm(site: Site, plan: Plan, browser) -> Outcome:
    """One whole run against a running site."""
    with plan.control.proxy(site.url, seed=plan.seed, weather=CALM) as proxy:
        phones = [Phone(browser, proxy, number, plan) for number in range(plan.shards)]
        try:
            since = json.dumps(_truth(site, "--mark"))
            began = monotonic()
            share = -(-plan.records // plan.shards)
            for number, phone in enumerate(phones):
                phone.fill(range(number * share, min(plan.records, (number + 1) * share)))
            plan.tell(f"filled: {plan.records} records in {monotonic() - began:.0f} s")
            proxy.account.fates.clear()
            proxy.account.passages.clear()
            proxy.weather = plan.control.weather or plan.weather
            began = monotonic()
            for phone in phones:
                phone.go_online()
            _drain(phones, proxy, plan, began)
            seconds, proxy.weather = monotonic() - began, CALM
            shown = [phone.shows() for phone in phones]
        finally:
            for phone in phones:
                phone.context.close()
        truth = _truth(site, "--since", since)
        parcels = [parcel for phone in phones for parcel in phone.parcels]
        return Outcome(judge(parcels, truth, shown), proxy.account, seconds, truth)


def _drain(phones: list[Phone], proxy: LossyProxy, plan: Plan, began: float) -> None:
    """Wait until every queue is empty, or holds only what a person must decide."""
    told = began
    while True:
        left = [phone.left() for phone in phones]
        waiting = sum(number for each in left for state, number in each.items() if state != "blocked")
        if not waiting:
            return
        if monotonic() - began > plan.seconds:
            plan.tell(f"still waiting after {plan.seconds:.0f} s: {left}")
            return
        if monotonic() - told > 15:
            told = monotonic()
            plan.tell(f"{told - began:6.0f} s  {waiting} to go; {proxy.account.text()}")
        for phone in phones:
            phone.page.wait_for_timeout(500 / len(phones))


def _truth(site: Site, *arguments: str) -> dict:
    """What tests.field_truth says of the site's database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.field_truth", *arguments],
        cwd=ROOT, env=site.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def report(outcome: Outcome) -> str:
    """What a run showed, as text."""
    account = outcome.account
    photos, records = (account.seen("PUT", f"/api/m/{what}/") for what in ("photos", "records"))
    return "\n".join([
        f"the network: {account.text()}",
        f"writes tried: {photos} of photos, {records} of records; sessions asked: "
        f"{account.seen('GET', '/api/m/session')}",
        f"sent in {outcome.seconds:.0f} s",
        outcome.verdict.text(),
        "nothing lost, nothing doubled, nothing misplaced" if outcome.verdict.is_clean else "IT DOES NOT FIT",
    ])  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.field_storm", description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--photos", type=int, default=3, help="for each record (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shards", type=int, default=4, help="phones at the same time (default 4)")
    parser.add_argument("--page", default="/m/help/", help="the screen that is open while they send")
    parser.add_argument(
        "--control", choices=sorted(CONTROLS), help="take a protection away: it must not pass"
    )
    return parser.parse_args()


def main() -> int:
    chosen = _arguments()
    control = CONTROLS[chosen.control]() if chosen.control else Control()
    plan = Plan(chosen.records, chosen.photos, chosen.seed, chosen.shards, page=chosen.page, control=control)
    os.environ.setdefault("FIELD_PUTS_PER_MINUTE", str(PUTS_A_MINUTE))
    with tempfile.TemporaryDirectory(prefix="ss-storm-") as folder:
        schools = str(max(6, 2 * plan.shards))
        with (
            running_site(Path(folder), "--schools", schools, "--days", "10") as site,
            sync_playwright() as driver,
        ):
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            outcome = storm(site, plan, browser)
            browser.close()
    plan.tell(report(outcome))
    return 0 if outcome.verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
