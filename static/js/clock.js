// Writes moments in the reader's own time zone, and counts down estimates.

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const second = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();

export const pausedSince = (iso) => `Paused: no one has been connected since ${asClock(new Date(iso))}`;

// The hour alone says enough only of today.
function asClock(moment) {
  const today = midnight(moment) === midnight(new Date());
  return today ? clock.format(moment) : `${day.format(moment)} ${clock.format(moment)}`;
}

function asDay(moment) {
  const days = Math.round((midnight(new Date()) - midnight(moment)) / 86_400_000);
  if (days === 0) return `today ${clock.format(moment)}`;
  if (days === 1) return "yesterday";
  return moment.getFullYear() === new Date().getFullYear() ? day.format(moment) : year.format(moment);
}

function asSecond(moment) {
  const today = midnight(moment) === midnight(new Date());
  return today ? second.format(moment) : `${day.format(moment)} ${second.format(moment)}`;
}

const writers = { day: asDay, second: asSecond, clock: asClock };

function write(element) {
  const moment = new Date(element.dateTime);
  element.textContent = writers[element.dataset.time](moment);
  element.title = moment.toLocaleString();
}

function count(element) {
  element.dueAt ??= Date.now() + Number(element.dataset.countdown) * 1000;
  const left = Math.max(0, Math.round((element.dueAt - Date.now()) / 1000));
  element.textContent = left > 90 ? `about ${Math.round(left / 60)} min` : left ? `about ${left} s` : "any moment";
}

const tick = () => document.querySelectorAll("[data-countdown]").forEach(count);

function writeAll(root) {
  root.querySelectorAll("time[data-time]").forEach(write);
  root.querySelectorAll("[data-countdown]").forEach(count);
}

export function watchTimes() {
  writeAll(document);
  document.body.addEventListener("htmx:afterSwap", () => writeAll(document));
  document.addEventListener("verbatim:swapped", ({ detail }) => writeAll(detail.element.parentElement));
  setInterval(tick, 1000);
}
