// Threads as the panel shows them: what the server has, with what waits in this browser, in the order of the text.
import { toUnits } from "../../editor/protocol/text.js";

export const FILTERS = {
  open: ({ resolved }) => !resolved,
  resolved: ({ resolved }) => Boolean(resolved),
  you: (thread) => !thread.resolved && [thread, ...thread.replies].some((one) => one.mentions_you),
};

const fresh = ({ key, fields, state, sentence, at }, me) => ({
  id: fields.id, author: me.name, own: true, body: fields.body, at: new Date(at).toISOString(), edited: false, removed: false, mentions_you: false,
  unsent: { key, state, sentence },
});

// The places of a thread: its own, and its parts in further segments.
export const placesOf = (thread) => [thread, ...(thread.parts ?? [])].filter(({ segment }) => segment);

// What was chosen, over all segments.
export const quotedIn = (thread) => [thread, ...(thread.parts ?? [])].map(({ quoted }) => quoted).filter(Boolean).join(" ");

const partOf = ([segment, begin, end, quoted]) => ({ segment, begin, end, quoted, latest: quoted, lost: false });

function asThread(draft, me) {
  const { fields } = draft;
  const number = (name) => (fields[name] === undefined || fields[name] === "" ? null : Number(fields[name]));
  return {
    ...fresh(draft, me), kind: fields.kind, segment: fields.segment ?? "", begin: number("begin") ?? 0, end: number("end") ?? 0, quoted: fields.quoted ?? "",
    parts: JSON.parse(fields.parts || "[]").map(partOf), latest: fields.quoted ?? "", lost: false, at_ms: number("at_ms"), colour: fields.colour ?? "", tag: fields.tag ?? "", resolved: "", resolved_by: "", replies: [],
  };
}

// Returns the threads with what was written here and not confirmed. `drafts` are those of the outbox.
export function withUnsent(threads, drafts, me) {
  const found = new Map(threads.map((thread) => [thread.id, { ...thread, replies: thread.replies.map((one) => ({ ...one })) }]));
  const known = new Map([...found.values()].flatMap((thread) => [thread, ...thread.replies].map((one) => [one.id, one])));
  for (const draft of [...drafts].sort((one, other) => one.at - other.at)) {
    const [act, id] = draft.name.split(":");
    if (act === "add") add(draft, id);
    else if (known.has(id)) change(known.get(id), act, draft);
  }

  function add(draft, id) {
    if (known.has(id)) return;
    const parent = draft.fields.parent;
    const made = parent ? fresh(draft, me) : asThread(draft, me);
    known.set(id, made);
    if (!parent) found.set(id, made);
    else found.get(parent)?.replies.push(made);
  }

  function change(one, act, { key, state, sentence, fields, at }) {
    one.unsent = { key, state, sentence };
    if (state === "refused") return;
    if (act === "edit") Object.assign(one, { body: fields.body, edited: true });
    if (act === "remove") one.removed = true;
    if (act === "settle") Object.assign(one, { resolved: fields.resolved ? new Date(at).toISOString() : "", resolved_by: me.name });
  }

  const isShown = (one) => !one.removed || one.unsent?.state === "refused";
  const shown = [...found.values()].map((thread) => ({ ...thread, replies: thread.replies.filter(isShown) }));
  return shown.filter((thread) => isShown(thread) || thread.replies.length);
}

// Returns the threads in the order of the text; those without words are where their moment is.
export function inOrder(threads, rows) {
  const places = new Map(rows.map(({ id }, at) => [id, at]));
  const timed = (ms) => rows.findLastIndex(({ start_ms: start }) => (start ?? Infinity) <= ms);
  const placeOf = ({ segment, at_ms: ms }) => places.get(segment) ?? timed(ms ?? 0) + 0.5;
  return [...threads].sort((one, other) => placeOf(one) - placeOf(other) || one.begin - other.begin || one.at.localeCompare(other.at));
}

// Returns { from, to } of a thread's words in the text that the page shows, in its units, or null if they aren't there. What is
// typed here and not yet saved may have moved them: the nearest place with the same words is theirs.
export function placeIn(text, { begin, end, latest, lost }) {
  if (lost || begin === end) return null;
  const [from, to] = [toUnits(text, begin), toUnits(text, end)];
  if (!latest || text.slice(from, to) === latest) return { from, to };
  let nearest = -1;
  for (let at = text.indexOf(latest); at >= 0; at = text.indexOf(latest, at + 1)) {
    if (nearest < 0 || Math.abs(at - from) < Math.abs(nearest - from)) nearest = at;
  }
  return nearest < 0 ? null : { from: nearest, to: nearest + latest.length };
}

export const counted = (count) => (count === 1 ? "1 comment" : `${count} comments`);
