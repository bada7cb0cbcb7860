"""From the phone to the server: what was made offline arrives once, whole, under the server's time."""

import json
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.field_walk import answer_all, begin, hand_in, prints, problem, said_prints, walk
from tests.browser.phone import phone, ready, rows_of
from tests.browser.queue_records import flush, row, run, snap, state
from tests.browser.test_field_snap import choose, open_snap, receipt_of, save, shots

pytestmark = [pytest.mark.browser, pytest.mark.field, pytest.mark.both]
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Until the client's own next try is further off than the test allows: then only the network's return helps.
LONG_WAIT = """const sync = await use("sync");
  while (!(sync.nextTry - Date.now() > 6000)) await new Promise((resolve) => setTimeout(resolve, 100));"""
CLOCK = """{
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + %d); }
    static now() { return new this().getTime(); }
  };
}"""
NEW_ITEM = """
from datetime import date
from django.utils import timezone
from inspections.services import checklists
from schoolsafety.core.models import Organisation, User
school, actor = Organisation.objects.get(pk={school}), User.objects.get(pk={actor})
now = timezone.now()
old = checklists.template_for(school, timezone.localdate(now))
draft = checklists.copy_template(old, organisation=school, actor=actor)
daily = draft.items.filter(frequency="D").first()
checklists.save_item(draft, actor=actor, values=dict(
    code="NEW-1", category_id=daily.category_id, text="{text}", frequency="D", zone_kind=daily.zone_kind,
    level_if_failed="G", phrases=[], kinds=[], facility=""))
checklists.publish(draft, actor=actor, on=timezone.localdate(now), now=now)
print(old.pk, draft.pk)
"""


def records(site, cid):
    """Rows of the record with this number: [[kind, doubtful, received, sha256]]."""
    sql = (
        "select client_uuid, kind, is_time_doubtful, received_at, payload_sha256 from inspections_fieldrecord"
    )
    return [rest for number, *rest in rows_of(site, sql) if uuid.UUID(number) == uuid.UUID(cid)]


def hazards(site, uuids):
    """{finding: [[number, found_on, due_on, found_at]]} of the hazards that these findings became."""
    found = {each: [] for each in uuids}
    for key, *rest in rows_of(
        site, "select client_uuid, number, found_on, due_on, found_at from hazards_hazard"
    ):
        if key != "None" and (name := str(uuid.UUID(key))) in found:
            found[name].append(rest)
    return found


def findings_of(made, cid):
    return [each["uuid"] for each in row(made, cid)["record"]["findings"]]


def moment(text):
    """A time as rows_of prints it: UTC, with its zone on PostgreSQL and without on SQLite."""
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=ZoneInfo("UTC"))


def set_clock(made, shift):
    """From the next page on, the phone's clock is off by this."""
    made.page.context.add_init_script(CLOCK % (shift.total_seconds() * 1000))


class Puts:
    """The writes that a browser context sets out with."""

    def __init__(self, context):
        self.addresses = []
        context.on("request", lambda each: self.addresses.append(each.url) if each.method == "PUT" else None)

    def of(self, what):
        return [each for each in self.addresses if f"/api/m/{what}/" in each]


@pytest.fixture
def phones(browser, site):
    """phones(nth) → a signed-in Phone; all are put away at the end."""
    made = []

    def another(nth=0, **context):
        made.append(phone(browser, site, nth=nth, **context))
        return made[-1]

    yield another
    for each in made:
        each.page.context.close()


def test_a_walk_made_offline_outlives_its_page_and_then_goes_up_by_itself(phones, site):
    """Two problems, four photos: the page closed, another opened, loaded again, all without network."""
    made = phones(1)
    context = made.page.context
    begin(made)
    context.set_offline(True)
    problem(made, 0)
    problem(made, 0)
    before = prints(made)
    assert (len(before), before) == (4, said_prints(made))
    draft = made.rows("drafts")[0]

    made.page.close()
    made.page = context.new_page()
    begin(made)
    assert made.rows("drafts") == [draft]
    assert prints(made) == before
    made.page.reload()
    made.page.wait_for_selector(".zone")
    expect(made.page.locator("[data-edit]:not([hidden])")).to_have_count(2)
    assert prints(made) == before

    answer_all(made)
    cid = hand_in(made)
    made.page.close()
    made.page = context.new_page()
    assert made.go("/m/queue/") == 200
    assert prints(made) == before
    waiting = row(made, cid)
    assert (waiting["state"], sorted(waiting["photos"])) == ("queued", sorted(before))
    run(made, LONG_WAIT)
    _goes_up_without_a_tap(made, site, cid, before)


