// What people wrote and the server has not confirmed, kept in the browser's storage until it has: no edit is lost to a
// reload, a dead battery or a server that is away.
import { post } from "../posting.js";

const AGAIN_MS = 2_000;

// `settle(name, answer)` hears of every answer that ends a draft: 200, or a refusal.
export function drafts(session, settle) {
  const prefix = `verbatim-draft:${session}:`;
  const sending = new Set();
  let timer = 0;

  const names = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const read = (name) => JSON.parse(localStorage.getItem(prefix + name));

  async function send(name) {
    const draft = read(name);
    if (!draft || sending.has(name)) return;
    sending.add(name);
    const answer = await post(draft.url, draft.fields);
    sending.delete(name);
    const passing = answer.status === 0 || answer.status >= 500 || answer.status === 429;
    if (passing) {
      timer ||= setTimeout(() => { timer = 0; resend(); }, AGAIN_MS);
    } else if (JSON.stringify(read(name)) !== JSON.stringify(draft)) {
      follow(name, answer); // it was written on meanwhile
    } else {
      localStorage.removeItem(prefix + name);
      settle?.(name, answer, draft);
    }
  }

  function follow(name, answer) {
    const next = read(name);
    if (answer.segment && "revision" in next.fields) next.fields.revision = answer.segment.revision;
    localStorage.setItem(prefix + name, JSON.stringify(next));
    send(name);
  }

  const resend = () => names().forEach(send);
  return {
    resend,
    read,
    // Resolves once nothing waits any more.
    settled: async () => {
      while (names().length) await new Promise((again) => setTimeout(again, 100));
    },
    put: (name, url, fields) => {
      localStorage.setItem(prefix + name, JSON.stringify({ url, fields }));
      return send(name);
    },
    end: () => clearTimeout(timer),
  };
}

// What a page left behind that was closed before the server answered.
export function sendLeftovers() {
  const sessions = Object.keys(localStorage).filter((key) => key.startsWith("verbatim-draft:")).map((key) => key.split(":")[1]);
  for (const session of new Set(sessions)) drafts(session).resend();
}
