"""The field client as an app: opens without a network, leaves nothing behind."""

from time import monotonic

import pytest
from playwright.sync_api import Error, expect

from .phone import phone, ready, until
from .queue_records import flush, row, snap, state

pytestmark = [pytest.mark.browser, pytest.mark.field]
HEADINGS = {
    "/m/": "今天", "/m/patrol/": "日常巡查", "/m/snap/": "随手拍", "/m/mine/": "我的隐患",
    "/m/queue/": "上传", "/m/help/": "帮助", "/m/out/": "退出登录",
}  # fmt: skip
LEFT = """async () => ({
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  registrations: (await navigator.serviceWorker.getRegistrations()).length,
})"""
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) {
      const answer = await (await caches.open(name)).match(request, { ignoreVary: true });
      const isText = /text|json|javascript/.test(answer.headers.get("content-type"));
      found.push([new URL(request.url).pathname, isText ? await answer.text() : ""]);
    }
  return found;
}"""
HAS_SCHOOL = "() => document.querySelector('[data-f=school]').textContent.trim().length > 1"
EMPTY = """async () => {
  const STORES = ["ref", "queue", "photos", "drafts"];
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open("schoolsafety");
    asked.onsuccess = () => resolve(asked.result);
  });
  const counted = await Promise.all(STORES.map((store) => new Promise((resolve) => {
    const asked = db.transaction(store).objectStore(store).count();
    asked.onsuccess = () => resolve(asked.result);
  })));
  db.close();
  return counted.every((n) => n === 0);
}"""
NO_WORKER = "delete Navigator.prototype.serviceWorker;"
NO_STORE = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'InvalidStateError'); };"


@pytest.fixture
def made(browser, site):
    """An officer's phone at /m/, ready for the basement."""
    one = phone(browser, site)
    yield one
    one.page.context.close()


class TestWithoutNetwork:
    def test_every_screen_opens_from_the_phone(self, made):
        made.page.context.set_offline(True)
        for path, heading in HEADINGS.items():
            answer = made.page.goto(f"{made.url}{path}")
            assert (answer.status, answer.from_service_worker) == (200, True), path
            expect(made.page.locator("h1:visible").first).to_have_text(heading)
        expect(made.page.locator("[data-chip] [role=status]")).to_have_text("离线")

    def test_nothing_else_does(self, made):
        """The control: outside its screens the worker answers nothing, so the network's absence is real."""
        made.page.context.set_offline(True)
        for path in ("/patrol/", "/api/m/session", "/m/rescue/"):
            page = made.page.context.new_page()
            with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
                page.goto(f"{made.url}{path}")

    def test_the_day_is_read_from_the_phone(self, made):
        made.page.context.set_offline(True)
        made.go("/m/")
        expect(made.page.locator("[data-ready] li")).to_have_text(
            ["✓ 页面已就绪", "✓ 清单已就绪", "✓ 点位已就绪", "✓ 空间已就绪"]
        )
        expect(made.page.locator("[data-hero] [data-f=button]")).to_have_attribute("href", "/m/patrol/")

    def test_a_label_opens_the_walk(self, made):
        made.page.context.set_offline(True)
        made.page.goto(f"{made.url}/m/p/1234")
        expect(made.page.locator("h1").first).to_have_text("日常巡查")


@pytest.mark.alone
def test_a_late_server_does_not_hold_up_a_screen(behind, front):
    """Seven seconds late: from the phone at once; what is not kept there takes its seven seconds."""
    front.late, took = 7, []
    for _ in range(3):  # the best of three: the machine may have other work
        began = monotonic()
        behind.page.goto(f"{behind.url}/m/patrol/", wait_until="commit")
        expect(behind.page.locator("h1").first).to_be_visible()
        took.append(monotonic() - began)
    assert min(took) < 0.5

    began = monotonic()
    behind.page.goto(f"{behind.url}/login/", wait_until="commit")
    assert monotonic() - began > 6