def _goes_up_without_a_tap(made, site, cid, before):
    """From the network's return, sooner than by its own next try; the page shows the server's numbers."""
    uuids = findings_of(made, cid)
    with made.page.expect_request("**/api/m/photos/*", timeout=5_000):
        made.page.context.set_offline(False)
    made.wait_sent()
    receipt = row(made, cid)["receipt"]
    assert len(records(site, cid)) == 1
    numbers = [rows[0][0] for rows in hazards(site, uuids).values()]
    assert sorted(each["number"] for each in receipt["findings"]) == sorted(numbers)
    made.page.locator(f"[data-cid='{cid}']").get_by_text("已上传").first.wait_for()
    card = made.page.locator(f"[data-cid='{cid}']")
    expect(card).to_contain_text(receipt["number"])
    assert made.rows("photos") == []
    sql = "select original_sha256 from core_attachment join django_content_type t on t.id = owner_type_id"
    stored = [sha for (sha,) in rows_of(site, f"{sql} where t.model = 'finding'")]
    assert [stored.count(sha) for sha in before.values()] == [1, 1, 1, 1]
    made.tap(card.get_by_role("button", name="打开"))
    for number in numbers:
        expect(made.page.locator("dialog[open]")).to_contain_text(number)


@pytest.mark.parametrize("what", ["photos", "records"])
def test_a_reply_lost_after_the_commit_leaves_one_row(phones, site, what):
    made = phones(2)
    made.page.context.set_offline(True)
    cid = snap(made, f"回执丢失 {what}", photos=2)
    uuids, photos, lost = findings_of(made, cid), row(made, cid)["photos"], []

    def once(route):
        answer = route.fetch()
        if route.request.url in lost:
            return route.fulfill(response=answer)
        lost.append(route.request.url)
        assert answer.status == 201
        return route.abort("connectionreset")

    made.page.context.route(f"**/api/m/{what}/*", once)
    puts = Puts(made.page.context)
    made.page.context.set_offline(False)
    made.page.wait_for_timeout(300)
    for _n in range(4):
        flush(made)
        made.page.wait_for_timeout(700)
    state(made, cid, "sent")
    assert len(lost) == (2 if what == "photos" else 1)
    assert len(puts.of(what)) == 2 * len(lost)
    assert len(records(site, cid)) == 1
    assert [len(rows) for rows in hazards(site, uuids).values()] == [1]
    rows = [key for (key,) in rows_of(site, "select client_uuid from inspections_fieldphoto")]
    assert [rows.count(each) + rows.count(uuid.UUID(each).hex) for each in photos] == [1, 1]


def test_two_tabs_send_five_records_once(phones, site):
    made = phones(3)
    context = made.page.context
    context.set_offline(True)
    cids = [snap(made, f"两个窗口 {n}") for n in range(5)]
    photos = [photo for cid in cids for photo in row(made, cid)["photos"]]
    second = context.new_page()
    second.goto(f"{made.url}/m/queue/")
    puts = Puts(context)
    context.set_offline(False)
    for page in (made.page, second):
        page.evaluate("dispatchEvent(new Event('online'))")
    made.wait_sent()
    made.page.wait_for_timeout(1500)  # a second tab that were to send again would do it now
    assert sorted(url.rsplit("/", 1)[1] for url in puts.of("records")) == sorted(cids)
    assert sorted(url.rsplit("/", 1)[1] for url in puts.of("photos")) == sorted(photos)
    assert [len(records(site, cid)) for cid in cids] == [1] * 5
    assert all(row(made, cid)["state"] == "sent" for cid in cids)


