// The page of a guest: the transcript that a link shows, with what the link lets them do.
import { createSide } from "../transcript/side.js";
import { createPlayedText } from "../transcript/playback/text.js";
import { startPlayback } from "../transcript/reader.js";
import { awaitAudio } from "./audio.js";
import { watchLink } from "./link.js";
import { createGuestText } from "./text.js";

// Guests who only read have no panels.
const NO_SIDE = { add() {}, setCount() {}, setIdle() {}, select() {}, show() {}, close() {}, stop() {} };

export function guestReader(element) {
  const side = element.querySelector("[data-side]") ? createSide(element) : NO_SIDE;
  const text = createGuestText(element, side);
  const deck = element.querySelector("[data-deck]");
  const stops = deck ? startPlayback(element, deck, { text: createPlayedText(text.editor), editing: text, moment: null }) : [];
  if (deck?.hidden) stops.push(awaitAudio(element, deck));
  stops.push(watchLink(element, text.close));
  return () => [...stops, text.stop, side.stop].forEach((stop) => stop());
}
