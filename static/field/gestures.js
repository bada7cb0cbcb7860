// From where to where on a picture: by finger, mouse or keys. A press without a drag is a place alone.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `moved(from|null, to, cursor|null)` while it goes on, `ended(from, to)` at its end. Returns what takes it off.
// Points are {x0, y0} and {x1, y1} in the canvas's own pixels.
export function gestures(canvas, { moved, ended }) {
  let from = null;
  let cursor = null;
  const listening = new AbortController();
  const on = (name, act) => canvas.addEventListener(name, act, { signal: listening.signal });
  const start = ([x, y]) => (from = { x0: x, y0: y });
  const end = ([x, y]) => ({ x1: x, y1: y });

  function placeOf(event) {
    const box = canvas.getBoundingClientRect();
    const inside = (at, size, pixels) => Math.max(0, Math.min(pixels, (at / size) * pixels));
    return [
      inside(event.clientX - box.left, box.width, canvas.width),
      inside(event.clientY - box.top, box.height, canvas.height),
    ];
  }
  function finish(place) {
    const began = from;
    from = null;
    ended(began, end(place));
  }

  on("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    cursor = null;
    start(placeOf(event));
  });
  on("pointermove", (event) => from && event.isPrimary && !cursor && moved(from, end(placeOf(event)), null));
  on("pointerup", (event) => from && event.isPrimary && !cursor && finish(placeOf(event)));
  on("pointercancel", () => {
    from = null;
    moved(null, null, null);
  });

  function step(event) {
    const far = (Math.max(canvas.width, canvas.height) / 100) * (event.shiftKey ? 10 : 2);
    const [dx, dy] = STEPS[event.key];
    cursor ??= [canvas.width / 2, canvas.height / 2];
    cursor = [
      Math.max(0, Math.min(canvas.width, cursor[0] + dx * far)),
      Math.max(0, Math.min(canvas.height, cursor[1] + dy * far)),
    ];
  }
  function act() {
    cursor ??= [canvas.width / 2, canvas.height / 2];
    if (from) finish(cursor);
    else start(cursor);
  }
  on("keydown", (event) => {
    if (event.key in STEPS) step(event);
    else if (event.key === "Enter" || event.key === " ") act();
    else if (event.key === "Escape" && from) from = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
    moved(from, cursor && end(cursor), cursor && { x0: cursor[0], y0: cursor[1] });
  });
  on("blur", () => {
    from = null;
    moved(null, null, null);
  });
  return () => listening.abort();
}
