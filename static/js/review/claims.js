// Claimed stretches: drawn at the text, listed in the menu of the status, and held while their holder is active.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { formatTime } from "../clock.js";
import { eachSegment } from "../editor/schema.js";
import { button, make } from "../panels/dom.js";
import { selectedPieces } from "../panels/selection.js";
import { post } from "../requests.js";

const UNREACHABLE = "The server can’t be reached. Try again.";
const RENEW_MS = 120_000;
const EXPIRY_MS = 15_000;

export const openAt = (claims, now) => claims.filter(({ until }) => new Date(until).getTime() > now);

// Returns the ids of claimed segments with their claim and whether they are its first, in the order of the text.
export function claimedIn(ids, claims) {
  const found = new Map();
  for (const claim of claims) {
    const [first, last] = [ids.indexOf(claim.from), ids.indexOf(claim.to)];
    if (first < 0 || last < 0) continue;
    for (let at = first; at <= last; at++) found.set(ids[at], { claim, isFirst: at === first });
  }
  return found;
}

export const sentenceOf = ({ user, name, until }, me) => `Claimed by ${user === me ? "you" : name} until ${formatTime(new Date(until))}`;

function decorations(doc, claims, me) {
  const places = [];
  if (!claims.length) return DecorationSet.empty;
  eachSegment(doc, (node, pos) => { places.push([node.attrs.id, pos, node.nodeSize]); });
  const claimed = claimedIn(places.map(([id]) => id), claims);
  const found = [];
  for (const [id, pos, size] of places) {
    const one = claimed.get(id);
    if (!one) continue;
    const attrs = { "data-claim": one.claim.user === me ? "own" : "other", ...(one.isFirst ? { "data-claimed": sentenceOf(one.claim, me) } : {}) };
    found.push(Decoration.node(pos, pos + size, attrs));
  }
  return DecorationSet.create(doc, found);
}

// `claims` are those that the page begins with, `me` is the person's id, `mayManage` whether they can release those of others.
export function createClaims({ claims: first, me, mayManage, url, tell }) {
  const key = new PluginKey("claims");
  let claims = openAt(first, Date.now());
  let view = null;
  let isActive = false;

  const draw = (doc) => decorations(doc, claims, me);
  const plugin = new Plugin({
    key,
    state: {
      init: (_, { doc }) => draw(doc),
      apply: (tr, shown) => (tr.getMeta(key) || (claims.length && tr.docChanged) ? draw(tr.doc) : shown),
    },
    props: { decorations(state) { return key.getState(state); } },
    view: (mounted) => {
      view = mounted;
      return { destroy: () => { view = null; } };
    },
  });

  function take(now) {
    const isSame = JSON.stringify(now) === JSON.stringify(claims);
    claims = now;
    if (isSame) return;
    view?.dispatch(view.state.tr.setMeta(key, true));
    list();
  }

  async function send(path, fields = {}) {
    const answer = await post(`${url}${path}`, fields);
    if (answer.review) take(openAt(answer.review.claims, Date.now()));
    else tell(answer.detail ?? UNREACHABLE);
    return answer.status === 200;
  }

  async function claimSelection() {
    const pieces = view ? selectedPieces(view.state) : [];
    if (!pieces.length) return tell("Select the segments first.");
    const isMine = await send("", { from: pieces[0].id, to: pieces.at(-1).id });
    return isMine && tell("Claimed. No one else can edit these segments until you release them.");
  }

  function item(claim) {
    const mayRelease = claim.user === me || mayManage;
    const release = () => send(`${claim.id}/release/`);
    return make("li", {}, make("span", { className: "small" }, sentenceOf(claim, me)), mayRelease && button("Release", release, { key: `release-${claim.id}` }));
  }

  // The header is drawn anew now and then: its list is filled each time.
  function list() {
    const place = document.querySelector("[data-claims]");
    if (!place) return;
    place.hidden = false;
    place.querySelector("[data-claim-list]").replaceChildren(...claims.map(item));
    place.querySelector("[data-claim-selection]").onclick = claimSelection;
  }

  function renew() {
    const own = claims.find(({ user }) => user === me);
    if (own && isActive) send(`${own.id}/renew/`);
    isActive = false;
  }

  const acted = () => { isActive = true; };
  const acts = ["keydown", "pointerdown"];
  acts.forEach((name) => document.addEventListener(name, acted));
  const timers = [setInterval(renew, RENEW_MS), setInterval(() => take(openAt(claims, Date.now())), EXPIRY_MS)];

  return {
    plugin,
    list,
    receive: ({ review }) => { if (review?.claims) take(openAt(review.claims, Date.now())); },
    end: () => {
      timers.forEach(clearInterval);
      acts.forEach((name) => document.removeEventListener(name, acted));
    },
  };
}
