"""The upload queue: whatever happens on the way, nothing is lost, doubled, or shown to somebody else."""

import hashlib
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.phone import HAS_DAY, phone, rows_of, sign_in, until
from tests.browser.queue_records import card, flush, redraw, row, run, sees, snap, state

pytestmark = [pytest.mark.browser, pytest.mark.field]
SENT_HERE = "select client_uuid, payload_sha256 from inspections_fieldrecord"
PASSWORD = "Qingjing-2026-lou"
CODE = f"""
from schoolsafety.core.models import User
user = User.objects.get(pk={{}})
user.set_password("{PASSWORD}")
user.save()
print(user.username)
"""
ORIGINALS = """
select original_sha256 from core_attachment a join hazards_hazard h on h.id = a.owner_id
join django_content_type t on t.id = a.owner_type_id where t.model = 'hazard' and h.number = '{}'
"""
AGE = """
const row = await store.get("queue", argument[0]);
const sentAt = new Date(Date.now() - argument[1] * 86400000).toISOString();
await store.put("queue", { ...row, sentAt });
"""
# Everything arrives, and no answer comes back.
SENT_UNHEARD = """
const { sendPhoto, sendRecord } = await use("deliver");
const row = await store.get("queue", argument);
const now = await session.ask();
for (const photo of await store.allOf("photos", "parent", argument)) await sendPhoto(photo, row, now);
await sendRecord(row, now);
"""
CHANGED = """
const row = await store.get("queue", argument[0]);
row.record.findings[0].note = argument[1];
await store.put("queue", row);
"""
SET = """
const row = await store.get("queue", argument[0]);
const error = argument[2] && { code: argument[2] };
await store.put("queue", { ...row, state: argument[1], tries: 2, error });
"""


@pytest.fixture
def made(browser, site):
    """A safety officer's phone with the queue's page open."""
    made = phone(browser, site)
    made.go("/m/queue/")
    made.page.wait_for_selector("[data-q=checking]", state="hidden")
    yield made
    made.page.context.close()


def words():
    """Words that no other test and no demo record holds."""
    return f"应急灯不亮{uuid.uuid4().hex[:8]}"


def at_server(site, cid):
    """The sums of the records that the server holds under this number."""
    return [sha for number, sha in rows_of(site, SENT_HERE) if uuid.UUID(number) == uuid.UUID(cid)]


def hazards(site, title):
    sql = f"select number, description from hazards_hazard where title like '%{title}%'"
    return rows_of(site, sql)


@pytest.mark.both
class TestSessionGone:
    def test_the_record_waits_for_the_login_and_goes_by_itself_after_it(self, made, site):
        page = made.page
        uid = run(made, "return (await session.owner()).uid")
        username = site.python(CODE.format(uid)).split()[-1]
        page.context.clear_cookies()
        cid = snap(made, said := words(), photos=2)

        flush(made)
        sees(made, cid, "要重新登录")
        sees(made, cid, "登录后接着传，记录没丢")
        expect(page.locator("[data-chip]")).to_contain_text("重新登录")
        assert hazards(site, said) == []
        assert len([each for each in made.rows("photos") if each["parent"] == cid]) == 2

        card(made, cid).get_by_role("link", name="登录").tap()
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button.btn-primary").tap()
        page.wait_for_url("**/m/queue/")

        state(made, cid, "sent")  # no other tap
        sees(made, cid, "已上传")
        assert len(at_server(site, cid)) == 1
        assert len(hazards(site, said)) == 1


