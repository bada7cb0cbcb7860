// The school's open hazards as rows: number, title, place, deadline and lateness in words, state; and their filters.

import { clone, fill } from "./draw.js";
import { say } from "./words.js";

const DAY = 86400000;
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

// Sunday of the week of `today`, both as "2026-11-24".
function sunday(today) {
  const date = new Date(`${today}T00:00:00Z`);
  return new Date(date.getTime() + ((7 - date.getUTCDay()) % 7) * DAY).toISOString().slice(0, 10);
}

export const FILTERS = {
  late: (hazard, today) => isLate(hazard, today),
  week: (hazard, today) => Boolean(hazard.due) && hazard.due >= today && hazard.due <= sunday(today) && !isWaiting(hazard),
  all: () => true,
};

const isWaiting = ({ state }) => state === "submitted" || state === "verified";
// By the day it is now: what was in time when the data came may be late by the time it is looked at.
const isLate = (hazard, today) => Boolean(hazard.due) && hazard.due < today && !isWaiting(hazard);

// What the deadline means today, in words.
export function dueWords(hazard, today) {
  if (!hazard.due) return say("mine_no_due");
  if (isWaiting(hazard)) return say("mine_due", { day: hazard.due });
  const left = days(today, hazard.due);
  if (left < 0) return say("mine_late", { n: -left, day: hazard.due });
  return left ? say("mine_left", { n: left, day: hazard.due }) : say("mine_today", { day: hazard.due });
}

// One row; `kept` says what of this hazard is on the phone: "draft", "queued" or nothing.
export function rowOf(hazard, today, kept) {
  const row = clone("hazard");
  const tag = row.querySelector("[data-f=word]");
  tag.classList.add(isWaiting(hazard) || !hazard.may_submit ? "tag-wait" : "tag-todo");
  row.querySelector("[data-f=due]").classList.toggle("is-late", isLate(hazard, today));
  row.querySelector("[data-grade=major]").hidden = hazard.grade !== "major";
  row.querySelector("[data-f=kept]").hidden = !kept;
  const { number, title, place, word } = hazard;
  const words = { number, title, place, word, due: dueWords(hazard, today), kept: kept ? say(`mine_${kept}`) : "" };
  fill(row, words).querySelector("button").dataset.number = number;
  return row;
}
