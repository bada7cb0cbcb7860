// One hazard outside the walk, photo first. Every touch is kept; saving queues it and shows what became of it.

import { fill } from "./draw.js";
import { faults } from "./faults.js";
import { begin, begun, hand, save, theDay } from "./jot.js";
import { outcome } from "./outcome.js";
import { aboutPhotos, photoField } from "./photo_field.js";
import { dropDraft } from "./resolve.js";
import { blank, lacks, setLevel, titleOf, told } from "./snap_finding.js";
import { form, over, part, ready, showLevel } from "./snap_page.js";
import { choices } from "./snap_places.js";
import { refresh } from "./whose.js";
import { say } from "./words.js";

let data = null;
let draft = null;
let places = null;
let opened = null;
const finding = () => draft.findings[0];
const facts = (name) =>
  draft && {
    ...aboutPhotos(data), draft, list: finding()[name], place: places.shown(),
  };
const field = (name, what) =>
  photoField(form.querySelector(`[data-shots=${name}]`), { what, form: () => facts(name), ready: () => opened });
const before = field("photos", "finding");
const after = field("after", "after");

// What is to be written now: the draft that the address names, else one that was left, else a new one.
async function open(isNew = false) {
  const left = isNew ? [] : await begun("snap", data.uid);
  const named = left.find((each) => each.cid === location.hash.slice(1));
  const found = named ?? left.find((each) => each.school === data.school.pk);
  history.replaceState(null, "", found ? `#${found.cid}` : location.pathname);
  if (found && found.school !== data.school.pk) data = (await refresh(found.school).catch(() => null)) ?? data;
  const parts = { answers: {}, photosOf: {}, findings: [blank(new Date().toISOString())] };
  draft = found ?? (await begin("snap", { uid: data.uid, school: data.school }, parts));
  places = choices(data, finding(), changed);
  ready(finding(), Boolean(found));
  showLevel(finding());
  faults(form, []);
  for (const each of [before, after]) each.forget();
  await Promise.all([before.show(), after.show()]);
}

function changed() {
  showLevel(finding());
  save(draft);
}

const acts = {
  another: () => open(true),
  drop: () => dropDraft(draft.cid).then(() => open(true)),
  async scan() {
    const { scan } = await import("./scan.js");
    const code = await scan();
    if (code) part("point").textContent = places.byCode(code);
  },
};

async function send() {
  await Promise.all([before.idle(), after.idle()]);
  if (!faults(form, lacks(finding(), data))) return;
  const sent = told(finding(), places.place());
  const row = await hand(draft, { findings: [sent] }, [...sent.photos, ...sent.after], titleOf(sent));
  draft = null;
  over();
  history.replaceState(null, "", location.pathname);
  await outcome(part("outcome"), row, sent.grade === "major" ? say("snap_alarm") : "");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = form.querySelector("[data-save]");
  if (!draft || button.disabled) return;
  button.disabled = true;
  const unsaved = (fault) => faults(form, [["photos", say("form_not_saved", { fault: fault?.message ?? fault })]]);
  send().catch(unsaved).finally(() => (button.disabled = false));
});
form.addEventListener("input", ({ target }) => {
  if (!draft) return;
  if (target.name === "level") setLevel(finding(), target.value);
  else if (target.name === "category") places.choseCategory();
  else if (["place", "note"].includes(target.name)) finding()[target.name] = target.value;
  else return;
  changed();
});
document.addEventListener("click", ({ target }) => acts[target.closest("button[data-act]")?.dataset.act]?.());

async function start() {
  ({ data } = await theDay());
  [form.hidden, part("none").hidden] = [!data, Boolean(data)];
  if (!data) return;
  fill(document, { school: data.school.name });
  await open();
}
opened = start();
