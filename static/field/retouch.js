// Arrow, circle and blur on a photo before it is sent. Returns the photo's row with new bytes, or null.

import { clone } from "./draw.js";
import { jpeg } from "./jpeg.js";
import { paint, sized } from "./marks.js";
import { alone, decode } from "./picture.js";
import { gestures } from "./gestures.js";
import { say } from "./words.js";

// `row` is a row of `photos`; one that was sent already is evidence on the server and stays as it is.
export async function retouch(row) {
  if (row.sent) return null;
  const picture = await alone(() => decode(new Blob([row.bytes], { type: row.type })));
  const dialog = clone("retouch");
  document.body.append(dialog);
  try {
    const marks = await drawn(dialog, picture, row.band ?? 0);
    return marks.length ? await redone(row, picture, marks) : null;
  } finally {
    dialog.querySelector("canvas").width = 0;
    dialog.remove();
    picture.close();
  }
}

// Show the dialog; the marks that were set when it was left by “done”, none when by “cancel”.
function drawn(dialog, picture, band) {
  const canvas = dialog.querySelector("canvas");
  const status = dialog.querySelector("[role=status]");
  const undo = dialog.querySelector("[data-undo]");
  const marks = [];
  const tool = () => dialog.querySelector("input[name=tool]:checked").value;
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

  // `open` is a mark still being drawn, `cursor` where the keyboard stands.
  function show({ open, cursor } = {}) {
    context.drawImage(picture.source, 0, 0);
    paint(context, marks, band);
    if (open) paint(context, [{ ...open, tool: open.tool === "blur" ? "box" : open.tool }], 0);
    if (cursor) paint(context, [{ tool: "cross", ...cursor }], 0);
  }
  function changed(word) {
    undo.disabled = !marks.length;
    status.textContent = say(word, { n: marks.length });
    show();
  }
  const detach = gestures(canvas, {
    moved: (from, to, cursor) => show({ open: from && { tool: tool(), ...from, ...to }, cursor }),
    ended: (from, to) => {
      marks.push(sized({ tool: tool(), ...from, ...to }, canvas.width, canvas.height));
      changed("retouch_set");
    },
  });
  undo.addEventListener("click", () => {
    marks.pop();
    changed("retouch_undone");
    if (!marks.length) canvas.focus(); // the button that was pressed is off now
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    undo.click();
  });
  for (const way of ["done", "cancel"]) {
    dialog.querySelector(`[data-${way}]`).addEventListener("click", () => dialog.close(way));
  }
  show();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      detach();
      resolve(dialog.returnValue === "done" ? marks : []);
    });
  });
}

// The stored picture once more, now with the marks in its pixels: other bytes, another sha256.
function redone(row, picture, marks) {
  return alone(async () => {
    const edge = Math.max(picture.width, picture.height);
    const band = row.band ?? 0;
    const marked = (context) => {
      paint(context, marks, band);
      return band;
    };
    return { ...row, ...(await jpeg(picture, { edge, quality: 0.85, paint: marked })) };
  });
}
