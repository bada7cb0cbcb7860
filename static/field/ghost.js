// The same view again: the camera under the half-transparent photo of before. Without a camera, the phone's own one.

import { show, still } from "./camera.js";
import { clone } from "./draw.js";
import { say } from "./words.js";

// `before` is the address of a photo or its bytes. Returns a File, or null when it was left.
export async function shoot(before) {
  const dialog = clone("ghost");
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const [video, image, slider, shutter] = ["video", "before", "through", "shutter"].map(part);
  const address = typeof before === "string" ? before : URL.createObjectURL(new Blob([before], { type: "image/jpeg" }));
  let file = null;
  let stop = null;
  let isOpen = true;

  function close(made = null) {
    file = made;
    dialog.close();
  }
  // One way for all: a phone call, another app or a taken-away permission ends the picture too.
  function without() {
    stop?.();
    stop = null;
    if (!isOpen) return;
    dialog.dataset.camera = "none";
    part("live").hidden = true;
    part("status").textContent = say("ghost_no_camera");
    part("file").focus();
  }
  image.addEventListener("error", () => {
    image.hidden = slider.disabled = true; // photos of the server are not kept on the phone
    part("status").textContent = say("ghost_no_before");
  });
  slider.addEventListener("input", () => (image.style.opacity = slider.value / 100));
  shutter.addEventListener("click", () => {
    shutter.disabled = true;
    still(video).then(close, without);
  });
  part("file").addEventListener("change", (event) => event.target.files[0] && close(event.target.files[0]));
  part("cancel").addEventListener("click", () => close());

  image.src = address;
  image.style.opacity = slider.value / 100;
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) => dialog.addEventListener("close", resolve));
  show(video).then((off) => {
    stop = off;
    if (!isOpen) return off(); // it was left while the person was being asked
    video.srcObject.getVideoTracks()[0].addEventListener("ended", without);
    shutter.disabled = false;
    shutter.focus();
  }, without);

  await closed;
  isOpen = false;
  stop?.();
  dialog.remove();
  if (typeof before !== "string") URL.revokeObjectURL(address);
  return file;
}
