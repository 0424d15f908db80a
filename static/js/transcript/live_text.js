// The captions of a live session: final segments, each once and in order; provisional words in grey, replaced in place.
import { createAutoscroll } from "./autoscroll.js";
import { createBlocks } from "./blocks.js";

const VOICES = 4;

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
  if (said.textContent !== text) said.textContent = text;
}

export function createLiveText(element) {
  const sheet = element.querySelector("[data-text]");
  const provisional = sheet.querySelector("[data-provisional]");
  const template = element.querySelector("template[data-template=line]");
  const segments = new Map();
  const { place } = createBlocks(sheet, provisional);
  const autoscroll = createAutoscroll({ end: provisional, button: element.querySelector("[data-jump-to-live]") });
  const speakers = new Map();
  let last = null;

  // Takes what an edit changed: speakers first, so that segments find their names.
  function showEdit({ rows = [], speakers: named = [] }) {
    named.forEach(showSpeaker);
    rows.forEach((row) => (row.gone ? removeSegment(row) : showSegment(row)));
  }

  function showSpeaker(speaker) {
    speakers.set(speaker.id, speaker);
    for (const name of sheet.querySelectorAll(`[data-speaker="${CSS.escape(speaker.id)}"]`)) name.textContent = speaker.label;
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
    const node = known ?? template.content.firstElementChild.cloneNode(true);
    Object.assign(node.dataset, { id: segment.id, revision: segment.revision });
    writeSpeaker(node, speakers.get(segment.speaker));
    writeText(node, segment);
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

  return {
    showEdit,
    showProvisional: (text) => {
      if (provisional.textContent === text) return;
      provisional.textContent = text;
      autoscroll.scroll();
    },
    jumpToEnd: autoscroll.jump,
    end: autoscroll.end,
  };
}
