// On every screen: the worker, the bars, the choices, and what an upload leaves behind.

import { meta, remember } from "./store.js";
import { events, flush } from "./sync.js";
import { rung, tellRung } from "./host.js";
import { demand, press, watch } from "./update.js";
import { whose } from "./whose.js";
import { tidyShared } from "./leave.js";
import "./chip.js";
import "./wake.js";

const { body } = document;
const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
const language = () => cookie("django_language") || body.dataset.language;

// With the field client switched off, what earlier visits left goes too.
async function register() {
  if (!("serviceWorker" in navigator)) return;
  const address = body.dataset.worker;
  if (!address) {
    const found = await navigator.serviceWorker.getRegistration("/m/");
    await found?.unregister();
    return;
  }
  watch(await navigator.serviceWorker.register(`${address}?lang=${language()}`, { scope: "/m/" }));
}

// The first record that arrived: now there is something worth keeping, and a reason to ask for it.
async function keepSpace() {
  if ((await meta("persisted")) || !navigator.storage?.persist) return;
  await remember("persisted", await navigator.storage.persist());
}

events.addEventListener("state", ({ detail }) => {
  if (detail.error?.code === "upgrade") demand();
  if (detail.state === "auth") document.querySelector("[data-bar=auth]").hidden = false;
  if (detail.state === "sent") keepSpace().then(tidyShared);
});

const login = document.querySelector("[data-login]");
if (login) login.search = `?next=${encodeURIComponent(location.pathname)}`;

// Type size and light change at once; the language needs the page anew.
for (const button of document.querySelectorAll("[data-choice]")) {
  button.addEventListener("click", async () => {
    const { choice, values } = button.dataset;
    const [first, second] = values.split(",");
    const before = choice === "django_language" ? language() : document.documentElement.dataset[choice];
    const after = before === first ? second : first;
    document.cookie = `${choice}=${after}; path=/; max-age=31536000; samesite=lax`;
    if (choice !== "django_language") document.documentElement.dataset[choice] = after;
    else if ((await rung()) === "full" && body.dataset.worker) await register().then(press);
    else location.reload();
  });
}

tellRung().then(async (which) => {
  if (which === "online") return;
  if (which === "open") import("./warm.js");
  await tidyShared();
  await whose();
  flush("start");
});
register().catch(() => {}); // no network, or a browser that refuses: the page works without
