// The text of a guest's page: the editor to read, and to comment and edit as far as the link allows.
import { createAsides } from "../editor/asides.js";
import { mountEditor } from "../editor/mount.js";
import { bindHotkeys, LOCAL } from "../hotkeys.js";
import { createComments } from "../panels/comments/comments.js";
import { createConflicts } from "../panels/conflicts.js";
import { createFindBar } from "../panels/find/find_bar.js";
import { createSaveState } from "../panels/save_state.js";
import { createSpeakerChoice } from "../panels/speakers/speaker_choice.js";

const CONFIRMED_MS = 2_000;
const dataOf = () => JSON.parse(document.getElementById("transcript-data").textContent);

// `side` is the rail of panels. The player comes later, by `usePlayer`.
export function createGuestText(element, side) {
  const root = element.querySelector("[data-text]");
  const { editable, comments: showsComments, canComment, conflicts: open, urls, me } = dataOf();
  const panelOf = (id) => element.querySelector(`[data-panel="${id}"]`);
  const parts = [];
  let player = null;
  let conflicts = null;
  let comments = null;
  let choice = null;
  let isOver = false;
  let editor = null;

  root.replaceChildren(...root.querySelectorAll(".empty"));
  const asides = createAsides({ startOf: (id) => editor?.row(id)?.start_ms ?? null });
  const saveState = editable ? createSaveState(element, () => editor) : null;
  editor = mountEditor(root, {
    extra: [asides.plugin],
    onState: (state) => saveState?.show(state),
    onPeople: () => {},
    onMessage: (message) => {
      conflicts?.receive(message);
      comments?.receive(message);
    },
    onHeader: ({ kind, id, element: anchor }) => {
      if (kind === "speaker" && !isOver) choice?.open([id], anchor);
      if (kind === "comments") comments?.open(id);
    },
  });
  saveState?.show({ state: "saved", waiting: 0 });
  editor.started.then(() => { root.dataset.painted = ""; });

  const play = (from, to) => player?.playSpan(from, to);
  const finder = createFindBar({ root: element, editor, isEditable: editable });
  parts.push(finder);
  if (showsComments) {
    comments = createComments({
      editor, side, tell, me, panel: panelOf("comments"), url: urls.comments, canComment, play,
      nowMs: () => player?.nowMs ?? 0, playedMs: () => (player?.isPlaying ? player.nowMs : null),
    });
    parts.push(comments);
  }
  if (editable) {
    conflicts = createConflicts({ editor, panel: panelOf("conflicts"), side, urls, open, isEditable: true, play });
    choice = createSpeakerChoice({ editor, root: element, namesUrl: "" });
    parts.push(choice);
    if (open.length) side.select("conflicts");
  }

  function tell(sentence) {
    const news = element.querySelector("[data-text-news]");
    news.textContent = sentence;
    setTimeout(() => { if (news.textContent === sentence) news.textContent = ""; }, CONFIRMED_MS);
  }

  // After the link has ended: what was typed is sent once more, refused, and offered to be copied.
  function close() {
    isOver = true;
    editor.flush();
    editor.view.setProps({ editable: () => false });
  }

  const local = Object.fromEntries(["text.split", "text.merge", "text.finish", "text.undo", "text.redo", "find.next", ...(editable ? ["find.replace"] : [])].map((id) => [id, LOCAL]));
  const release = bindHotkeys(editable ? { "text.find": finder.open, ...local } : { "text.find": finder.open, "find.next": LOCAL });
  const find = element.querySelector("[data-text-act=find]");
  find.addEventListener("click", finder.open);
  element.querySelector("[data-comment]")?.addEventListener("click", () => comments?.write());

  return {
    editor,
    close,
    usePlayer: (made) => { player = made; },
    stop: () => {
      release();
      [...parts, editor].forEach((one) => one.end());
    },
  };
}
