// The transcript as rows, and what each operation does to them: a copy of the server's rules.
//
// A row is what the server sends (`Row` in its protocol). `gone` is absent if the row is present, true if it was removed,
// and the id of the row it was merged into if it was merged. Rows are never changed, only replaced.
import { accepted, between, followed, joined, timesOf } from "./placed_words.js";
import { gapBetween, mapOffset, merge, toUnits, trimEnd, trimStart } from "./text.js";

// Rows that others split off are looked for this far behind the row.
const FAMILY_REACH = 200;

export class Rows {
  #present = null;

  constructor(order = [], map = new Map(), speakers = new Map()) { Object.assign(this, { order, map, speakers }); }

  static of(rows, speakers = []) {
    return new Rows(rows.map((row) => row.id), new Map(rows.map((row) => [row.id, row])), new Map(speakers.map((one) => [one.id, one])));
  }

  clone() { return new Rows(this.order.slice(), new Map(this.map), new Map(this.speakers)); }
  get(id) { return this.map.get(id); }
  has(id) { return this.map.has(id); }
  present() { return this.#present ??= this.order.map((id) => this.map.get(id)).filter((row) => !row.gone); }

  set(id, change) {
    this.map.set(id, { ...this.map.get(id), ...change });
    this.#present = null;
  }

  // Puts a row behind another: first if `after` is null, last if it is unknown.
  place(row, after) {
    const was = this.order.indexOf(row.id);
    if (was >= 0) this.order.splice(was, 1);
    const at = after === null ? 0 : this.order.lastIndexOf(after) + 1 || this.order.length;
    this.order.splice(at, 0, row.id);
    this.map.set(row.id, row);
    this.#present = null;
  }

  // Returns the present row before this one.
  before(id) {
    for (let at = this.order.lastIndexOf(id) - 1; at >= 0; at--) {
      const row = this.map.get(this.order[at]);
      if (!row.gone) return row;
    }
    return null;
  }

  // Returns the row, or the one it was merged into.
  home(id) {
    let row = this.map.get(id);
    while (typeof row?.gone === "string") row = this.map.get(row.gone);
    return row;
  }

  // Returns the ids of the rows that took a row's words, one after the other.
  homes(id) {
    const found = [];
    for (let row = this.map.get(id); typeof row?.gone === "string"; row = this.map.get(row.gone)) found.push(row.gone);
    return found;
  }

  // Takes rows as the server says they are now, in their order.
  take(rows, speakers = []) {
    for (const row of rows) this.#takeRow(row);
    for (const one of speakers) this.speakers.set(one.id, one);
  }

  #takeRow(taken) {
    const known = this.map.get(taken.id);
    // One that was merged and is there again was split off since
    const isBack = typeof known?.gone === "string" && !taken.gone;
    const row = isBack ? { ...taken, from: known.gone, born: taken.change } : taken;
    const isThere = known && (row.gone || (!known.gone && (this.before(row.id)?.id ?? null) === row.after));
    if (isThere) this.set(row.id, { ...row, gone: row.gone || undefined });
    else this.place({ ...row, gone: row.gone || undefined }, row.after ?? null);
  }
}

// Adds the ids of rows that took words of those with these ids: rows split off them, and rows into which such were merged.
function addTaking(rows, ids, others) {
  const isPart = ({ from }) => [from, ...rows.homes(from)].some((id) => ids.has(id));
  for (let known = 0; known < ids.size;) {
    known = ids.size;
    for (const other of others.filter(isPart)) for (const id of [other.id, ...rows.homes(other.id)]) ids.add(id);
  }
}

// Returns a row with those that took words of it. Of what was split off, `isOwn(row)` begins a family of its own, with what others
// split off its origin behind it, and `isOthers(row)` belongs to the family.
function withSplitOff(rows, row, { isOwn, isOthers }) {
  const at = rows.order.indexOf(row.id);
  const behind = rows.order.slice(at + 1, at + 1 + FAMILY_REACH).map((id) => rows.get(id));
  const origins = [row.id];
  for (let one = row; one && isOwn(one); one = rows.get(one.from)) origins.push(one.from);
  const ids = new Set(origins);
  addTaking(rows, ids, behind.filter((other) => other.from && isOthers(other)));
  const isOwnBegin = (one) => !one.gone && isOwn(one) && (ids.has(one.from) || (rows.has(one.from) && isOwnBegin(rows.get(one.from))));
  const end = behind.findIndex(isOwnBegin);
  return [row, ...behind.slice(0, end < 0 ? undefined : end).filter((other) => !other.gone && ids.has(other.id))];
}

