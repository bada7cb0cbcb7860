// Without a worker only an open page works: what it would load at a press is loaded while there is a network.

const ON_DEMAND = {
  "[data-t=burst]": () => import("./burst.js"),
  "[data-t=scan]": () => import("./scan.js"),
  "[data-t=retouch]": () => import("./retouch.js"),
  "[data-t=ghost]": () => import("./ghost.js"),
  "[data-discard]": () => import("./discard.js"),
};

for (const [spot, load] of Object.entries(ON_DEMAND)) if (document.querySelector(spot)) load().catch(() => {});

// The dialogs' own style sheet, for good: a link inside a dialog would ask for it anew.
const sheets = [...document.querySelectorAll("template")].map(({ content }) => content.querySelector("link"));
const sheet = sheets.find(Boolean);
if (sheet) document.head.append(sheet.cloneNode());
