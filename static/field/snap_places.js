// What a snap report chooses from: zones, their points, the usual words for what is wrong there, categories.

import { picks } from "./picks.js";
import { say } from "./words.js";

const MOST_PHRASES = 12;
const select = document.querySelector("select[name=category]");
const spot = (name) => document.querySelector(`[data-picks="${name}"]`);

// `data` is the day's data, `finding` what is being written; `changed()` is called after each choice.
export function choices(data, finding, changed) {
  const zone = () => data.zones.find((each) => each.kind === finding.zone);
  const point = () => data.points.find((each) => each.pk === finding.point);

  function chooseZone(kind) {
    finding.zone = kind;
    if (point()?.zone !== kind) finding.point = null;
    after();
  }
  function choosePoint(pk) {
    finding.point = pk === null ? null : Number(pk);
    after();
  }
  // A phrase brings its item's category and grade, unless a person chose those by hand.
  function choosePhrase(text) {
    finding.phrase = text ?? "";
    const item = data.template.items.find((each) => phraseOf(each, text));
    if (item && !finding.hands.category) finding.category = item.category;
    if (item && !finding.hands.level) {
      finding.grade = phraseOf(item, text).grade ?? item.grade;
      finding.fixed = false;
    }
    after();
  }
  function after() {
    draw();
    changed();
  }
  function draw() {
    const inZone = finding.zone ? data.points.filter((each) => each.zone === finding.zone) : [];
    again("zone", data.zones.map(({ kind, name }) => ({ value: kind, text: name })), finding.zone, chooseZone);
    again("point", inZone.map(({ pk, name }) => ({ value: pk, text: name })), finding.point, choosePoint);
    again("phrase", phrases(data, finding), finding.phrase || null, choosePhrase);
    select.value = finding.category ?? "";
  }
  select.replaceChildren(select.options[0], ...data.categories.map(({ code, name }) => new Option(name, code)));
  draw();
  return {
    choseCategory() {
      finding.category = select.value || null;
      finding.hands.category = Boolean(finding.category);
      draw();
    },
    // The place in words: as written, within the zone that was chosen.
    place() {
      const words = finding.place.trim();
      if (words) return [zone()?.name, words].filter(Boolean).join(" ").slice(0, 120);
      return point() ? "" : (zone()?.name ?? "");
    },
    // The same with the point's name, for the line of words on a photo.
    shown: () => [zone()?.name, point()?.name, finding.place.trim()].filter(Boolean).join(" "),
    byCode(code) {
      const found = data.points.find((each) => each.code === code || each.token === code);
      if (!found) return say("snap_no_point", { code: code.slice(0, 8) });
      Object.assign(finding, { zone: found.zone, point: found.pk });
      after();
      return say("snap_point", { name: found.name });
    },
  };
}

// Drawn anew without losing the place of somebody at the keyboard.
function again(name, options, chosen, choose) {
  const held = spot(name).contains(document.activeElement) ? document.activeElement.value : null;
  picks(spot(name), `pick_${name}`, options, chosen, choose);
  if (held !== null) [...spot(name).querySelectorAll("input")].find((input) => input.value === held)?.focus();
}

const phraseOf = (item, text) => item.phrases.find((phrase) => phrase.text === text);

function phrases(data, { zone, category, phrase, hands }) {
  if (!zone && !category) return phrase ? [{ value: phrase, text: phrase }] : [];
  const fits = (item) => (!zone || item.zone === zone) && (!hands.category || item.category === category);
  const all = data.template.items.filter(fits).flatMap((item) => item.phrases.map(({ text }) => text));
  const first = [...new Set([phrase, ...all])].filter(Boolean).slice(0, MOST_PHRASES);
  return first.map((text) => ({ value: text, text }));
}