const isThere = (row) => Boolean(row && !row.gone);

// A text that was declared right is not any more once it changed.
const setText = (rows, row, text) =>
  rows.set(row.id, { text, words: followed(row.words, row.text, text), gone: undefined, reviewed: row.reviewed && row.text === text });

// Returns the rows that an operation on `id` is meant for: its row, and what took words of it since the author's last change.
// If the row was merged into another, which may have been split again, its words can be in any part of that.
function meantFor(rows, row, { id, was }, context) {
  if (was === row.text) return [row];
  if (row.id !== id) return row.text.includes(was) ? [row] : withSplitOff(rows, row, { isOwn: () => false, isOthers: () => true });
  return splitSince(rows, row, context);
}

function splitSince(rows, row, { since = Infinity, knows } = {}) {
  if (since === Infinity) return [row];
  const isOthers = (one) => one.born > since && !knows(one.id);
  return withSplitOff(rows, row, { isOthers, isOwn: (one) => one.from && !(one.born <= since) && !isOthers(one) });
}

// Returns the row that the author saw before theirs, and what others put between the two in the meantime. If that row is not
// before it any more, the one that is.
function mergeTarget(rows, id, into, context = {}) {
  const before = rows.before(id);
  const known = into && rows.home(into);
  const wanted = new Set(known && !known.gone ? splitSince(rows, known, context).map((one) => one.id) : []);
  const between = [];
  let row = before;
  for (; row && !wanted.has(row.id) && row.born > context.since && !context.knows(row.id); row = rows.before(row.id)) between.unshift(row);
  return row && wanted.has(row.id) ? [row, between] : [before, []];
}

// A line break stands for each cut: what is typed on either side of it stays there.
function setFamilyText(rows, members, was, text, onOverwritten) {
  const texts = merge(was, text, members.map((one) => one.text).join("\n"), onOverwritten).split("\n");
  if (texts.length > members.length) texts.push(texts.splice(members.length - 1).join(" "));
  members.forEach((one, at) => {
    if (at >= texts.length) rows.set(one.id, { gone: members[0].id });
    else if (texts[at] !== one.text) setText(rows, one, texts[at]);
  });
}

function divide(rows, row, at, id) {
  const left = trimEnd(row.text.slice(0, at));
  const right = trimStart(row.text.slice(at));
  const words = [between(row.words, 0, left.length), between(row.words, row.text.length - right.length, row.text.length)];
  const start = timesOf(words[1])?.start ?? row.end_ms;
  rows.place({ ...row, id, text: right, words: words[1], start_ms: start, from: row.id, born: undefined }, row.id);
  rows.set(row.id, { text: left, words: words[0], end_ms: timesOf(words[0])?.end ?? row.start_ms });
}

// The place of words that is nearest to an offset of the text.
function nearest(text, wanted, offset) {
  const places = [text.lastIndexOf(wanted, offset), text.indexOf(wanted, offset)].filter((place) => place >= 0);
  return places.sort((one, other) => Math.abs(one - offset) - Math.abs(other - offset))[0];
}

function acceptWord(rows, members, text, at) {
  const all = members.map((one) => one.text).join("\n");
  let place = nearest(all, text, toUnits(all, at));
  for (const { id, text: said, words } of place === undefined ? [] : members) {
    if (place <= said.length) return void (words && rows.set(id, { words: accepted(words, place, place + text.length) }));
    place -= said.length + 1;
  }
}

