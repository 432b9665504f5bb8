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

// Times in the reader's own zone, and in their own manner where they speak the page's language.
const language = document.documentElement.lang;
const manner = navigator.languages.find((own) => own.split("-")[0] === language) ?? language;
const brief = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" };
const whole = { ...brief, weekday: "long", month: "long", timeZoneName: "short" };
for (const time of document.querySelectorAll("time")) {
  const parts = time.closest(".when") ? whole : brief;
  time.textContent = new Date(time.dateTime).toLocaleString(manner, parts);
}
for (const plain of document.querySelectorAll("[data-plain]")) plain.hidden = true;

// What is left counts down by the service's clock, however wrong this one is.
const card = document.getElementById("landing");
const ahead = Date.parse(card.dataset.now) - Date.now();
const countdown = document.querySelector(".countdown");
const expiry = document.getElementById("until-left");
// Rounded as the client rounds, so that two people who look at the same request read the same.
const units = [["second", 1, 60], ["minute", 60, 60], ["hour", 3_600, 48]];

function secondsTo(element) {
  return Math.ceil((Date.parse(element.dataset.until) - Date.now() - ahead) / 1_000);
}

function clock(seconds) {
  const days = Math.floor(seconds / 86_400);
  const parts = [(seconds / 3_600) % 24, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0"));
  const day = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" });
  return (days ? `${day.format(days)}, ` : "") + parts.join(":");
}

// Of the calendar.
function daysTo(element) {
  const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(element.dataset.until) - midnight(Date.now() + ahead)) / 86_400_000);
}

function roughly(element) {
  const seconds = secondsTo(element);
  const [unit, length] = units.find(([, length, most]) => seconds < length * most) ?? ["day"];
  return new Intl.RelativeTimeFormat(language).format(length ? Math.round(seconds / length) : daysTo(element), unit);
}

function tick() {
  const passed = [countdown, expiry].some((element) => element && secondsTo(element) <= 0);
  if (passed) {
    clearInterval(ticking);
    location.reload();
    return;
  }
  if (countdown) {
    countdown.hidden = false;
    countdown.querySelector(".left").textContent = clock(secondsTo(countdown));
  }
  if (expiry) expiry.textContent = `(${roughly(expiry)})`;
}

const ticking = setInterval(tick, 1_000);
// The first look is a second later: a page that comes back unchanged is not loaded again and again at once.
if ([countdown, expiry].every((element) => !element || secondsTo(element) > 0)) tick();

// Meanwhile the computer may have joined, or somebody set another time, or no longer waits for it.
async function look() {
  try {
    const text = await (await fetch(location.href, { cache: "no-store" })).text();
    const there = new DOMParser().parseFromString(text, "text/html");
    const state = there.getElementById("landing")?.dataset.state;
    const opens = there.querySelector(".countdown")?.dataset.until;
    if (state && (state !== card.dataset.state || opens !== countdown?.dataset.until)) location.reload();
  } catch {
    // Not reached: the next look may be luckier.
  }
}

if (countdown) setInterval(look, 60_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") look();
});
