// The panel of speakers: who speaks how long, how they sound, their names, and two that are one.
import { formatDuration } from "../../clock.js";
import { button, kbd, make, redraw, rested } from "../dom.js";
import { speakersInOrder } from "../selection.js";
import { talkTimes } from "./talk_times.js";

const REST_MS = 300;
const VOICES = 4;

const NO_SPEAKERS = "No speakers are known. Choose one beside a segment, by its name or with S.";
const counted = (count) => (count === 1 ? "1 segment" : `${count} segments`);

// `sampleUrl(id)` is where a sample of a speaker is; `onSample()` is called before it plays.
export function createSpeakerPanel({ editor, panel, side, sampleUrl, onSample = () => {}, isEditable }) {
  const sample = new Audio();
  let renamed = "";
  let merged = null;

  const times = () => talkTimes(editor.rows(), editor.speakers());

  function draw() {
    if (panel.contains(document.activeElement) && document.activeElement.matches("input, select")) return;
    const all = times();
    side.setCount("speakers", all.length);
    if (!all.length) return redraw(panel, [make("p", { className: "soft" }, NO_SPEAKERS)]);
    redraw(panel, [make("h2", {}, all.length === 1 ? "1 speaker" : `${all.length} speakers`), make("ol", { className: "speakers" }, ...all.map((one) => item(one, all)))]);
    panel.querySelector("[data-rename]")?.select();
  }

  function item(one, all) {
    const facts = `${Math.round(one.share * 100)} % · ${formatDuration(one.ms)} · ${counted(one.count)}`;
    const made = make("li", { className: `voice-${((one.number || 1) - 1) % VOICES + 1}` },
      one.id === renamed ? nameField(one) : make("b", { className: "speaker" }, make("bdi", {}, one.label)),
      make("meter", { min: 0, max: 1, value: one.share, "aria-label": `Share of ${one.label}` }),
      make("span", { className: "num small soft" }, facts));
    made.append(merged?.id === one.id ? mergeForm(one, all) : actions(one, all));
    return made;
  }

  function actions(one, all) {
    const listen = button("Listen", () => play(one), { key: `listen-${one.id}`, "aria-label": `Listen to ${one.label}` });
    if (!isEditable) return make("div", { className: "acts" }, listen);
    const digit = speakersInOrder(editor).findIndex(({ id }) => id === one.id) + 1;
    return make("div", { className: "acts" }, listen,
      button("Rename", () => { renamed = one.id; draw(); }, { key: `rename-${one.id}`, "aria-label": `Rename ${one.label}` }),
      all.length > 1 && button("Merge …", () => { merged = { id: one.id }; draw(); panel.querySelector("[data-merge]")?.focus(); }, { key: `merge-${one.id}`, "aria-label": `Merge ${one.label} with another speaker` }),
      digit <= 9 && make("span", { className: "small soft" }, "Assign ", kbd(`Alt ${digit}`)));
  }

  function nameField(one) {
    const input = make("input", { className: "line-input", value: one.label, maxLength: 120, "aria-label": `Name of ${one.label}`, data: { rename: one.id } });
    const finish = (isSaved) => {
      if (renamed !== one.id) return;
      renamed = "";
      const label = input.value.trim();
      if (isSaved && label && label !== one.label) editor.push({ op: "rename_speaker", speaker: one.id, label });
      input.blur();
      draw();
      panel.querySelector(`[data-key="rename-${one.id}"]`)?.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      finish(event.key === "Enter");
    });
    input.addEventListener("change", () => finish(true));
    return input;
  }

  // Asked for once more, because it concerns many segments; Undo takes it back.
  function mergeForm(one, all) {
    const others = all.filter(({ id }) => id !== one.id);
    const select = make("select", { className: "line-input", "aria-label": `Merge ${one.label} into`, data: { merge: one.id } }, ...others.map(({ id, label }) => make("option", { value: id }, label)));
    const cancel = () => { merged = null; select.blur(); draw(); panel.querySelector(`[data-key="merge-${one.id}"]`)?.focus(); };
    const confirm = () => {
      merged = null;
      editor.push({ op: "merge_speakers", speaker: one.id, into: select.value });
      draw();
      panel.focus();
    };
    return make("div", { className: "acts" }, make("label", { className: "field" }, `Merge ${counted(one.count)} of ${one.label} into`, select),
      button("Merge", confirm, { key: "merge-now", className: "btn small main" }), button("Cancel", cancel, { key: "merge-not" }));
  }

  function play(one) {
    onSample();
    sample.src = sampleUrl(one.id);
    sample.play().catch(() => {});
  }

  const later = rested(draw, REST_MS);
  const unsubscribe = editor.subscribe(later);
  draw();
  return {
    end: () => {
      unsubscribe();
      later.end();
      sample.pause();
    },
  };
}