const operations = {
  set_text(rows, op, context) {
    const { id, was, text, after, speaker } = op;
    const row = rows.home(id);
    if (!row) return operations.insert(rows, { id, after, speaker, text }, context); // what was typed stays, though its row is unknown
    if (row.gone) return setText(rows, row, text); // an edit beats a removal
    const members = meantFor(rows, row, op, context);
    if (members.length > 1) return setFamilyText(rows, members, was, text, context.onOverwritten);
    const merged = merge(was, text, row.text, context.onOverwritten);
    if (merged !== row.text) setText(rows, row, merged);
  },
  split(rows, op, context) {
    const { id, was, at, new: added, speaker } = op;
    if (rows.has(added) && !rows.get(added).gone) return;
    const row = rows.home(id);
    const offset = toUnits(was, at);
    if (!row || row.gone) return operations.insert(rows, { id: added, after: row?.id, speaker, text: trimStart(was.slice(offset)) }, context);
    const members = meantFor(rows, row, op, context);
    let place = mapOffset(was, members.map((one) => one.text).join("\n"), offset);
    while (members.length > 1 && place > members[0].text.length) place -= members.shift().text.length + 1;
    divide(rows, members[0], place, added);
  },
  merge(rows, { id, into }, context) {
    const row = rows.get(id);
    if (!row || row.gone) return;
    const [target, between] = mergeTarget(rows, id, into, context);
    for (const one of target ? [...between, row] : []) {
      const before = rows.get(target.id);
      const text = before.text + gapBetween(before.text, one.text);
      const words = joined(before.words, one.words, text.length);
      const reviewed = before.reviewed && one.reviewed;
      rows.set(before.id, { text: text + one.text, words, reviewed, end_ms: Math.max(before.end_ms ?? 0, one.end_ms ?? 0) });
      rows.set(one.id, { gone: before.id });
    }
  },
  insert(rows, { id, after: seen, speaker, text, start_ms, end_ms }, { onOverwritten, ...context } = {}) {
    const known = rows.get(id);
    const after = isThere(rows.get(seen)) ? splitSince(rows, rows.get(seen), context).at(-1).id : seen;
    if (known && !known.gone) return setText(rows, known, merge("", text, known.text, onOverwritten)); // someone else put it back
    const at = rows.get(after)?.end_ms ?? known?.start_ms ?? 0;
    const words = known && followed(known.words, known.text, text);
    const times = { start_ms: start_ms ?? known?.start_ms ?? at, end_ms: end_ms ?? known?.end_ms ?? at };
    rows.place({ language: "", ...known, id, speaker: speaker ?? "", text, words, ...times, gone: undefined, reviewed: known?.reviewed && known.text === text }, after);
  },
  remove(rows, { id, was }) {
    const row = rows.get(id);
    if (row && !row.gone && row.text === was) rows.set(id, { gone: true });
  },
  set_speaker(rows, { ids, speaker }) {
    for (const row of ids.map((id) => rows.home(id))) if (row && !row.gone) rows.set(row.id, { speaker });
  },
  add_speaker(rows, { speaker, label }) {
    if (!rows.speakers.has(speaker)) rows.speakers.set(speaker, { id: speaker, label, number: rows.speakers.size + 1 });
  },
  rename_speaker(rows, { speaker, label }) {
    if (rows.speakers.has(speaker)) rows.speakers.set(speaker, { ...rows.speakers.get(speaker), label });
  },
  merge_speakers(rows, { speaker, into }) {
    for (const row of rows.present()) if (row.speaker === speaker) rows.set(row.id, { speaker: into });
  },
  set_times(rows, { id, start_ms, end_ms }) {
    if (rows.has(id)) rows.set(id, { start_ms, end_ms });
  },
  move_boundary(rows, { id, ms }) {
    const before = rows.before(id);
    if (!before || rows.get(id).gone) return;
    rows.set(before.id, { end_ms: ms });
    rows.set(id, { start_ms: ms });
  },
  accept(rows, { id, words }, context) {
    const row = rows.home(id);
    if (!row || row.gone) return;
    for (const [at, text] of words) acceptWord(rows, splitSince(rows, rows.get(row.id), context), text, at);
  },
  // What the server alone can do shows in the rows that come back.
  shift_times() {},
  undo() {},
  restore() {},
  // Whether others split a row since, the server alone knows.
  tick(rows, { ids, on, texts }) {
    ids.forEach((id, at) => {
      const row = on ? rows.get(id) : rows.home(id);
      if (row && !row.gone && (!on || !texts || texts[at] === row.text)) rows.set(row.id, { reviewed: on });
    });
  },
};

// Does operations in their order. `since` is the last change that their author had, and `knows(id)` tells rows apart that
// the author had made and others not. `onOverwritten(text)` is told which words of others an operation replaces.
export function apply(rows, ops, { since, knows = () => false, onOverwritten } = {}) {
  const own = new Set(ops.flatMap((op) => (op.op === "split" ? [op.new] : [])));
  const context = { since, knows: (id) => own.has(id) || knows(id), onOverwritten };
  for (const op of ops) operations[op.op](rows, op, context);
  return rows;
}
