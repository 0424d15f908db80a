// Puts entries of the history under the days on which they were made, in the reader's time zone.
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const dateWithYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

const dayBefore = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() - 1);

// Returns "Today", "Yesterday", "Thursday 26 November" or "26 November 2024".
export function dayName(moment, now = new Date()) {
  if (moment.toDateString() === now.toDateString()) return "Today";
  if (moment.toDateString() === dayBefore(now).toDateString()) return "Yesterday";
  return (moment.getFullYear() === now.getFullYear() ? date : dateWithYear).format(moment);
}

// Puts the items behind those that `list` has, newest first. An item without a time belongs to the day of the one before.
export function appendByDay(list, items, now = new Date()) {
  for (const item of items) {
    const shown = item.querySelector("[data-at]");
    if (shown) {
      const moment = new Date(shown.dateTime);
      shown.textContent = time.format(moment);
      shown.title = moment.toLocaleString();
      beginDay(list, dayName(moment, now));
    }
    lastDay(list).append(item);
  }
}

function beginDay(list, name) {
  if (list.lastElementChild?.dataset.day === name) return;
  const section = document.createElement("section");
  section.dataset.day = name;
  const heading = Object.assign(document.createElement("h2"), { className: "sub2", textContent: name });
  const entries = Object.assign(document.createElement("ol"), { className: "items" });
  section.append(heading, entries);
  list.append(section);
}

function lastDay(list) {
  if (!list.lastElementChild) list.append(Object.assign(document.createElement("section"), { innerHTML: '<ol class="items"></ol>' }));
  return list.lastElementChild.querySelector("ol");
}
