// The system's camera and album, opened inside a person's press, for whoever asked last.

let waiting = null;

// Opens at once, as the press that asked still counts. `onFiles(files)` is called if photos come, `onNone` if not.
export function shoot(kind, onFiles, onNone = () => {}) {
  const input = document.querySelector(`[data-input=${kind}]`);
  waiting = { onFiles, onNone };
  input.value = "";
  input.click();
}

for (const input of document.querySelectorAll("[data-input]")) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    if (files.length) waiting?.onFiles(files);
  });
  input.addEventListener("cancel", () => waiting?.onNone());
}
