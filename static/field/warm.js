// Without a worker only an open page works: what its dialogs would load at a press is loaded while there is a network.

const dialogs = [...document.querySelectorAll("template[data-module]")];
for (const { dataset } of dialogs) import(dataset.module).catch(() => {});

// Their style sheet, for good: a link inside a dialog would ask for it anew.
const sheet = dialogs.map(({ content }) => content.querySelector("link")).find(Boolean);
if (sheet) document.head.append(sheet.cloneNode());
