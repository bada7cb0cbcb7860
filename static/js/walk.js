// The walk without reloads: a press is saved at once. Without this the same buttons send the same form.

const page = document.querySelector("[data-walk]");
const unsaved = page.querySelector("[data-unsaved]");
page.dataset.ready = "";
htmx.config.includeIndicatorStyles = false; // the page allows no inline style
htmx.config.allowEval = false;

document.body.addEventListener("htmx:beforeSwap", (event) => {
  // Led elsewhere, as to the login after the session ended: show that page as a whole.
  if (new URL(event.detail.xhr.responseURL).pathname !== event.detail.pathInfo.requestPath) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, (event) => {
    if (event.detail.xhr?.status === 403) location.reload(); // signed out meanwhile
    unsaved.hidden = false;
    unsaved.scrollIntoView({ block: "center" });
  });
}

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  unsaved.hidden = true;
  const pressed = event.detail.requestConfig.elt; // off the page by now: its zone was drawn anew
  // The rest of a zone is said: the next zone comes up by itself.
  if (pressed.name === "rest") {
    const zone = document.getElementById(`z-${pressed.value}`);
    zone?.nextElementSibling?.scrollIntoView({ block: "start" });
  }
});

// A photo that was taken is sent: no second press.
page.addEventListener("change", (event) => {
  if (event.target.matches("input[data-send]") && event.target.files.length) event.target.form.requestSubmit();
});
