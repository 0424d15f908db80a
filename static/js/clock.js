// Every time that a page shows: durations, moments in the reader's time zone, and what counts up or down.

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
// Between two updates a position may run ahead of the last one this far.
const LONGEST_GUESS_MS = 2_000;

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const timeWithSeconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", hourCycle: "h23" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dateWithYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

// Returns 1:05 or 1:02:05.
export function formatDuration(ms) {
  const whole = Math.floor(ms / SECOND_MS);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const rest = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(seconds).padStart(2, "0")}`;
  return hours ? `${hours}:${rest}` : rest;
}

// Returns "45 s", "12 min" or "3 h".
export function formatRemaining(seconds) {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

const formatCountdown = (seconds) => (seconds > 0 ? `about ${formatRemaining(seconds)}` : "any moment");

// Returns 14:32, with the day unless it is today.
export const formatTime = (moment) => withDate(moment, time);

export const pausedSince = (iso) => `Paused: no one has been connected since ${withDate(new Date(iso), time)}`;

const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();

const daysAgo = (moment) => Math.round((midnight(new Date()) - midnight(moment)) / DAY_MS);

// The time alone is enough only for today.
const withDate = (moment, format) => (daysAgo(moment) === 0 ? format.format(moment) : `${date.format(moment)} ${format.format(moment)}`);

export function formatDay(moment) {
  const days = daysAgo(moment);
  if (days === 0) return `today ${time.format(moment)}`;
  if (days === 1) return "yesterday";
  return moment.getFullYear() === new Date().getFullYear() ? date.format(moment) : dateWithYear.format(moment);
}

// What `data-time` asks for.
const formats = {
  day: formatDay,
  second: (moment) => withDate(moment, timeWithSeconds),
  clock: (moment) => withDate(moment, time),
};

function write(element) {
  const moment = new Date(element.dateTime);
  element.textContent = formats[element.dataset.time](moment);
  element.title = moment.toLocaleString();
}

function countDown(element) {
  element.dueAt ??= Date.now() + Number(element.dataset.countdown) * SECOND_MS;
  element.textContent = formatCountdown(Math.round((element.dueAt - Date.now()) / SECOND_MS));
}

function writeAll(root) {
  root.querySelectorAll("time[data-time]").forEach(write);
  root.querySelectorAll("[data-countdown]").forEach(countDown);
}

// Calls `tick()` each second until what it returns is called.
export function everySecond(tick) {
  const timer = setInterval(tick, SECOND_MS);
  return () => clearInterval(timer);
}

// A position in a session that is told now and then, and runs on in between while `isRunning()`.
export function createPosition(startMs, isRunning, now = () => performance.now()) {
  let position = startMs;
  let updatedAt = now();
  return {
    get lastMs() { return position; },
    get nowMs() { return isRunning() ? position + Math.min(now() - updatedAt, LONGEST_GUESS_MS) : position; },
    update: (ms) => { [position, updatedAt] = [ms, now()]; },
  };
}

export function watchTimes() {
  writeAll(document);
  document.body.addEventListener("htmx:afterSwap", () => writeAll(document));
  document.addEventListener("verbatim:swapped", ({ detail }) => writeAll(detail.element.parentElement));
  everySecond(() => document.querySelectorAll("[data-countdown]").forEach(countDown));
}
