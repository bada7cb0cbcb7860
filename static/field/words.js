// What scripts say: the words come with the page, in its language.

const rows = document.querySelector("template[data-words]")?.content.children ?? [];
const words = new Map([...rows].map((row) => [row.dataset.word, row.textContent]));

// The words of a key, with each %(name)s replaced. An unknown key shows itself: it is seen and mended.
export function say(key, values = {}) {
  return (words.get(key) ?? key).replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}
