// A snap report as data: a new one, what it still lacks, what of it is sent.

import { say } from "./words.js";

// `zone` and `hands` (what a person chose rather than a phrase) are the phone's own and are not sent.
export const blank = (t) => ({
  uuid: crypto.randomUUID(), item: null, zone: null, category: null, phrase: "", note: "", grade: "general", place: "",
  point: null, fixed: false, photos: [], after: [], t, hands: {},
});

export const levelOf = ({ fixed, grade }) => (fixed ? "fixed" : grade);

export function setLevel(finding, level) {
  finding.fixed = level === "fixed";
  finding.grade = level === "major" ? "major" : "general";
  finding.hands.level = true;
}

// [[field, words]] for each thing without which the server would not take it.
export function lacks({ photos, after, note, phrase, category, fixed, zone, point, place }, { switches }) {
  const isUntold = Boolean(fixed && switches.comment_fixed && !note.trim());
  return [
    [!photos.length, "photos", "snap_no_photo"],
    [!zone && !point && !place.trim(), "place", "snap_no_place"],
    [isUntold || !(phrase || note.trim()), "note", isUntold ? "snap_say_fixed" : "snap_say_what"],
    [!category, "category", "snap_no_category"],
    [fixed && !after.length, "after", "snap_no_after"],
  ].flatMap(([is, field, key]) => (is ? [[field, say(key)]] : []));
}

export const titleOf = ({ phrase, note }) => phrase || note.trim().slice(0, 60);

// What the record carries; a photo of after only where it was fixed.
export function told({ zone: _zone, hands: _hands, ...finding }, place) {
  const after = finding.fixed ? [...finding.after] : [];
  return { ...finding, note: finding.note.trim(), place, after, photos: [...finding.photos] };
}
