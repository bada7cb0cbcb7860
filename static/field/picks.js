// Choices as chips: one press chooses, a second press on the same one takes the choice back.

import { clone, fill } from "./draw.js";

// `options` is [{value, text}]; `choose(value or null)` hears what is chosen now.
export function picks(spot, name, options, chosen, choose) {
  let at = chosen === null || chosen === undefined ? null : String(chosen);
  const nodes = options.map(({ value, text }) => {
    const node = fill(clone("pick"), { text });
    const input = node.querySelector("input");
    Object.assign(input, { name, value: String(value), checked: String(value) === at });
    input.addEventListener("click", () => {
      at = at === input.value ? null : input.value;
      input.checked = at !== null;
      choose(at);
    });
    return node;
  });
  spot.replaceChildren(...nodes);
  spot.hidden = !nodes.length;
}
