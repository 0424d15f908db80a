// What people wrote in this browser and the server has not confirmed: comments, replies, and changes of them. Each is stored and
// sent on its own, and again until there is an answer (`transcript/drafts.js`).
import { randomHex } from "../../ids.js";
import { post as postForm } from "../../requests.js";
import { createDrafts } from "../../transcript/drafts.js";

const SPACE = "comments/";

// The drafts of comments have names of their own: other pages send those of sessions, and know nothing of these.
function ownSpace(storage) {
  const keys = () => Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter((key) => key.startsWith(SPACE));
  return {
    get length() { return keys().length; },
    key: (at) => keys()[at].slice(SPACE.length),
    getItem: (key) => storage.getItem(SPACE + key),
    setItem: (key, text) => storage.setItem(SPACE + key, text),
    removeItem: (key) => storage.removeItem(SPACE + key),
  };
}

// `onAnswer(answer)` gets what the server says, `onChange()` is called whenever something was written, sent or refused. `ready()`
// resolves when the text that a comment is about is saved, or can't be.
export function createOutbox({ url, ready, onAnswer, onChange, storage = localStorage, post = postForm, ...browser }) {
  const send = async (to, fields) => {
    if (fields.segment) await ready();
    return post(to, fields);
  };
  const drafts = createDrafts(url, { storage: ownSpace(storage), post: send, onAnswer: (_, answer) => onAnswer(answer), onChange, tab: randomHex(4), ...browser });
  const online = () => drafts.resend();
  globalThis.addEventListener?.("online", online);

  return {
    list: drafts.list,
    resend: drafts.resend,
    retry: drafts.retry,
    discard: drafts.discard,
    add: (fields) => drafts.save(`add:${fields.id}`, url, fields),
    edit: (id, body) => drafts.save(`edit:${id}`, `${url}${id}/edit/`, { body }),
    remove: (id) => drafts.save(`remove:${id}`, `${url}${id}/remove/`, {}),
    settle: (id, isResolved) => drafts.save(`settle:${id}`, `${url}${id}/settle/`, { resolved: isResolved ? "1" : "" }),
    end: () => {
      globalThis.removeEventListener?.("online", online);
      drafts.end();
    },
  };
}
