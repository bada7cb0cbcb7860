// The answers of a walk on the phone and what they may be; stored at each press. No screen here.

import { put } from "./store.js";

// Said of an item: answer n, p or x, and how: e one by one, f with a photo, b in one press for the zone.
export const said = (draft, pk) => draft.answers[pk] ?? "";
export const save = (draft) => put("drafts", draft);

// What one press may cover: unanswered, not drawn for a photo, and nothing that would be major if it failed.
export const restOf = (draft, zone) =>
  zone.items.filter((item) => !said(draft, item.pk) && !draft.must.includes(item.pk) && item.grade !== "major");
export const mergedOf = (draft, zone) => zone.items.filter((item) => said(draft, item.pk) === "nb");

export function answerRest(draft, zone) {
  const covered = restOf(draft, zone);
  for (const item of covered) draft.answers[item.pk] = "nb";
  return save(draft);
}

export function undoRest(draft, zone) {
  for (const item of mergedOf(draft, zone)) delete draft.answers[item.pk];
  return save(draft);
}

export const findingOf = (draft, pk) => draft.findings.find((finding) => finding.item === pk);
export const isWhole = (finding) =>
  Boolean(finding?.photos.length && (finding.phrase || finding.note.trim()) && (!finding.fixed || finding.after.length));

// The key of the sentence that says what a finding still owes; null when nothing.
export function owedBy(finding, { switches }) {
  if (!finding.photos.length) return "walk_needs_photo";
  if (finding.fixed && !finding.after.length) return "walk_needs_after";
  if (finding.fixed && switches.comment_fixed && !finding.note.trim()) return "walk_needs_comment";
  return isWhole(finding) ? null : "walk_needs_words";
}

// Unanswered, or a problem whose words or photo are still owed.
export const missingOf = (draft, items) =>
  items.filter(({ pk }) => {
    const answer = said(draft, pk)[0];
    return !answer || (answer === "p" && !isWhole(findingOf(draft, pk)));
  });

// "n" or "x". A photo that the item has makes the answer one with a photo. What was wrong before is laid aside with
// its photos and words: a slip of the finger must not cost them.
export function answer(draft, item, value) {
  const shown = draft.photosOf[item.pk]?.length;
  if (value === "n" && draft.must.includes(item.pk) && !shown) throw new Error("a photo first");
  const wrong = findingOf(draft, item.pk);
  if (wrong) draft.dropped = { ...draft.dropped, [item.pk]: wrong };
  draft.findings = draft.findings.filter((finding) => finding !== wrong);
  draft.answers[item.pk] = value + (value === "n" && shown ? "f" : "e");
  return save(draft);
}

// The finding of an item: the one it has, the one that was laid aside, or a new one whose words come later.
export function problem(draft, item) {
  let finding = findingOf(draft, item.pk);
  if (!finding) {
    finding = draft.dropped?.[item.pk] ?? {
      uuid: crypto.randomUUID(), item: item.pk, category: item.category, phrase: "", note: "", grade: item.grade,
      place: "", point: null, fixed: false, photos: [], after: [], t: new Date().toISOString(),
    };
    delete draft.dropped?.[item.pk];
    draft.findings.push(finding);
  }
  draft.answers[item.pk] = "pf";
  return finding;
}

// No problem after all: the item is unanswered again.
export function takeBack(draft, item) {
  draft.findings = draft.findings.filter((finding) => finding.item !== item.pk);
  delete draft.answers[item.pk];
  return save(draft);
}
