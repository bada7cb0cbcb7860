// Puts text into markup that came with the page. Text only: nothing that a person typed becomes markup.

// The one element of <template data-t="name">, fresh.
export function clone(name) {
  const template = document.querySelector(`template[data-t="${name}"]`);
  return template.content.firstElementChild.cloneNode(true);
}

// Sets the text of each [data-f=field] in the node (or of the node itself); returns the node.
export function fill(node, fields) {
  for (const [field, text] of Object.entries(fields)) {
    const spots = [...node.querySelectorAll(`[data-f="${field}"]`)];
    if (node.dataset?.f === field) spots.push(node);
    for (const spot of spots) spot.textContent = text;
  }
  return node;
}
