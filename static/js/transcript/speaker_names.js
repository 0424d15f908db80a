// Names a speaker: a click on the name, or a key for the last one.
import { bindHotkeys } from "../hotkeys.js";
import { createInlineEdit, editableText } from "../inline_edit.js";

export function createSpeakerNames({ element, text, drafts, hint }) {
  const baseUrl = element.dataset.url;
  const edit = createInlineEdit({ root: element, selector: "[data-speaker]", widget: editableText({ all: true }), onEnd });

  function onEnd(name, { text: label, isSaved, edit: { before } }) {
    const isRenamed = isSaved && label !== "" && label !== before;
    name.textContent = isRenamed ? label : before;
    if (!isRenamed) return;
    const { speaker: id } = name.dataset;
    text.renameSpeaker({ id, label });
    drafts.save(`voice:${id}`, `${baseUrl}speakers/${id}/`, { label });
  }

  function nameLast() {
    const name = text.last()?.querySelector("[data-speaker]");
    if (!name) hint("No speaker to name yet: the first words have not been transcribed.");
    else if (name.parentElement.hidden) hint("The provider didn't identify the speaker of the last segment.");
    else edit.begin(name);
  }

  element.addEventListener("click", (event) => {
    const name = event.target.closest("[data-speaker]");
    if (name) edit.begin(name);
  });
  return {
    settle: (answer) => answer.speaker && text.renameSpeaker(answer.speaker),
    end: bindHotkeys({ "live.speaker": nameLast }),
  };
}
