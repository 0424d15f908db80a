// Keeps the document and the server's transcript the same.
//
//   base   what the server has said
//   flight one batch of operations on its way; it is resent unchanged until the server has answered it
//   queue  batches that wait for their turn
//   tip    base with flight and queue
//   local  tip with what was typed since the last rest
//
// A message is taken by replaying flight, queue and unsent changes on the new base and showing what differs. So nothing that
// was typed depends on what arrived before it.
import { derive } from "./derive.js";
import { createFeedOrder } from "./feed_order.js";
import { apply } from "./rows.js";
import { randomHex } from "../../ids.js";

// A change is queued after this rest, or this long after the first one while typing continues.
const REST_MS = 300;
const LONGEST_MS = 900;
const NO_ANSWER = { status: 0 };

const isPresent = (row) => Boolean(row && !row.gone);
const isTemporary = (status) => status === 0 || status === 408 || status === 429 || status >= 500;

const newBatch = (ops, direction, isRaw) => ({ key: randomHex(6), ops, direction, isRaw });

// `post(batch)` resolves to the answer with its `status`. `read()` returns the document's rows, and `show(rows, mergedInto)` puts
// rows into it. `save(record)` stores what the server doesn't have. `request(change)` asks the feed for what came after a change.
export function createSync({ rows, change, client, post, read, show, save = () => {}, request = () => {}, ...callbacks }) {
  const { onState = () => {}, onRows = () => {}, onEdit = () => {}, onQueue = () => {}, backoff } = callbacks;
  const { setTimer = (act, ms) => setTimeout(act, ms), clearTimer = (id) => clearTimeout(id) } = callbacks;
  const edits = new Map(); // the numbers that the server gave to batches of this page
  const timers = { rest: 0, longest: 0, retry: 0 };
  const order = createFeedOrder({ last: () => seq, take, request, setTimer, clearTimer });
  let [base, tip, local] = [rows, rows, rows];
  let flight = null;
  let queue = [];
  let sent = 0;
  let seq = change;
  let isDirty = false;
  let isSending = false;
  let isOffline = false;
  let refusal = null;
  let held = null;

  const waiting = () => (flight ? 1 : 0) + queue.length + (isDirty ? 1 : 0);

  function tell() {
    const unsaved = refusal ? "refused" : isOffline ? "offline" : "saving";
    onState({ state: waiting() ? unsaved : "saved", waiting: waiting(), ...(waiting() ? refusal : null) });
  }

  // What a reload needs. With `isUnsentIncluded` it has what was typed since the last rest as well.
  function record(isUnsentIncluded = false) {
    const unsent = isUnsentIncluded && isDirty ? derive(tip, read()) : [];
    const batches = unsent.length ? [...queue, newBatch(unsent, "", false)] : queue;
    return { client, n: sent, seq, flight, queue: batches };
  }

  function stop(name) {
    clearTimer(timers[name]);
    timers[name] = 0;
  }

  // Queues what differs between the tip and these rows as one batch. Returns its key, or "" if nothing differs.
  function settle(target = read(), direction = "") {
    stop("rest");
    stop("longest");
    isDirty = false;
    const ops = derive(tip, target);
    return ops.length ? enqueue(newBatch(ops, direction, false)) : "";
  }

  function enqueue(batch) {
    queue.push(batch);
    tip = apply(tip.clone(), batch.ops, { since: seq });
    local = tip;
    save(record());
    onQueue(batch);
    return batch.key;
  }

  function flush() {
    if (held) return;
    settle();
    onRows();
    tell();
    send();
  }

  // Queues operations that are no part of the text, as a batch of their own.
  function push(ops, direction = "") {
    if (isDirty) settle();
    const key = enqueue(newBatch(ops, direction, true));
    display();
    tell();
    send();
    return key;
  }

  // Numbers the next batch. An undo names the edit of a batch that was answered by now.
  function takeOff() {
    while (!flight && queue.length) {
      const batch = queue.shift();
      const ops = batch.ops.map(({ key, ...op }) => (key ? { ...op, edit: edits.get(key) } : op));
      if (ops.some((op) => op.op === "undo" && !op.edit)) continue; // the batch that it undoes came to nothing
      flight = { ...batch, ops, client: batch.client ?? client, n: batch.n ?? ++sent, seq: batch.seq ?? seq };
      save(record());
    }
  }

  async function send() {
    if (isSending || refusal || timers.retry) return;
    takeOff();
    if (!flight || flight.answered) return;
    isSending = true;
    const { n, seq: since, direction, ops } = flight;
    const answer = await post({ client: flight.client, n, seq: since, direction, ops }).catch(() => NO_ANSWER);
    isSending = false;
    settleAnswer(answer);
    tell();
  }

  function settleAnswer({ status, ...answer }) {
    isOffline = isTemporary(status);
    if (isOffline) {
      timers.retry = setTimer(retry, backoff.next());
      return;
    }
    backoff.reset();
    if (status >= 400) refusal = { status, sentence: answer.detail ?? "", ops: flight?.ops ?? [] };
    else {
      if (flight) flight.answered = answer.change;
      receive(answer);
    }
    send();
  }

  function retry() {
    stop("retry");
    send();
  }

  const isFlight = (message) => flight && message.client === flight.client && message.n === flight.n;
  function land(number) {
    edits.set(flight.key, number);
    const { key } = flight;
    flight = null;
    onEdit(key, number);
  }

  function receive(message) {
    if (held) return void held.push(message);
    if (message.type === "hello") takeHello(message);
    else if (message.type === "news") order.expect(message.change);
    else takeEdit(message);
    tell();
    send();
  }

  function takeEdit(message) {
    if (isFlight(message)) flight.answered = message.change;
    if (message.change <= seq) {
      if (isFlight(message)) rebase(() => land(message.change)); // its rows came with others, and are newer here
      return;
    }
    order.add(message);
  }

  function takeHello(message) {
    if (message.change < seq) return;
    take(message);
    order.advance();
  }

  function take({ change: number, rows: changed = [], speakers }) {
    rebase(() => {
      base = base.clone();
      base.take(changed, speakers);
      seq = number;
      if (flight?.answered <= number) land(flight.answered);
    });
  }

  // Does what is unsent again after `act` has changed what it is based on.
  function rebase(act) {
    const unsent = isDirty ? derive(tip, read()) : [];
    const [known, since] = [tip, seq];
    const context = { since, knows: (id) => isPresent(known.get(id)) };
    act();
    tip = flight ? apply(base.clone(), flight.ops, { since: flight.seq, knows: (id) => isPresent(known.get(id)) }) : base;
    queue = queue.filter((batch) => replay(batch, context));
    const { rows: next, isOverwriting } = replayed(unsent, context);
    local = next;
    if (isOverwriting) pin({ ...newBatch(unsent, "", false), seq: since });
    save(record());
    display();
  }

  // Does operations on the tip again, and tells whether they replace words of others.
  function replayed(ops, context) {
    let isOverwriting = false;
    const onOverwritten = () => { isOverwriting = true; };
    return { rows: ops.length ? apply(tip.clone(), ops, { ...context, onOverwritten }) : tip, isOverwriting };
  }

  // What replaces words of others is sent as it was done, on what its author saw: the server keeps those words as a conflict.
  function pin(batch) {
    stop("rest");
    stop("longest");
    isDirty = false;
    queue.push(batch);
    tip = local;
    onQueue(batch);
  }

  // Returns whether anything of the batch remains to be done.
  function replay(batch, context) {
    const before = tip;
    const { rows: next, isOverwriting } = replayed(batch.ops, { ...context, since: batch.seq ?? context.since });
    tip = next;
    if (isOverwriting) batch.seq ??= context.since;
    if (!batch.isRaw && batch.seq === undefined) batch.ops = derive(before, tip.present());
    return batch.ops.length > 0;
  }

  function display() {
    const mergedInto = (id) => (typeof local.get(id)?.gone === "string" ? local.get(id).gone : null);
    show(local.present(), mergedInto);
    onRows();
  }

  // Continues with what earlier pages of this browser had not sent. Their batches on the way keep their numbers.
  function restore(records) {
    const found = records.flatMap((one) => [
      ...(one.flight ? [{ ...one.flight, answered: undefined }] : []),
      ...one.queue.map((batch) => ({ ...batch, seq: batch.seq ?? one.seq })),
    ]);
    rebase(() => { queue = [...found, ...queue]; });
    tell();
    send();
    return found;
  }

  // Placed words come after the first paint. Rows that changed since then brought theirs.
  function takeWords(words) {
    rebase(() => {
      base = base.clone();
      for (const [id, placed] of Object.entries(words)) if (base.has(id) && !base.get(id).words) base.set(id, { words: placed });
    });
  }

  return {
    settle,
    flush,
    push,
    receive,
    restore,
    takeWords,
    record,
    // The document was changed here.
    changed: () => {
      isDirty = true;
      stop("rest");
      timers.rest = setTimer(flush, REST_MS);
      timers.longest ||= setTimer(flush, LONGEST_MS);
      tell();
    },
    // While an input method composes, nothing is sent and nothing arrives.
    hold: () => { held ??= []; },
    release: () => {
      const messages = held ?? [];
      held = null;
      messages.forEach(receive);
      if (isDirty) flush();
    },
    retryNow: () => { if (timers.retry) retry(); },
    // After a refusal: sends the same again, or drops it.
    resend: () => {
      refusal = null;
      send();
    },
    discard: () => {
      refusal = null;
      rebase(() => {
        if (flight?.client === client && flight.n === sent) sent -= 1; // the server has not seen this number
        flight = null;
      });
      tell();
      send();
    },
    end: () => {
      Object.keys(timers).forEach(stop);
      order.end();
    },
    get rows() { return local; },
    get change() { return seq; },
    get isDirty() { return isDirty; },
    get waiting() { return waiting(); },
  };
}
