// What this browser can do: everything, only while the page stays open, or nothing without network.

import { works } from "./store.js";
import { say } from "./words.js";

let asked = null;

// "full": opens without network. "open": keeps records, but only an open page works. "online": keeps nothing.
export function rung() {
  asked ??= works().then((keeps) => (!keeps ? "online" : "serviceWorker" in navigator ? "full" : "open"));
  return asked;
}

export function bar(name, isShown = true) {
  const found = document.querySelector(`[data-bar="${name}"]`);
  if (found) found.hidden = !isShown;
  return found;
}

export async function tellRung() {
  const which = await rung();
  document.documentElement.dataset.rung = which;
  if (which !== "full") bar(which);
  const hint = document.querySelector("[data-wechat]");
  // The only use of the browser's name: which words help.
  if (hint) hint.hidden = !navigator.userAgent.includes("MicroMessenger");
  return which;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const link = new URL("/m/", location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = say("copied");
    } catch {
      prompt(button.textContent, link); // old browsers: the person copies it by hand
    }
  });
}