class TestSomebodyElse:
    @pytest.mark.both
    def test_neither_sent_nor_drawn_until_the_owner_comes_back(self, made, site):
        page = made.page
        run(made, "const m = await store.meta('owner'); await store.remember('kept', m)")
        name = run(made, "return (await session.owner()).name")
        made.page.context.set_offline(True)
        cid = snap(made, said := words())
        draft = snap(made, begun := words(), draft=True)
        # What the page shows to its owner, so that its absence afterwards means something.
        made.page.reload()
        sees(made, cid, said)
        expect(card(made, draft)).to_be_visible()
        page.context.set_offline(False)
        page.goto("about:blank")
        page.context.clear_cookies()

        sign_in(made, "安全主任", nth=1)
        sent = []
        page.on("request", lambda each: sent.append(each.url) if each.method == "PUT" else None)
        for path in ("/m/queue/", "/m/", "/m/snap/", "/m/mine/", "/m/patrol/", "/m/queue/"):
            made.go(path)
            page.wait_for_load_state("networkidle")
            html = page.content()
            assert [each for each in (said, begun, cid) if each in html] == [], path
        locked = page.locator("[data-q=others] li")
        expect(locked).to_have_count(1)
        expect(locked).to_contain_text("别人的记录")
        expect(locked).to_contain_text(f"{name}的 2 条，要本人登录才能传")
        expect(page.locator("[data-q=others] button")).to_have_count(0)
        assert row(made, cid)["state"] != "sent"
        assert (sent, at_server(site, cid)) == ([], [])

        # The owner again: drawn and sent, so nothing was wrong with the record itself.
        page.context.clear_cookies()
        sign_in(made, "安全主任")
        made.go("/m/queue/")
        state(made, cid, "sent")
        sees(made, cid, said)
        assert len(at_server(site, cid)) == 1

    def test_the_export_of_one_holds_nothing_of_the_other(self, made):
        snap(made, said := words(), owner=999_999, name="王小明")
        cid = snap(made, mine := words())
        made.page.context.set_offline(True)
        made.page.reload()
        text = exported(made).decode()

        assert [each in text for each in (mine, cid, said, "王小明")] == [True, True, False, False]

    def test_others_records_go_after_thirty_days_with_a_note_and_not_before(self, made):
        old = snap(made, said := words(), days_ago=31, owner=999_999, name="王小明")
        young = snap(made, days_ago=29, owner=999_999, name="王小明")
        own = snap(made, days_ago=31)
        made.page.context.route("**/api/m/records/*", lambda route: route.abort())
        made.page.reload()
        note = made.page.locator("[data-q=notes] li")
        expect(note).to_contain_text("王小明的 1 条记录超过 30 天一直没上传，已清除")

        assert row(made, old) is None
        assert [each for each in made.rows("photos") if each["parent"] == old] == []
        assert row(made, young)
        assert row(made, own)
        assert said not in made.page.content()


def test_a_captive_portal_keeps_the_queue_and_shows_offline(made, site):
    page = made.page
    portal = "<!doctype html><title>WLAN</title><h1>欢迎使用本店无线网络</h1>"
    page.context.route("**/api/m/**", lambda route: route.fulfill(body=portal, content_type="text/html"))
    cid = snap(made, said := words())
    with page.expect_request("**/api/m/session"):
        flush(made)
    page.wait_for_timeout(500)

    assert row(made, cid)["state"] == "queued"
    sees(made, cid, "待上传")
    assert at_server(site, cid) == []
    expect(page.locator("[data-q=offline]")).to_contain_text("离线")
    expect(page.locator("[data-chip]")).to_contain_text("离线")

    page.context.unroute_all()
    flush(made)
    state(made, cid, "sent")
    expect(page.locator("[data-q=offline]")).to_be_hidden()
    assert len(hazards(site, said)) == 1


def test_a_database_that_the_browser_closed_is_opened_again_by_the_next_tap(made):
    draft = snap(made, draft=True)
    made.page.reload()
    expect(card(made, draft)).to_be_visible()
    dead = run(
        made,
        """
      const db = await store.open();
      db.close();
      try { db.transaction("drafts"); } catch (fault) { return fault.name; }
    """,
    )
    assert dead == "InvalidStateError"  # the connection that the page holds is really dead

    card(made, draft).get_by_role("button", name="删除草稿").tap()
    expect(made.page.locator("[data-q=undo]")).to_be_visible()
    assert made.rows("drafts") == []


