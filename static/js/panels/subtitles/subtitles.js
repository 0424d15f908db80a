// The subtitles of a transcript as they will be exported: shown while their panel is, cut anew by the server when the text changed.
import { newId } from "../../editor/schema.js";
import { bindHotkeys } from "../../hotkeys.js";
import { post } from "../../requests.js";
import { make, rested } from "../dom.js";
import { reveal } from "../find/marks.js";
import { selectedPieces } from "../selection.js";
import { borderOffsets, cueAtText, cueAtTime, extendOperations, faultsOf, nextFaulty, noRoom, seconds, splitOperation } from "./cues.js";
import { createCueMarks } from "./marks.js";
import { createSubtitlePanel } from "./panel.js";

const REST_MS = 600;
const CARET_MS = 80;
const UPDATING = "Updating …";
const FAILED = "The subtitles could not be loaded. They will be asked for again after the next change.";

async function load(url, profile) {
  try {
    const response = await fetch(`${url}?${new URLSearchParams({ profile })}`, { headers: { Accept: "application/json" } });
    return response.ok && !response.redirected ? await response.json() : null;
  } catch {
    return null;
  }
}

// `borders` are those of borders.js, whose plugin the editor has. `tell(sentence)` says something in the header. The player comes
// later, by `usePlayer`.
export function createSubtitles({ editor, side, url, borders, isEditable, tell }) {
  const place = make("section", { data: { panel: "subtitles", label: "Subtitles" } });
  const marks = createCueMarks(editor);
  const panel = createSubtitlePanel({ panel: place, isEditable, acts: { choose: show, setProfile, extend, split, accept: () => decide("yes"), withdraw: () => decide("no") } });
  let shown = null;
  let current = 0;
  let profile = "";
  let asked = 0;
  let release = null;
  let isEnded = false;

  const isOpen = () => !place.hidden;
  const isFresh = () => shown !== null && shown.change >= editor.change && editor.isSaved;

  // Asking and drawing

  async function ask() {
    const number = ++asked;
    panel.say(UPDATING);
    await editor.started;
    const found = await load(url, profile);
    if (number !== asked || isEnded) return;
    if (!found) return void panel.say(FAILED);
    const [id, from] = shown?.cues[current]?.places[0] ?? [];
    shown = found;
    profile = found.profile;
    current = Math.max(0, id === undefined ? placeOfCaret() : cueAtText(shown.cues, id, from));
    if (isOpen()) draw();
    if (isFresh()) panel.say("");
    else later();
  }

  function refresh() {
    if (!isOpen() || isFresh()) return;
    if (editor.isSaved) ask();
    else later();
  }

  const later = rested(refresh, REST_MS);

  function changed() {
    if (!isOpen() || isFresh()) return;
    panel.say(UPDATING);
    later();
  }

  function draw() {
    if (!borders.show(borderOffsets(shown.cues))) later();
    panel.draw(shown, current);
    marks.paint(shown, current);
    side.setCount("subtitles", new Set(shown.faults.filter(({ accepted }) => !accepted)).size);
  }

  // One subtitle

  function placeOfCaret() {
    const piece = selectedPieces(editor.view.state)[0];
    return piece ? cueAtText(shown.cues, piece.id, piece.from) : -1;
  }

  function follow(index) {
    if (index < 0 || index === current) return;
    current = index;
    panel.draw(shown, current);
    marks.paint(shown, current);
  }

  const followCaret = rested(() => isOpen() && isFresh() && editor.view.hasFocus() && follow(placeOfCaret()), CARET_MS);

  function show(index) {
    follow(index);
    const [id, from, to] = shown.cues[index].places[0];
    editor.select(id, from);
    reveal(editor, { id, from, to });
  }

  function go(step) {
    if (!shown) return;
    const next = nextFaulty(shown.faults, current, step);
    if (next < 0) return tell("All subtitles are within the limits.");
    show(next);
    return undefined;
  }

  // Mending

  // What is decided on cues of an older text could be done to other words.
  function withCue(act) {
    if (!isFresh()) return tell("The subtitles are being updated. Try again in a moment.");
    const cue = shown.cues[current];
    return cue ? act(cue, faultsOf(shown.faults, current)) : tell("There are no subtitles.");
  }

  const rowOf = (id) => ({ text: editor.textOf(id), speaker: editor.row(id)?.speaker ?? "" });

  function extend() {
    withCue((_, faults) => {
      const fault = faults.find(({ more_ms }) => more_ms);
      if (!fault) return tell("This subtitle needs no more time.");
      if (!fault.extend) return tell(noRoom(fault));
      editor.push(...extendOperations(fault.extend, rowOf(fault.extend.id), newId));
      return tell(`Extended by ${seconds(fault.more_ms)}.`);
    });
  }

  function split() {
    withCue((cue) => {
      if (!cue.split) return tell("This subtitle is too short for two.");
      editor.push(splitOperation(cue.split, rowOf(cue.split[0]), newId));
      return tell("Split in two.");
    });
  }

  function decide(on) {
    withCue(async (_, [fault]) => {
      if (!fault) return tell("This subtitle is within the limits.");
      const answer = await post(`${url}faults/`, { profile, key: fault.key, digest: fault.digest, on });
      if (answer.status !== 200) tell(answer.detail ?? "This could not be saved. Try again.");
      else tell(on === "yes" ? "Accepted as it is." : "It counts again.");
      return ask();
    });
  }

  function setProfile(chosen) {
    profile = chosen;
    ask();
  }

  // The panel

  const keys = { "subtitles.next": () => go(1), "subtitles.previous": () => go(-1), ...(isEditable && { "subtitles.extend": extend, "subtitles.split": split, "subtitles.accept": () => decide("yes") }) };

  function turned() {
    if (isOpen() === (release !== null)) return;
    if (isOpen()) {
      release = bindHotkeys(keys);
      if (shown) draw();
      if (!isFresh()) ask();
      return;
    }
    release();
    release = null;
    borders.show(new Map());
    marks.clear();
  }

  side.add(place);
  const observer = new MutationObserver(turned);
  observer.observe(place, { attributeFilter: ["hidden"] });
  const releaseOpener = bindHotkeys({ "panel.subtitles": () => side.show("subtitles") });
  const unsubscribe = editor.subscribe(changed);
  document.addEventListener("selectionchange", followCaret);
  turned();

  return {
    usePlayer: (player) => player.subscribe((ms) => player.isPlaying && isOpen() && shown && follow(cueAtTime(shown.cues, ms))),
    end: () => {
      isEnded = true;
      release?.();
      releaseOpener();
      unsubscribe();
      observer.disconnect();
      document.removeEventListener("selectionchange", followCaret);
      [later, followCaret].forEach((one) => one.end());
      marks.clear();
    },
  };
}
