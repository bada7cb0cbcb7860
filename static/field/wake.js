// The screen stays on while a walk is under way, where the browser lets it.

let lock = null;

async function hold() {
  const isWanted = document.body.hasAttribute("data-busy") && !document.hidden;
  if (!isWanted || !navigator.wakeLock) {
    await lock?.release();
    lock = null;
  } else if (!lock || lock.released) {
    lock = await navigator.wakeLock.request("screen").catch(() => null); // low battery: it may say no
  }
}

new MutationObserver(hold).observe(document.body, { attributeFilter: ["data-busy"] });
document.addEventListener("visibilitychange", hold);
hold();
