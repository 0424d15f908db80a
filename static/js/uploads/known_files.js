// The same file again: recognised by a fingerprint that the browser works out in a moment, before a byte is sent.
// `transcripts/media/fingerprints.py` does the same for what the server has.
import { csrf } from "../requests.js";

const URL = "/uploads/known/";
const PIECE = 1024 * 1024;
const MOST_A_REQUEST = 500;

// Returns the stretches of a file that are read; of a small one it is the whole.
export function pieces(size) {
  if (size <= 3 * PIECE) return [[0, size]];
  const middle = Math.floor((size - PIECE) / 2);
  return [[0, PIECE], [middle, middle + PIECE], [size - PIECE, size]];
}

// Resolves to the fingerprint; to "" if the file can't be read, and on plain http, where browsers have no crypto.
export async function fingerprint(file) {
  if (!globalThis.crypto?.subtle) return "";
  try {
    const read = new Blob([`${file.size}\n`, ...pieces(file.size).map(([begin, end]) => file.slice(begin, end))]);
    const digest = await crypto.subtle.digest("SHA-256", await read.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

async function ask(team, fingerprints) {
  const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/json", Accept: "application/json" };
  const response = await fetch(URL, { method: "POST", headers, body: JSON.stringify({ team, fingerprints }) });
  if (response.status >= 500) throw new Error("The server does not answer");
  // What the server refuses here it refuses for the upload too, in a sentence of its own
  return response.ok && !response.redirected ? (await response.json()).known : {};
}

// Resolves to the recordings that the team of each upload has of its file, by the id of the upload. Rejects if the server
// can't be asked now.
export async function lookUp(items, { hash = fingerprint, request = ask } = {}) {
  const prints = new Map();
  for (const item of items) prints.set(item.id, item.file ? await hash(item.file) : "");
  const found = new Map();
  for (const team of new Set(items.map((item) => item.team))) {
    const ofTeam = items.filter((item) => item.team === team && prints.get(item.id));
    for (let from = 0; from < ofTeam.length; from += MOST_A_REQUEST) {
      const some = ofTeam.slice(from, from + MOST_A_REQUEST);
      const known = await request(team, [...new Set(some.map(({ id }) => prints.get(id)))]);
      for (const { id } of some) if (known[prints.get(id)]) found.set(id, known[prints.get(id)]);
    }
  }
  return found;
}