def test_a_deleted_draft_comes_back_with_its_photos(made):
    draft = snap(made, photos=2, draft=True)
    made.page.reload()
    before = (made.rows("drafts"), made.rows("photos"))
    card(made, draft).get_by_role("button", name="删除草稿").tap()
    expect(card(made, draft)).to_have_count(0)
    assert (made.rows("drafts"), made.rows("photos")) == ([], [])

    made.page.get_by_role("button", name="撤销").tap()
    expect(card(made, draft)).to_be_visible()
    assert (made.rows("drafts"), made.rows("photos")) == before


@pytest.mark.both
def test_another_record_under_the_same_number_is_saved_as_a_new_one(made, site):
    cid = snap(made, said := words(), photos=2)
    run(made, SENT_UNHEARD, cid)
    changed = "后来又补了一句"
    run(made, CHANGED, [cid, changed])

    flush(made)
    state(made, cid, "blocked")
    sees(made, cid, "要你处理")
    sees(made, cid, "服务器上同一编号已有内容不同的记录")
    expect(card(made, cid).get_by_role("button", name="重试")).to_have_count(0)
    assert len(hazards(site, said)) == 1

    card(made, cid).get_by_role("button", name="另存为新记录").tap()
    made.wait_sent()
    found = hazards(site, said)
    assert len(found) == 2
    assert sorted(len(at_server(site, each["cid"])) for each in made.rows("queue")) == [1]
    new = next(text for _number, text in found if changed in text)
    assert f"（由记录 {cid[:8]} 另存）" in new
    assert made.rows("photos") == []
    assert len(at_server(site, cid)) == 1  # the first one stands as it was


def exported(made):
    """Press 导出 and get the bytes of the file."""
    with made.page.expect_download() as download:
        made.page.locator("[data-q=all] [data-act=export]").tap()
    with open(download.value.path(), "rb") as file:
        return file.read()


@pytest.mark.both
@pytest.mark.parametrize("is_open_page", [False, True], ids=["with a worker", "open page"])
def test_exported_here_and_brought_in_there_is_one_record(browser, site, is_open_page, tmp_path):
    made = phone(browser, site, enter=not is_open_page)
    if is_open_page:
        made.page.add_init_script("delete Navigator.prototype.serviceWorker")
        made.go("/m/")
        until(made.page, HAS_DAY)
    made.go("/m/queue/")
    made.page.wait_for_load_state("networkidle")
    made.page.context.set_offline(True)
    cid = snap(made, said := words(), photos=2)
    sums = sorted(each["sha256"] for each in made.rows("photos"))
    made.page.evaluate("dispatchEvent(new Event('online'))")
    sees(made, cid, "待上传")
    content = exported(made)
    expect(made.page.locator("[data-q=said]")).to_contain_text("1 条记录、2 张照片")
    assert row(made, cid)["state"] == "queued"  # an export takes nothing away

    other = phone(browser, site, enter=False)
    other.go("/m/rescue/")
    file = {"name": "xiaoan-20261124-0730.txt", "mimeType": "text/plain", "buffer": content}
    for result in ("已收", "已有"):
        other.page.locator("[name=file]").set_input_files(file)
        other.page.locator("main button.btn-primary").click()
        expect(other.page.locator("tbody tr")).to_contain_text(result)
    assert len(at_server(site, cid)) == 1
    (hazard,) = hazards(site, said)
    assert sorted(each for (each,) in rows_of(site, ORIGINALS.format(hazard[0]))) == sums

    made.page.context.set_offline(False)
    flush(made)
    state(made, cid, "sent")
    sees(made, cid, hazard[0])
    assert (len(at_server(site, cid)), len(hazards(site, said))) == (1, 1)
    made.page.context.close()
    other.page.context.close()


