// The text of a live session: final segments, each once and in order; provisional words in grey, replaced in place.
import { createBlocks } from "./blocks.js";

const NEAR_PX = 160;
const VOICES = 4;

// Segments that the server writes and those made here come from the same template.
function fromTemplate(element, name) {
  return element.querySelector(`template[data-template=${name}]`).content.firstElementChild.cloneNode(true);
}

function writeSpeaker(node, speaker) {
  const name = node.querySelector("[data-speaker]");
  name.parentElement.hidden = !speaker;
  if (!speaker) return;
  name.dataset.speaker = speaker.id;
  name.textContent = speaker.label;
  node.className = `line voice-${((speaker.number - 1) % VOICES) + 1}`;
}

function writeText(node, { text, language }) {
  const said = node.querySelector("[data-said]");
  if (language) said.lang = language;
  else said.removeAttribute("lang");
  // What someone is editing stays theirs.
  if ("editing" in said.dataset) node.newestText = text;
  else if (said.textContent !== text) said.textContent = text;
}

// Keeps the end in view while it is in sight. The browser tells whether it is: asking would lay out the page at each word.
function createAutoscroll(sheet, end, button) {
  let isFollowing = true;
  let frame = 0;
  const observer = new IntersectionObserver(([entry]) => {
    isFollowing = entry.isIntersecting;
    if (button) button.hidden = isFollowing;
  }, { rootMargin: `0px 0px ${NEAR_PX}px` });
  observer.observe(end);

  function scroll() {
    if (!isFollowing || frame || sheet.querySelector("[data-editing]")) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      scrollTo({ top: document.documentElement.scrollHeight });
    });
  }

  function jump() {
    isFollowing = true;
    scroll();
  }

  button?.addEventListener("click", jump);
  return { scroll, jump, end: () => observer.disconnect() };
}

export function createLiveText(element) {
  const sheet = element.querySelector("[data-text]");
  const provisional = sheet.querySelector("[data-provisional]");
  const segments = new Map([...sheet.querySelectorAll("[data-id]")].map((node) => [node.dataset.id, node]));
  const items = new Map([...sheet.querySelectorAll("[data-item]")].map((node) => [node.dataset.item, node]));
  const { place } = createBlocks(sheet, provisional);
  const autoscroll = createAutoscroll(sheet, provisional, element.querySelector("[data-jump-to-live]"));
  const speakers = new Map();
  let last = [...segments.values()].at(-1);

  // Takes what an edit changed: speakers first, so that segments find their names.
  function showEdit({ rows = [], speakers: named = [] }) {
    named.forEach(showSpeaker);
    rows.forEach((row) => (row.gone ? removeSegment(row) : showSegment(row)));
  }

  function showSpeaker(speaker) {
    speakers.set(speaker.id, speaker);
    for (const name of sheet.querySelectorAll(`[data-speaker="${CSS.escape(speaker.id)}"]:not([data-editing])`)) name.textContent = speaker.label;
  }

  function removeSegment({ id }) {
    const block = segments.get(id)?.parentElement;
    segments.get(id)?.remove();
    segments.delete(id);
    if (block && !block.children.length) block.remove();
    last = [...segments.values()].at(-1);
  }

  function showSegment(segment) {
    const known = segments.get(segment.id);
    if (known && Number(known.dataset.revision) > segment.revision) return;
    const node = known ?? fromTemplate(element, "line");
    Object.assign(node.dataset, { id: segment.id, revision: segment.revision });
    writeSpeaker(node, speakers.get(segment.speaker));
    writeText(node, segment);
    node.toggleAttribute("data-unconfirmed", Boolean(segment.unconfirmed));
    if (!known) insert(node, segment);
  }

  function insert(node, { id, after, start_ms: startMs }) {
    const isLast = !last || !segments.has(after) || segments.get(after) === last;
    node.dataset.at = startMs ?? last?.dataset.at ?? 0;
    segments.set(id, node);
    if (isLast) {
      last = node;
      place(node, Number(node.dataset.at));
    } else segments.get(after).after(node);
    provisional.textContent = "";
    autoscroll.scroll();
  }

  // Shows a marker or a gap at its time, once; `write(node)` fills it.
  function showItem(key, ms, write) {
    const node = items.get(key) ?? insertItem(key, ms);
    write(node);
    return node;
  }

  function insertItem(key, ms) {
    const node = fromTemplate(element, key.startsWith("gap") ? "gap" : "marker");
    Object.assign(node.dataset, { item: key, at: ms });
    items.set(key, node);
    place(node, ms);
    autoscroll.scroll();
    return node;
  }

  function removeItem(key) {
    const block = items.get(key)?.parentElement;
    items.get(key)?.remove();
    items.delete(key);
    if (block && !block.children.length) block.remove();
  }

  return {
    sheet,
    showEdit,
    showItem,
    removeItem,
    segments: () => [...sheet.querySelectorAll("[data-id]")],
    last: () => last,
    byId: (id) => segments.get(id),
    renameSpeaker: showSpeaker,
    showProvisional: (text) => {
      if (provisional.textContent === text) return;
      provisional.textContent = text;
      autoscroll.scroll();
    },
    jumpToEnd: autoscroll.jump,
    end: autoscroll.end,
  };
}
