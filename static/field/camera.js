// The rear camera as a picture on the page, and one still of it. Asked for only when a person opened it.

const WISH = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } };

// Show the camera in `video`; returns what switches it off. Rejects without camera, permission or secure address.
export async function show(video) {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera", "NotFoundError");
  const stream = await navigator.mediaDevices.getUserMedia({ video: WISH, audio: false });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    return stop;
  } catch (reason) {
    stop(); // the lamp beside the lens must not stay on
    throw reason;
  }
}

// What the camera shows now, as a file like one of the phone's own camera.
export async function still(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  try {
    canvas.getContext("2d", { alpha: false }).drawImage(video, 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
    if (!blob) throw new DOMException("no picture yet", "InvalidStateError");
    return new File([blob], "camera.jpg", { type: "image/jpeg" });
  } finally {
    canvas.width = canvas.height = 0;
  }
}
