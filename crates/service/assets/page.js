// Opens the link for a person, never for a machine that only looks: the page must be visible, and touched.
"use strict";

const form = document.getElementById("open");
// Not "scroll": a script can scroll too, and the event would still be trusted.
const touches = ["pointerdown", "keydown", "wheel", "touchmove"];

function open(event) {
  if (!event.isTrusted || document.visibilityState !== "visible") return;
  // Its own button sends the form by itself.
  if (event.target instanceof Node && form.contains(event.target)) return;
  for (const touch of touches) removeEventListener(touch, open);
  form.requestSubmit();
}

if (form) for (const touch of touches) addEventListener(touch, open, { passive: true });

// Times in the reader's own zone and manner.
for (const time of document.querySelectorAll("time")) {
  const at = new Date(time.dateTime);
  time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}
