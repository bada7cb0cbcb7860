// Which zones were looked at: "the other N are normal" can be pressed once a zone stood on the screen for a while.

const LONG_ENOUGH = 2000;

// Calls `ready(zone element)` once, after its heading was on the screen for two seconds in one go.
export function watchSeen(zones, ready) {
  const timers = new Map();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        if (!isIntersecting) continue;
        const zone = target.closest(".zone");
        timers.set(target, setTimeout(() => (watcher.unobserve(target), ready(zone)), LONG_ENOUGH));
      }
    },
    { threshold: 0.9 },
  );
  for (const zone of zones) watcher.observe(zone.querySelector("header"));
}
