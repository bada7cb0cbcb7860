// Photos: shown before they are sent, and in full on one page. Without this, inputs and links do the same work.

for (const group of document.querySelectorAll("[data-photos]")) {
  const inputs = [...group.querySelectorAll("input[type=file]")];
  const strip = group.querySelector("[data-preview]");
  group.dataset.ready = "";
  group.addEventListener("change", () => {
    strip.replaceChildren();
    for (const file of inputs.flatMap((input) => [...input.files])) {
      const image = new Image(320, 240);
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      strip.append(image);
    }
  });
}

const dialog = document.createElement("dialog");
dialog.className = "viewer";
let links = [];
let at = 0;

function button(icon, words, act) {
  const made = document.createElement("button");
  made.className = "btn";
  made.append(icon);
  made.setAttribute("aria-label", words);
  made.addEventListener("click", act);
  return made;
}

function show(place) {
  at = (place + links.length) % links.length;
  const image = dialog.querySelector("img");
  image.src = links[at].href;
  image.alt = links[at].querySelector("img").alt;
  dialog.querySelector("p").textContent = `${image.alt} (${at + 1}/${links.length})`;
}

function open(strip, link) {
  const bar = document.createElement("div");
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  bar.className = "row between";
  bar.append(
    button("‹", strip.dataset.before, () => show(at - 1)),
    words,
    button("›", strip.dataset.after, () => show(at + 1)),
    button("✕", strip.dataset.close, () => dialog.close()),
  );
  dialog.replaceChildren(bar, new Image());
  dialog.setAttribute("aria-label", link.querySelector("img").alt);
  if (!dialog.isConnected) document.body.append(dialog);
  show(links.indexOf(link));
  dialog.showModal();
}

// All photos of the page are one row: before and after stand in neighbouring strips.
for (const strip of document.querySelectorAll("[data-viewer]")) {
  strip.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    links = [...document.querySelectorAll("[data-viewer] a")];
    open(strip, link);
  });
}
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") show(at - 1);
  if (event.key === "ArrowRight") show(at + 1);
});
