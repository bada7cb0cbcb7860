{% autoescape off %}// The field client's worker: the screens and what they load, from the phone first. Never a write, never data.
const CACHE = "shell-{{ version }}";
const ASSETS = {{ assets }};
const SHELLS = {{ shells }};
const POINT = "/m/p/"; // a label's code opens the walk, where there is no network too

// All or nothing: if one file fails, the install fails and the worker before this one goes on.
async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(ASSETS.map((address) => new Request(address, { credentials: "omit"{% if not is_hashed %}, cache: "reload"{% endif %} })));
  for (const address of SHELLS) {
    const answer = await fetch(`${address}?lang={{ language }}`, { cache: "reload", credentials: "omit", redirect: "error" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }
}

async function kept(key, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key, { ignoreVary: true })) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("shell-") && name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));
addEventListener("message", (event) => {
  if (event.data === "SKIP_WAITING") skipWaiting();
  if (event.data === "VERSION") event.ports[0].postMessage(CACHE);
  if (event.data === "FILL") event.waitUntil(fill().then(() => event.ports[0].postMessage(true), () => event.ports[0].postMessage(false)));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(POINT)) event.respondWith(Response.redirect(pathname.replace(POINT, "/m/patrol/#p=")));
  else if (pathname.startsWith("/static/")) event.respondWith(kept(request, request));
  else if (request.mode === "navigate" && SHELLS.includes(pathname)) event.respondWith(kept(pathname, request));
});
{% endautoescape %}
