// The text as it comes: final lines in ink, each once and in its order; what may still change in grey, replaced in place.

import { parts } from "./blocks.js";

const NEAR_PX = 160;

export function clock(ms) {
  const whole = Math.floor(ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(seconds).padStart(2, "0")}`;
  return hours ? `${hours}:${tail}` : tail;
}

// The server's line and this one are cut from the same template.
function cut(element, name) {
  return element.querySelector(`template[data-cut=${name}]`).content.firstElementChild.cloneNode(true);
}

function name(line, speaker) {
  const who = line.querySelector("[data-speaker]");
  if (!speaker) return who.parentElement.hidden = true;
  who.parentElement.hidden = false;
  who.dataset.speaker = speaker.id;
  who.textContent = speaker.label;
  line.className = `line voice-${(speaker.number % 4) + 1}`;
}

export function paper(element) {
  const sheet = element.querySelector("[data-text]");
  const provisional = sheet.querySelector("[data-provisional]");
  const back = element.querySelector("[data-back]");
  const lines = new Map([...sheet.querySelectorAll("[data-position]")].map((line) => [Number(line.dataset.position), line]));
  const items = new Map([...sheet.querySelectorAll("[data-item]")].map((item) => [item.dataset.item, item]));
  const { place } = parts(sheet, provisional);
  let latest = [...lines.values()].at(-1);
  let following = true;
  let frame = 0;

  // Whether the end is in sight is told by the browser: asking for it would lay out the page at each word.
  const eye = new IntersectionObserver(([seen]) => {
    following = seen.isIntersecting;
    if (back) back.hidden = following;
  }, { rootMargin: `0px 0px ${NEAR_PX}px` });
  eye.observe(provisional);

  function keepUp() {
    if (!following || frame || sheet.querySelector("[data-editing]")) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      scrollTo({ top: document.documentElement.scrollHeight });
    });
  }

  function line(segment) {
    const known = lines.get(segment.position);
    if (known && Number(known.dataset.revision) > segment.revision) return;
    const node = known ?? cut(element, "line");
    const said = node.querySelector("[data-said]");
    Object.assign(node.dataset, { id: segment.id, position: segment.position, revision: segment.revision });
    name(node, segment.speaker);
    if (segment.language) said.lang = segment.language;
    else said.removeAttribute("lang");
    node.toggleAttribute("data-unconfirmed", Boolean(segment.unconfirmed));
    // What somebody is writing at this moment stays theirs.
    if ("editing" in said.dataset) node.newest = segment.text;
    else if (said.textContent !== segment.text) said.textContent = segment.text;
    if (known) return;
    lines.set(segment.position, node);
    if (!latest || segment.position > Number(latest.dataset.position)) latest = node;
    node.dataset.at = segment.start_ms ?? latest?.dataset.at ?? 0;
    place(node, Number(node.dataset.at));
    provisional.textContent = "";
    keepUp();
  }

  return {
    sheet,
    line,
    lines: () => [...lines.values()],
    last: () => latest,
    byId: (id) => [...lines.values()].find((node) => node.dataset.id === String(id)),
    speaker: (speaker) => {
      for (const who of sheet.querySelectorAll(`[data-speaker="${speaker.id}"]:not([data-editing])`)) who.textContent = speaker.label;
    },
    partial: (text) => {
      if (provisional.textContent === text) return;
      provisional.textContent = text;
      keepUp();
    },
    // A marker or a gap: put where it belongs in time, once; `fill` writes it.
    item: (key, at, fill) => {
      let node = items.get(key);
      if (!node) {
        node = cut(element, key.startsWith("gap") ? "gap" : "marker");
        node.dataset.item = key;
        node.dataset.at = at;
        items.set(key, node);
        place(node, at);
        keepUp();
      }
      fill(node);
      return node;
    },
    drop: (key) => {
      const part = items.get(key)?.parentElement;
      items.get(key)?.remove();
      items.delete(key);
      if (part && !part.children.length) part.remove();
    },
    toEnd: () => { following = true; keepUp(); },
    end: () => eye.disconnect(),
  };
}
