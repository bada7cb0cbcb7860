// The evidence of one hazard: photos of after, what was done, who, how much. Every touch is kept.

import { fill } from "./draw.js";
import { faults } from "./faults.js";
import { begin, begun, hand, save } from "./jot.js";
import { dueWords } from "./mine_rows.js";
import { money } from "./money.js";
import { aboutPhotos, photoField } from "./photo_field.js";
import { dropDraft } from "./resolve.js";
import { say } from "./words.js";

const dialog = document.querySelector("[data-evidence]");
const form = dialog.querySelector("form");
const part = (name) => dialog.querySelector(`[data-part="${name}"]`);
const ghost = dialog.querySelector("[data-ghost]");
let at = null; // {hazard, data, draft, done}
const told = () => at.draft.evidence;

const photos = photoField(form.querySelector("[data-shots]"), {
  what: "evidence",
  form: () => at && { ...aboutPhotos(at.data), draft: at.draft, list: told().photos, place: at.hazard.place },
});

// Opens for one hazard; resolves with the queue's row, or null when it was left (then it is a draft).
export async function openSheet(hazard, data, today) {
  const parts = { hazard: hazard.number, title: hazard.title, measure: "", responsible: "", cost: "", photos: [] };
  const left = (await begun("evidence", data.uid)).find((each) => each.evidence.hazard === hazard.number);
  const draft = left ?? (await begin("evidence", { uid: data.uid, school: data.school }, { evidence: parts }));
  at = { hazard, data, draft };
  const { number, title, place, word } = hazard;
  fill(dialog, { number, title, place, word, due: dueWords(hazard, today) });
  for (const name of ["measure", "responsible", "cost"]) form.elements[name].value = told()[name];
  part("early").hidden = hazard.may_submit;
  form.querySelector("[value=done]").hidden = !hazard.may_submit;
  form.querySelector("[value=note]").classList.toggle("btn-primary", !hazard.may_submit);
  part("drop").hidden = !left;
  ghost.hidden = !hazard.before || !navigator.onLine;
  faults(form, []);
  photos.forget();
  await photos.show();
  dialog.showModal();
  return new Promise((done) => (at.done = done));
}

function end(row) {
  const { done } = at;
  at = null;
  if (dialog.open) dialog.close();
  done(row);
}

function lacks(isDone) {
  const { measure, cost } = told();
  const has = { words: measure.trim(), photos: told().photos.length };
  return [
    [isDone && !has.photos, "photos", "mine_no_photo"],
    [isDone ? !has.words : !has.words && !has.photos, "measure", isDone ? "mine_no_words" : "mine_nothing"],
    [money(cost) === undefined, "cost", "mine_no_money"],
  ].flatMap(([is, field, key]) => (is ? [[field, say(key)]] : []));
}

async function send(isDone) {
  await photos.idle();
  if (!faults(form, lacks(isDone))) return;
  const { hazard, measure, responsible, cost, photos: shown, title } = told();
  const evidence = {
    hazard, measure: measure.trim(), responsible: responsible.trim(), cost: money(cost), photos: [...shown], is_done: isDone,
  };
  end(await hand(at.draft, { evidence }, evidence.photos, `${hazard} ${title}`));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const buttons = form.querySelectorAll("button[name=how]");
  const isDone = event.submitter?.value !== "note" && !form.querySelector("[value=done]").hidden; // Enter in a field
  for (const button of buttons) button.disabled = true;
  send(isDone)
    .catch((fault) => faults(form, [["measure", say("form_not_saved", { fault: fault?.message ?? fault })]]))
    .finally(() => buttons.forEach((button) => (button.disabled = false)));
});
form.addEventListener("input", ({ target }) => {
  if (!at || !(target.name in told())) return;
  told()[target.name] = target.value;
  save(at.draft);
});
ghost.addEventListener("click", async () => {
  const { shoot } = await import("./ghost.js");
  const file = await shoot(at.hazard.before);
  if (file) photos.add([file]);
});
dialog.querySelector("[data-act=close]").addEventListener("click", () => dialog.close());
part("drop").firstElementChild.addEventListener("click", () => dropDraft(at.draft.cid).then(() => dialog.close()));
dialog.addEventListener("close", () => at && end(null));
