// Names the speaker of a segment: a click on the name, or a key for the last one.
import { newId } from "../editor/schema.js";
import { createInlineEdit } from "../inline_edit.js";

// The field is over the name that it changes.
function moveOver(field, button) {
  const [at, origin] = [button, field.offsetParent ?? document.body].map((one) => one.getBoundingClientRect());
  field.style.insetBlockStart = `${at.top - origin.top}px`;
  field.style.left = `${at.left - origin.left}px`;
}

// `field` is the hidden field in `root`; `editor()` returns the editor.
export function createSpeakerName({ root, field, editor }) {
  const widget = {
    show: () => {
      field.focus();
      field.select();
    },
    hide: () => { field.hidden = true; },
    read: () => field.value.replace(/\s+/g, " ").trim(),
  };
  const edit = createInlineEdit({ root, selector: "[data-speaker-name]", widget, onEnd });

  function onEnd(_, { text, isSaved, edit: { before, segment, speaker } }) {
    if (!isSaved || !text || text === before) return;
    if (speaker) return editor().push({ op: "rename_speaker", speaker, label: text });
    const added = newId();
    editor().push({ op: "add_speaker", speaker: added, label: text }, { op: "set_speaker", ids: [segment], speaker: added });
  }

  // `button` shows the name of the segment's speaker.
  return function open(segment, button) {
    const row = editor().rows().find((one) => one.id === segment);
    button.focus();
    field.hidden = false;
    field.value = editor().speakers().find((one) => one.id === row?.speaker)?.label ?? "";
    moveOver(field, button);
    edit.begin(field, { segment, speaker: row?.speaker ?? "" });
  };
}
