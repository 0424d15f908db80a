// Gives segments a speaker: one of the transcript's, a new one, or a new name for the one they have.
import { newId } from "../../editor/schema.js";
import { assignment, selectedPieces } from "../selection.js";
import { createPicker } from "./picker.js";
import { talkTimes } from "./talk_times.js";

// `namesUrl` has the names that the team used before; empty for guests, who don't get them.
export function createSpeakerChoice({ editor, root, namesUrl }) {
  let pieces = [];
  let current = null;
  let names = null;

  // Asked for once a page: they are the names of other transcripts.
  function loadNames() {
    if (!namesUrl) return Promise.resolve([]);
    names ??= fetch(namesUrl).then((response) => (response.ok ? response.json() : { names: [] })).then((answer) => answer.names).catch(() => { names = null; return []; });
    return names;
  }

  function choose(choice) {
    if (choice.kind === "assign") editor.push(...assignment(pieces, choice.speaker, newId));
    else if (choice.kind === "rename") editor.push({ op: "rename_speaker", speaker: current.id, label: choice.label });
    else add(choice.label);
  }

  function add(label) {
    const speaker = newId();
    editor.push({ op: "add_speaker", speaker, label }, ...assignment(pieces, speaker, newId));
  }

  const picker = createPicker({ root, loadNames, onChoice: choose, onClose: () => editor.view.focus() });

  function show(anchor) {
    const all = talkTimes(editor.rows(), editor.speakers());
    current = all.find(({ id }) => id === pieces[0].speaker) ?? null;
    picker.open(anchor, { speakers: editor.speakers(), current });
  }

  return {
    // For whole segments.
    open: (ids, anchor) => {
      pieces = editor.rows().filter(({ id }) => ids.includes(id)).map((row) => ({ ...row, from: 0, to: 0 }));
      if (pieces.length) show(anchor);
    },
    openForSelection: (anchor) => {
      pieces = selectedPieces(editor.view.state);
      if (pieces.length) show(anchor);
    },
    end: picker.end,
  };
}
