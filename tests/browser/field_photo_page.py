"""What the tests of photos do on a page that has only the photo parts: take, mark, sort, look inside."""

import base64
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext

_PACKED = """const packed = (bytes) => {
    let text = "";
    for (const each of new Uint8Array(bytes)) text += String.fromCharCode(each);
    return btoa(text);
  };
  const plain = (row) => row && { ...row, bytes: packed(row.bytes) };
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0)).buffer;
  const row = (each) => ({ ...each, bytes: bytes(each.bytes) });
  const load = (name) => import(`/static/field/${name}.js`);"""
_BODIES = {
    "take": """async ([text, about]) => {
      const { take } = await load("photo");
      const file = new File([bytes(text)], "IMG_0001.JPG", { type: "image/jpeg" });
      const began = performance.now();
      try {
        const made = await take(file, { ...about, time: new Date(about.time) });
        return { ...plain(made), ms: performance.now() - began, cid: crypto.randomUUID(), type: made.type };
      } catch (reason) {
        return { fault: reason.key ?? String(reason) };
      }
    }""",
    "crowd": """async ([text, about]) => {
      const { take } = await load("photo");
      const real = window.createImageBitmap;
      let open = 0, most = 0;
      window.createImageBitmap = async (...all) => {
        most = Math.max(most, ++open);
        const bitmap = await real(...all);
        const close = bitmap.close.bind(bitmap);
        bitmap.close = () => { open -= 1; close(); };
        return bitmap;
      };
      const file = new File([bytes(text)], "a.jpg", { type: "image/jpeg" });
      await Promise.all([1, 2, 3, 4].map(() => take(file, { ...about, time: new Date(about.time) })));
      return [most, open];
    }""",
    "retouch": """async (each) => {
      window.result = load("retouch").then(({ retouch }) => retouch(row(each))).then(plain);
    }""",
    "sent": """async (each) => (await load("retouch")).retouch({ ...row(each), sent: 1 })""",
    "shoot": """async (text) => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wish) => {
        const stream = await real(wish);
        window.tracks = stream.getTracks();
        return stream;
      };
      window.result = load("ghost").then(({ shoot }) => shoot(bytes(text))).then(async (file) =>
        file && { type: file.type, bytes: packed(await file.arrayBuffer()) });
    }""",
    "result": """async () => window.result""",
    "strip": """async (rows) => {
      window.pressed = [];
      const { strip } = await load("strip");
      const act = (name) => () => window.pressed.push(name);
      const acts = { onRetouch: act("retouch"), onRemove: act("remove") };
      strip(document.querySelector("[data-strip]"), rows.map(row), acts);
    }""",
    "seed": """async ([draft, day]) => {
      const { put, get } = await load("store");
      await put("ref", { k: "bootstrap", v: day });
      window.draft = (await get("drafts", draft.cid)) ?? draft;
      if (draft.note) await put("drafts", window.draft);
    }""",
    "burst": """async () => { load("burst").then(({ openBurst }) => openBurst(window.draft)); }""",
    "rows": """async () => {
      const rows = await (await load("store")).all("photos");
      return rows.map((each) => ({ ...each, bytes: each.bytes.byteLength }));
    }""",
    "draft": """async () => (await load("store")).get("drafts", window.draft.cid)""",
    "keep": """async (each) => {
      const { keep, wordOf } = await load("keep");
      return keep([row(each)]).then(() => "kept", (reason) => JSON.stringify(wordOf(reason)));
    }""",
    "hang": """async (after) => {
      const real = window.createImageBitmap;
      let n = 0;
      window.createImageBitmap = (...all) => (++n > after ? new Promise(() => {}) : real(...all));
    }""",
    "refuse": """async (most) => {
      const real = (window.realPut ??= IDBObjectStore.prototype.put);
      IDBObjectStore.prototype.put = function (row) {
        if (row.bytes?.byteLength > most) throw new DOMException("", "QuotaExceededError");
        return real.call(this, row);
      };
    }""",
    "canvas": """async () => document.querySelector("dialog canvas").toDataURL()""",
}
HELP = {name: f"(argument) => {{ {_PACKED}; return ({body})(argument); }}" for name, body in _BODIES.items()}
ABOUT = {
    "school": "滨江区第一小学", "place": "教学楼三层", "person": "李明", "skew": 0,
    "time": "2026-11-24T00:12:00Z",
}  # fmt: skip
ITEMS = [
    (1, "灭火器压力在绿区，铅封完好", "teaching"),
    (2, "疏散通道畅通，没有上锁", "teaching"),
    (3, "配电箱门关好，周围没有杂物", "gate"),
    (4, "留样冰箱有记录，每样不少于一百二十五克", "canteen"),
]