class TestSigningOut:
    def test_leaves_nothing(self, made):
        page = made.page
        before = page.evaluate(LEFT)
        assert min(before.values()) >= 1  # the control: there is something to leave
        made.go("/m/out/")
        made.tap("[data-leave]")
        expect(page.locator("[data-out=done]")).to_contain_text("已退出")
        assert page.evaluate(LEFT) == {"databases": 0, "caches": 0, "registrations": 0}
        assert page.request.get(f"{made.url}/api/m/session").json()["user"] is None

    def test_the_ordinary_button_leads_there_when_this_browser_holds_records(self, made):
        made.page.goto(f"{made.url}/me/")
        made.page.locator("form[data-out] button").click()
        made.page.wait_for_url(f"{made.url}/m/out/")
        assert made.page.request.get(f"{made.url}/api/m/session").json()["user"]

    def test_and_signs_out_at_once_where_nothing_lies(self, browser, site):
        one = phone(browser, site, enter=False)
        one.page.goto(f"{one.url}/me/")
        one.page.locator("form[data-out] button").click()
        one.page.wait_for_url(f"{one.url}/login/")
        one.page.context.close()

    def test_asks_first_while_something_is_not_uploaded(self, made):
        page = made.page
        page.context.set_offline(True)
        snap(made)
        snap(made, draft=True)
        made.go("/m/out/")
        expect(page.locator("[data-out=unsent]")).to_contain_text("还有 1 份没上传，1 份没做完")
        expect(page.locator("[data-out=clear]")).to_be_hidden()
        page.locator("details summary").tap()
        page.fill("#count", "1")
        page.locator("[data-delete] button").tap()
        expect(page.locator("[data-f=wrong]")).to_contain_text("2 份")
        assert (len(made.rows("queue")), len(made.rows("drafts"))) == (1, 1)
        page.fill("#count", "2")
        page.locator("[data-delete] button").tap()
        expect(page.locator("[data-out=done]")).to_contain_text("本机已清空")
        assert page.evaluate(LEFT) == {"databases": 0, "caches": 0, "registrations": 0}

    def test_without_network_the_session_ends_when_the_server_is_next_reached(self, made):
        page = made.page
        made.go("/m/out/")
        page.context.set_offline(True)
        made.tap("[data-leave]")
        expect(page.locator("[data-out=done]")).to_contain_text("本机已清空")
        page.context.set_offline(False)
        page.goto(f"{made.url}/")
        page.wait_for_url("**/login/**")

    def test_an_answer_that_comes_after_it_brings_nothing_back(self, made):
        page, first = made.page, []
        page.route("**/api/m/session", lambda route: route.abort() if first else first.append(route))
        made.go("/m/out/")
        made.tap("[data-leave]")
        expect(page.locator("[data-out=done]")).to_contain_text("本机已清空")
        first[0].continue_()  # the page's own question, from when it was opened
        page.wait_for_timeout(1000)
        assert page.evaluate(LEFT) == {"databases": 0, "caches": 0, "registrations": 0}

    def test_records_of_somebody_else_stay(self, made):
        page = made.page
        page.context.set_offline(True)
        other = snap(made, owner=999_999, name="别人")
        mine = snap(made, draft=True)
        made.go("/m/out/")
        expect(page.locator("[data-out=unsent] [data-f=others]")).to_contain_text("1")
        page.locator("details summary").tap()
        page.fill("#count", "1")
        page.locator("[data-delete] button").tap()
        expect(page.locator("[data-out=done]")).to_be_visible()
        assert [each["cid"] for each in made.rows("queue")] == [other]
        assert [each["parent"] for each in made.rows("photos")] == [other]
        assert mine not in [each["cid"] for each in made.rows("drafts")]
        assert made.rows("ref") == []
        assert "owner" not in [each["k"] for each in made.rows("meta")]


class TestWhereItRuns:
    def test_without_a_worker_the_open_page_keeps_and_sends_and_says_not_to_close_it(self, browser, site):
        one = phone(browser, site, enter=False)
        page = one.page
        page.add_init_script(NO_WORKER)
        one.go("/m/")
        expect(page.locator("[data-bar=open]")).to_contain_text("请不要关掉这个页面")
        expect(page.locator("[data-bar=open] [data-copy]")).to_be_visible()
        page.wait_for_function(HAS_SCHOOL)
        one.go("/m/queue/")
        page.context.set_offline(True)
        cid = snap(one)
        assert row(one, cid)["state"] == "queued"
        page.context.set_offline(False)
        flush(one)
        state(one, cid, "sent")
        page.context.set_offline(True)
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):  # why it says so
            page.reload()
        page.context.close()

    def test_with_a_worker_no_such_bar(self, made):
        expect(made.page.locator("[data-bar=open]")).to_be_hidden()
        expect(made.page.locator("[data-bar=online]")).to_be_hidden()

    def test_in_wechat_the_words_name_its_menu(self, browser, site):
        agent = "Mozilla/5.0 (iPhone) AppleWebKit/605 MicroMessenger/8.0"
        one = phone(browser, site, enter=False, user_agent=agent)
        one.page.add_init_script(NO_WORKER)
        one.go("/m/")
        expect(one.page.locator("[data-wechat]")).to_contain_text("在浏览器打开")
        one.page.context.close()

    def test_a_browser_that_keeps_nothing_gets_the_online_form(self, browser, site):
        one = phone(browser, site, enter=False)
        one.page.add_init_script(NO_STORE)
        one.go("/m/")
        expect(one.page.locator("[data-bar=online]")).to_be_visible()
        expect(one.page.locator("[data-hero] [data-f=button]")).to_have_attribute("href", "/patrol/")
        one.page.context.close()


def test_no_cache_holds_a_person_a_token_or_data(made):
    page = made.page
    for path in HEADINGS:
        made.go(path)
    name = page.request.get(f"{made.url}/api/m/session").json()["user"]
    school = page.request.get(f"{made.url}/api/m/bootstrap").json()["school"]["name"]
    kept = page.evaluate(KEPT)
    paths = [path for path, _text in kept]
    assert set(HEADINGS) <= set(paths)
    assert [path for path in paths if not path.startswith("/static/") and path not in HEADINGS] == []
    pages = "".join(text for path, text in kept if path in HEADINGS)
    assert len(pages) > 10_000
    assert [word for word in (name, school, "csrf", "sessionid") if word in pages] == []


def test_a_shared_phone_keeps_nothing_once_all_has_arrived(browser, site):
    one = phone(browser, site, enter=False)
    page = one.page

    def shared(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"is_shared": True})

    page.route("**/api/m/session", shared)
    one.go("/m/")
    ready(page)
    assert one.rows("ref")[0]["v"]["hazards"] == []
    expect(page.locator("[data-f=school]")).not_to_have_text("")
    one.go("/m/queue/")
    page.context.set_offline(True)
    cid = snap(one)
    assert row(one, cid)
    page.context.set_offline(False)
    flush(one)
    until(page, EMPTY)
    page.context.close()


def test_the_session_that_ended_locks_the_day_and_keeps_the_draft(made):
    page = made.page
    snap(made, draft=True)
    page.context.clear_cookies()
    made.go("/m/")
    expect(page.locator("[data-bar=auth]")).to_be_visible()
    expect(page.locator("[data-hero]")).to_contain_text("登录")
    expect(page.locator("[data-f=school]")).not_to_contain_text("园")
    assert page.locator("[data-bar=auth] a").get_attribute("href").endswith("/login/?next=%2Fm%2F")
    assert len(made.rows("drafts")) == 1
