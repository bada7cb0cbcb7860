// The line at the bottom of a photo: when, where, who. A label for the reader, no proof.

import { INK } from "./ink.js";
import { say } from "./words.js";

const OFF = 5 * 60 * 1000;
const DOT = " · ";
// The records' own time zone: a phone set to another one must not print another hour.
const CLOCK = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" });

// A clock that was never compared with the server's is no better than a wrong one.
const isDoubtful = (skew) => skew == null || Math.abs(skew) > OFF;

function broken(context, word, room) {
  const parts = [""];
  for (const letter of word) {
    if (context.measureText(parts.at(-1) + letter).width > room && parts.at(-1)) parts.push("");
    parts[parts.length - 1] += letter;
  }
  return parts;
}

function linesOf(context, words, room) {
  const lines = [];
  for (const word of words) {
    const joined = lines.length ? lines.at(-1) + DOT + word : word;
    if (lines.length && context.measureText(joined).width <= room) lines[lines.length - 1] = joined;
    else lines.push(...broken(context, word, room));
  }
  return lines;
}

// A painter for jpeg(): draws the band, says how high it is.
export function watermark({ time, skew, school, place, person }) {
  const clock = isDoubtful(skew) ? say("photo_clock") : "";
  const words = [CLOCK.format(time), clock, school, place, person].filter(Boolean);
  return (context, w, h) => {
    const size = Math.max(10, Math.round(Math.min(Math.max(w, h) / 50, Math.min(w, h) / 14)));
    context.font = `${size}px sans-serif`;
    context.textBaseline = "middle";
    const lines = linesOf(context, words, w - size);
    const band = Math.round(size * (lines.length * 1.4 + 0.4));
    context.fillStyle = INK.band;
    context.fillRect(0, h - band, w, band);
    context.fillStyle = INK.words;
    lines.forEach((line, n) => context.fillText(line, size / 2, h - band + size * (0.9 + n * 1.4)));
    return band;
  };
}