def day(**limits):
    """What the server would have sent for the day, as far as photos need it."""
    common = {"grade": "general", "must": False, "phrases": [], "category": "fire"}
    items = [{"pk": pk, "code": str(pk), "text": text, "zone": zone} | common for pk, text, zone in ITEMS]
    names = {"teaching": "教学楼", "gate": "校门", "canteen": "食堂"}
    zones = [{"kind": kind, "name": name} for kind, name in names.items()]
    return {
        "uid": 1, "name": "李明", "school": {"pk": 1, "name": "滨江区第一小学", "code": "1"}, "zones": zones,
        "template": {"pk": 1, "items": items}, "switches": {"album": True}, "days": {},
        "hazards": [], "points": [],
        "limits": {"photos_per_finding": 6, "photos_per_walk": 60} | limits,
    }  # fmt: skip


class Photos:
    """One phone at the page of photos."""

    def __init__(self, context: BrowserContext, address: str, room: int = 0):
        self.context, self.address = context, address
        self.uncaught: list[str] = []
        self.facts: list = [{}, {}]
        self.open(room=room)

    def open(self, draft=None, room=0):
        """The page anew, with what the database has. `room` in bytes is all that the browser may use.

        Chromium asks for its quota once in 30 seconds: it is set before the first write.
        """
        self.page = self.context.new_page()
        if room:
            self._devtools(
                "Storage.overrideQuotaForOrigin", origin=self.address.removesuffix("/m/"), quotaSize=room
            )
        self.page.on("pageerror", lambda fault: self.uncaught.append(str(fault)))
        self.page.goto(self.address)
        if draft:
            self._call("seed", [draft | {"note": ""}, self.facts[1]])

    def _call(self, name, argument=None):
        return self.page.evaluate(HELP[name], argument)

    def _devtools(self, method, **parameters):
        self.context.new_cdp_session(self.page).send(method, parameters)

    def throttle(self, rate):
        self._devtools("Emulation.setCPUThrottlingRate", rate=rate)

    def take(self, data, about):
        return self._call("take", [base64.b64encode(data).decode(), about])

    def rows(self):
        return self._call("rows")

    def draft(self):
        return self._call("draft")

    def result(self):
        return self._call("result")

    def walk(self, note="", **limits):
        """A walk that is under way, as walks.js would have begun it; stored only if something was noted."""
        draft = {
            "cid": "5c4a2a2e-8d1b-4e0c-9c0e-000000000001", "kind": "patrol", "owner": 1, "school": 1,
            "template": 1, "started": "2026-11-24T00:00:00.000Z", "day": "2026-11-24",
            "items": [pk for pk, _t, _z in ITEMS],
            "must": [], "answers": {}, "findings": [], "checkins": [], "photosOf": {}, "note": note,
        }  # fmt: skip
        self.facts = [draft, day(**limits)]
        self._call("seed", self.facts)
        return draft

    def burst(self):
        self._call("burst")
        self.page.wait_for_selector("dialog.burst[open]")

    def choose(self, files, kind="jpg", kept=""):
        """Choose these files from the album; they lie on the disk until the page says `kept`."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / f"{n}.{kind}" for n in range(len(files))]
            for path, data in zip(paths, files, strict=True):
                path.write_bytes(data)
            self.page.locator("dialog input[data-album]").set_input_files(paths)
            if kept:
                self.says(kept)

    def pick(self, *places):
        for place in places:
            self.page.locator("dialog.burst [data-photos] input").nth(place).check()

    def press(self, item, answer_button, answer=None):
        """Press an answer beside an item; the page says `answer`, by default that photos were given."""
        line = self.page.locator("dialog .item", has_text=item)
        line.get_by_role("button", name=answer_button).click()
        self.says(answer or f"张照片放入{answer_button}：{item}")

    def says(self, words):
        """Until the dialog says so; many photos on a busy machine take their time."""
        self.page.locator("dialog[open] [role=status]", has_text=words).wait_for(timeout=120_000)

    def retouch(self, row):
        self._call("retouch", row)
        self.page.wait_for_selector("dialog[open] canvas")

    def shoot(self, before):
        """The same view again, over this photo."""
        self._call("shoot", base64.b64encode(before).decode())
        self.page.locator("dialog[open] video").wait_for(state="attached")

    def _spot(self, x, y):
        box = self.page.locator("dialog canvas").bounding_box()
        return box["x"] + box["width"] * x, box["y"] + box["height"] * y

    def tap_at(self, x, y):
        """A finger at this part of the picture."""
        self.page.touchscreen.tap(*self._spot(x, y))

    def drag(self, start, end):
        """The mouse from one part of the picture to another."""
        mouse = self.page.mouse
        mouse.move(*self._spot(*start))
        mouse.down()
        mouse.move(*self._spot(*end), steps=4)
        mouse.up()

    def canvas(self):
        return self._call("canvas")

    def done(self):
        self.page.locator("dialog [data-done]").click()
        return self.result()
