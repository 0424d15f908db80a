// The page of a transcript: audio, waveform and text move together.
import { preferences } from "../account/preferences.js";
import { createHistory } from "../history/panel.js";
import { bindHotkeys } from "../hotkeys.js";
import { createPedals } from "../keys/pedals.js";
import { createFollow } from "./playback/follow.js";
import { bindMediaKeys } from "./playback/media_keys.js";
import { createPicture } from "./playback/picture.js";
import { createPlayer } from "./playback/player.js";
import { continueAt, createPositionStore, watchPosition } from "./playback/position.js";
import { bindSettings } from "./playback/settings.js";
import { createPlayedText } from "./playback/text.js";
import { createTypingPause, watchTyping } from "./playback/typing.js";
import { createWaveform } from "./playback/waveform.js";
import { momentOf } from "../panels/quotes.js";
import { createActiveTime, watchActiveTime } from "../review/active_time.js";
import { createEditing } from "./editing.js";
import { createSide } from "./side.js";

const STEP_MS = 3_000;
const LONG_STEP_MS = 10_000;

export function reader(element) {
  const side = createSide(element);
  const editing = createEditing(element, side);
  const text = createPlayedText(editing.editor);
  const history = createHistory(element, { side, push: editing.editor.push, change: () => editing.editor.change, subscribe: editing.editor.subscribe });
  const moment = momentOf(location.hash);
  const deck = element.querySelector("[data-deck]");
  const stops = deck ? startPlayback(element, deck, { text, editing, moment }) : [];
  if (element.dataset.mayEdit) stops.push(watchActiveTime(createActiveTime({ url: element.dataset.positionUrl, isPlaying: () => Boolean(deck) && !element.querySelector("[data-audio]").paused })));
  if (moment !== null) showMoment(editing.editor, moment);
  return () => [editing.stop, history.stop, side.stop, ...stops].forEach((stop) => stop());
}

// A link can lead to a moment.
function showMoment(editor, ms) {
  const row = editor.rowAt(ms);
  if (row) editor.started.then(() => editor.view.dom.querySelector(`[data-id="${CSS.escape(row.id)}"]`)?.scrollIntoView({ block: "center" }));
}

// `text` is what `playback/text.js` says of it. Without an address for it, as for guests, the position is not stored.
export function startPlayback(element, deck, { text, editing, moment }) {
  const settings = preferences();
  const player = createPlayer(deck, element.querySelector("[data-audio]"), settings);
  editing.usePlayer(player);
  const follow = createFollow(element.querySelector("[data-follow]"), player);
  const picture = createPicture(element, settings);
  const typing = createTypingPause({ player, mode: () => settings.get("while_typing") });
  const known = Number(element.dataset.position ?? 0);
  const url = element.dataset.positionUrl;
  player.subscribe((ms) => {
    const range = text.spoken(ms);
    if (range) follow.update(range);
  });
  listen(element, { text, player, follow, settings, typing });
  const stops = [
    createWaveform(deck, player, text.spans),
    url ? watchPosition(createPositionStore({ url, player, known }), player) : () => {},
    bindPlayback({ text, player, follow, picture }),
    bindMediaKeys(player),
    createPedals({ settings, player }),
    bindSettings(element, settings),
  ];
  const start = moment ?? continueAt(known, player.durationMs);
  if (start) player.seek(start);
  return [...stops, typing.stop, follow.stop, player.stop];
}

function listen(element, { text, player, follow, settings, typing }) {
  const isWanted = (event) => event.type === (settings.get("seek_on") === "double_click" ? "dblclick" : "click");
  const played = (event) => playFrom(event, isWanted(event), { text, player, follow });
  element.addEventListener("click", played);
  element.addEventListener("dblclick", played);
  element.querySelector("[data-loop]").addEventListener("click", () => loop(text, player));
  watchTyping(element, typing.typed);
}

function bindPlayback({ text, player, follow, picture }) {
  return bindHotkeys({
    "playback.toggle": player.toggle,
    "playback.back": () => player.skip(-STEP_MS),
    "playback.forward": () => player.skip(STEP_MS),
    "playback.back10": () => player.skip(-LONG_STEP_MS),
    "playback.forward10": () => player.skip(LONG_STEP_MS),
    "playback.slower": () => player.step(-1),
    "playback.faster": () => player.step(1),
    "playback.normal": () => player.setSpeed(1),
    "playback.follow": follow.toggle,
    "playback.loop": () => loop(text, player),
    "playback.selection": () => playSelection(text, player),
    ...(picture && { "playback.picture": picture.next }),
  });
}

// Loops what is selected, else the segment that is played; a second press ends the loop.
function loop(text, player) {
  if (player.isLooping) return player.endLoop();
  const span = text.selected() ?? text.segmentAt(player.nowMs);
  if (span) player.playSpan(span.from, span.to, { loops: true });
}

function playSelection(text, player) {
  const span = text.selected();
  if (span) player.playSpan(span.from, span.to);
}

// Plays from the time or the word that was clicked.
function playFrom(event, isWanted, { text, player, follow }) {
  const button = event.type === "click" ? event.target.closest("[data-seek]")?.dataset.seek ?? text.startOfButton(event) : undefined;
  const isOnText = isWanted && (event.type === "dblclick" || getSelection().isCollapsed);
  const start = button ?? (isOnText ? text.startUnder(event) : undefined);
  if (start === undefined) return;
  player.seek(Number(start));
  player.play();
  // Audio that is played for a decision is decided on where it was asked for, not at its place in the text.
  if (event.target.closest("[data-text]")) follow.resume();
  else follow.leave();
}