def test_a_clock_three_years_off_decides_nothing(phones, browser, site):
    """The server's time wins, the record is marked, the deadline is that of a phone with a right clock."""
    right = phones(4)
    reference = snap(right, "时钟正常")
    flush(right)
    state(right, reference, "sent")
    wrong = phone(browser, site, nth=5, enter=False)
    set_clock(wrong, -timedelta(days=3 * 365))
    wrong.go("/m/")
    ready(wrong.page)
    assert wrong.page.evaluate("new Date().getFullYear()") <= datetime.now(SHANGHAI).year - 2
    wrong.page.context.set_offline(True)
    cid = walk(wrong, findings=1, photos=1)
    record = row(wrong, cid)["record"]
    assert record["started"] < (datetime.now(SHANGHAI) - timedelta(days=1000)).isoformat()  # sent raw
    assert abs(record["skew"] - 3 * 365 * 86_400_000) < 60_000
    uuids = findings_of(wrong, cid)
    wrong.page.context.set_offline(False)
    state(wrong, cid, "sent")

    ((_kind, doubtful, received, _sha),) = records(site, cid)
    assert doubtful in {"1", "True"}
    assert abs(moment(received) - datetime.now(SHANGHAI)) < timedelta(minutes=2)
    (found,), (like,) = (
        hazards(site, uuids)[uuids[0]],
        hazards(site, findings_of(right, reference)).popitem()[1],
    )
    today = datetime.now(SHANGHAI).date().isoformat()
    assert found[1:3] == like[1:3]
    assert (found[1], record["walk"]["day"]) == (today, today)
    assert row(wrong, cid)["receipt"]["flags"] == ["doubtful_time"]
    expect(wrong.page.locator("[data-done]")).to_contain_text("时间存疑")
    wrong.page.context.close()


def snap_by_hand(made):
    """A snap report through its screen; returns the record's number."""
    open_snap(made)
    made.shoot("label[for=photos_camera]")
    shots(made.page, 1)
    choose(made.page, "时钟差二十分钟")
    save(made.page)
    receipt_of(made.page)
    return made.rows("queue")[0]["cid"]


@pytest.mark.parametrize("minutes", [-20, 20])
@pytest.mark.parametrize("make", [lambda made: walk(made, findings=1, photos=1), snap_by_hand])
def test_a_clock_some_minutes_off_is_set_right(browser, site, minutes, make):
    """Twenty minutes are corrected, once, by the difference that the phone knows; nothing is doubted."""
    made = phone(browser, site, nth=5, enter=False)
    set_clock(made, timedelta(minutes=minutes))
    made.go("/m/")
    ready(made.page)
    began = datetime.now(SHANGHAI) - timedelta(seconds=2)
    cid = make(made)
    uuids = findings_of(made, cid)
    state(made, cid, "sent")
    assert records(site, cid)[0][1] in {"0", "False"}
    found_at = moment(hazards(site, uuids)[uuids[0]][0][3])
    assert began <= found_at <= datetime.now(SHANGHAI)
    sql = "select original_sha256, taken_at from core_attachment where taken_at is not null order by id desc"
    assert began <= moment(rows_of(site, f"{sql} limit 1")[0][1]) <= datetime.now(SHANGHAI)
    made.page.context.close()


def test_a_list_that_changed_meanwhile_does_not_undo_the_walk(phones, site):
    """Accepted under the version with which it was begun; what the new one asks beyond it is 未查."""
    made = phones(4)
    begin(made)
    made.page.context.set_offline(True)
    day = run(made, "return (await store.get('ref', 'bootstrap')).v")
    text = f"新增检查项 {uuid.uuid4().hex[:6]}"
    code = NEW_ITEM.format(school=day["school"]["pk"], actor=day["uid"], text=text)
    old, new = site.python(code).split()[-2:]
    assert old != new
    answer_all(made)
    cid = hand_in(made)
    made.page.context.set_offline(False)
    state(made, cid, "sent")
    receipt = row(made, cid)["receipt"]
    assert text in receipt["missed"]
    kept = {
        number.replace("-", ""): (template, json.loads(missed))
        for number, template, missed in rows_of(
            site, "select client_uuid, template_id, missed_item_ids from inspections_patrol"
        )
    }[cid.replace("-", "")]
    assert kept[0] == old
    assert len(kept[1]) == len(receipt["missed"])
    panel = made.page.locator("[data-done]")
    expect(panel).to_contain_text("未查")
    expect(panel).to_contain_text(text)

    made.go("/m/")  # the day anew: the next walk asks it
    made.page.wait_for_function("() => document.readyState === 'complete'")
    made.page.wait_for_load_state("networkidle")
    begin(made)
    expect(made.page.locator(".item").filter(has_text=text)).to_have_count(1)