def test_a_file_changed_on_the_way_is_refused_at_the_page(browser, site, made):
    made.page.context.set_offline(True)
    cid = snap(made, said := words())
    made.page.evaluate("dispatchEvent(new Event('online'))")
    sees(made, cid, "待上传")
    content = exported(made).replace(said.encode(), ("好" * len(said)).encode())
    other = phone(browser, site, enter=False)
    other.go("/m/rescue/")
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": content}
    other.page.locator("[name=file]").set_input_files(file)
    other.page.locator("main button.btn-primary").click()

    expect(other.page.locator("tbody tr")).to_contain_text("校验码对不上")
    assert at_server(site, cid) == []
    other.page.context.close()


class TestReceipt:
    def test_it_is_opened_copied_and_printed(self, made, site):
        made.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        cid = snap(made, words())
        flush(made)
        state(made, cid, "sent")
        receipt = row(made, cid)["receipt"]
        sees(made, cid, receipt["number"])
        sees(made, cid, receipt["sha256"])
        body = run(made, "return JSON.stringify((await store.get('queue', argument)).record)", cid)
        assert receipt["sha256"] == hashlib.sha256(body.encode()).hexdigest()

        card(made, cid).get_by_role("button", name="打开").tap()
        paper = made.page.get_by_role("dialog")
        expect(paper).to_contain_text(receipt["number"])
        paper.get_by_role("button", name="复制").tap()
        expect(paper.get_by_role("status")).to_have_text("已复制")
        copied = made.page.evaluate("navigator.clipboard.readText()")
        assert [receipt[each] in copied for each in ("number", "sha256")] == [True, True]

        made.page.evaluate("window.print = () => {}")
        paper.get_by_role("button", name="打印").tap()
        made.page.emulate_media(media="print")
        expect(made.page.locator(".print-sheet")).to_contain_text(receipt["sha256"])
        expect(made.page.locator("main")).to_be_hidden()
        made.page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(made.page.locator(".print-sheet")).to_have_count(0)
        made.page.emulate_media(media="screen")
        expect(made.page.locator("main")).to_be_visible()

    def test_it_stays_a_fortnight(self, made):
        cid = snap(made)
        flush(made)
        state(made, cid, "sent")
        run(made, AGE, [cid, 13.9])
        made.page.reload()
        sees(made, cid, "已上传")
        run(made, AGE, [cid, 14.1])
        made.page.reload()
        expect(made.page.locator("[data-q=empty]")).to_be_visible()
        assert row(made, cid) is None


def test_each_state_has_its_word_and_its_shape(made):
    made.page.context.route("**/api/m/records/*", lambda route: route.abort())
    made.page.context.set_offline(True)
    expected = {
        "queued": ("待上传", "有网时自动上传", ["立即上传"]), "failed": ("传不上去", "服务器忙", ["重试"]),
        "auth": ("要重新登录", "登录后接着传，记录没丢", ["登录"]), "sending": ("上传中", "", []),
        "blocked": ("要你处理", "记录没丢：请导出", ["重试", "导出"]),
    }  # fmt: skip
    cids = {}
    for each in expected:
        cids[each] = snap(made, words())
        code = {"blocked": "role", "failed": "busy"}.get(each)
        run(made, SET, [cids[each], each, code])
    cids["draft"] = snap(made, draft=True)
    expected["draft"] = ("草稿", "没做完，已存本机", ["继续", "删除草稿"])
    redraw(made)
    expect(card(made, cids["draft"]).get_by_role("link", name="继续")).to_have_attribute(
        "href", f"/m/snap/#{cids['draft']}"
    )
    shapes = set()
    for each, (word, why, acts) in expected.items():
        sees(made, cids[each], word)
        sees(made, cids[each], why)
        shapes.add(card(made, cids[each]).locator("[data-shape] svg").inner_html())
        seen = card(made, cids[each]).locator(".row [data-act]:visible").all_inner_texts()
        assert seen == acts, each
    assert len(shapes) == len(expected)


def test_nothing_waits_is_said_and_leads_on(made):
    expect(made.page.locator("[data-q=empty]")).to_contain_text("没有待上传的记录")
    assert made.rows("queue") == []
