// A button that prints; without this the browser's own menu does it.

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
