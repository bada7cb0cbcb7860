// Thumbnails of photos that the phone keeps, each with what can be done about it.

import { clone } from "./draw.js";
import { say } from "./words.js";

// A picture of bytes; its address is given back to the browser as soon as it is drawn.
export function thumb(image, row) {
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.addEventListener("error", () => URL.revokeObjectURL(image.src), { once: true });
  image.src = URL.createObjectURL(new Blob([row.bytes], { type: row.type }));
}

const CLOCK = new Intl.DateTimeFormat("sv-SE", { timeStyle: "short", timeZone: "Asia/Shanghai" });
export const nameOf = (row, n) => say("photo_name", { n, t: CLOCK.format(new Date(row.taken)) });

// `photoRows` as rows of `photos`; `onRetouch(row)` and `onRemove(row)` are left out where that is not offered.
export function strip(container, photoRows, { onRetouch, onRemove } = {}) {
  const shots = photoRows.map((row, at) => {
    const shot = clone("strip");
    const image = shot.querySelector("img");
    thumb(image, row);
    image.alt = nameOf(row, at + 1);
    bind(shot.querySelector("[data-retouch]"), row.sent ? null : onRetouch, row, image.alt);
    bind(shot.querySelector("[data-remove]"), row.sent ? null : onRemove, row, image.alt);
    return shot;
  });
  container.replaceChildren(...shots);
}

function bind(button, act, row, name) {
  if (!act) return button.remove();
  button.setAttribute("aria-label", `${button.textContent.trim()} ${name}`);
  button.addEventListener("click", () => act(row));
  return undefined;
}
