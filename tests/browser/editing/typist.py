"""A person at the keyboard of one page, whose every action is random: real keys in the real editor.

An action is a generator that yields after each key, so that the keys of two people can be interleaved.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error, expect

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Page, Route, WebSocket

    Action = Iterator[None]

# Actions by their names, each as often as it is named.
ADDING = (
    "type", "type", "type", "type", "split", "merge_before", "merge_after", "offline", "online", "lose_answer",
    "reload", "type_and_reload", "tick", "tick", "untick", "comment",
)  # fmt: skip
EVERYTHING = (*ADDING, "type", "type", "undo", "undo", "redo", "remove", "type_over")

SHOWN = """() => [...document.querySelectorAll("[data-text] .seg")].map(
    (segment) => [segment.dataset.id, segment.querySelector(".said").textContent]
)"""
# Half of the places are in the first three segments, so that two people meet. `edge` is "start", "end", or the end of a
# random word: what is typed there divides no other word.
PUT_CARET = """([where, word, edge]) => {
    const texts = [...document.querySelectorAll("[data-text] .seg > .said")];
    const reach = where < 0.5 ? Math.min(3, texts.length) : texts.length;
    const text = texts[Math.floor(where * 2 % 1 * reach)];
    if (!text) return "none";
    const ends = [...text.textContent.matchAll(/\\S+/gu)].map((found) => found.index + found[0].length);
    const places = { start: 0, end: text.textContent.length, word: ends[Math.floor(word * ends.length)] ?? 0 };
    let rest = places[edge];
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    while (node && rest > node.length) {
        rest -= node.length;
        node = walker.nextNode();
    }
    node ? getSelection().collapse(node, rest) : getSelection().collapse(text, 0);
    return text.textContent.trim() === "" ? "empty" : "full";
}"""
# ProseMirror takes a caret at the very start, this soon after the focus, for one that the browser put there.
FOCUS = """() => {
    document.querySelector("[data-text] .ProseMirror").focus();
    return new Promise((done) => setTimeout(done, 250));
}"""


# The segment of the caret, and what segments say: read before and after a key, because others type in the same moment.
CARET = """() => getSelection().anchorNode?.parentElement?.closest(".seg")?.dataset.id ?? "" """
SAYS = """(id) => document.querySelector(`[data-text] .seg[data-id="${id}"] .said`)?.textContent ?? "" """
REVIEWED = """() => [...document.querySelectorAll("[data-text] .seg")]
    .filter((segment) => segment.querySelector(".tick[aria-pressed=true]")).map((segment) => segment.dataset.id)"""


# The words that are underlined for comments, as the browser paints them.
MARKED = """() => [...(CSS.highlights.get("comment") ?? [])].map((range) => range.toString()).sort()"""


class Typist:
    """One person. `typed` are the words that they alone typed, `received` keys and texts that the server sent.

    `declared` are the words that were in segments when they declared these right, `comments` what they said of words.
    """

    def __init__(self, name: str, page: Page, chance: random.Random) -> None:
        self.name, self.page = name, page
        self.typed: list[str] = []
        self.withdrawn: set[str] = set()
        self.declared: set[str] = set()
        self.comments: list[str] = []
        self.received: set[tuple[str, str]] = set()
        self.done: list[str] = []
        self._chance = chance
        self._is_offline = False
        page.on("websocket", self._listen)

    # What the page says

    def shown(self) -> list[list[str]]:
        """Return the segments on the page: key and text."""
        shown: list[list[str]] = self.page.evaluate(SHOWN)
        return shown

    def reviewed(self) -> list[str]:
        """Return the keys of the segments that are marked as reviewed."""
        reviewed: list[str] = self.page.evaluate(REVIEWED)
        return reviewed

    def marked(self) -> list[str]:
        """Return the words that are underlined for comments."""
        marked: list[str] = self.page.evaluate(MARKED)
        return marked

    def save_state(self) -> str:
        """Return what the page says of unsaved changes."""
        return self.page.locator("[data-save-state]").inner_text()

    def open(self, path: str) -> None:
        """Open a transcript."""
        self.page.goto(path)
        self._until_editable()

    def _until_editable(self) -> None:
        expect(self.page.locator("[data-text][data-painted]")).to_be_attached()
        self.page.evaluate(FOCUS)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._note)

    def _note(self, frame: str | bytes) -> None:
        for row in json.loads(frame).get("rows", ()):
            self.received.add((row["id"], row["text"]))

    # What the person does

    def act(self, names: Sequence[str], *, times: int) -> Action:
        """Do random things of these."""
        for _ in range(times):
            self.done.append(self._chance.choice(names))
            action: Callable[[], Action] = getattr(self, self.done[-1])
            yield from action()

    def type(self) -> Action:
        """Type a word behind another one."""
        kind = self._put_caret("word")
        if kind == "none":
            return
        yield from self._type(f"{' ' if kind == 'full' else ''}{self._word()}")

    def split(self) -> Action:
        """Split a segment behind a word."""
        self._put_caret("word")
        yield from self._press("Enter")

    def merge_before(self) -> Action:
        """Merge a segment into the one before it."""
        self._put_caret("start")
        yield from self._press("Backspace")

    def merge_after(self) -> Action:
        """Merge the next segment into one."""
        self._put_caret("end")
        yield from self._press("Delete")

    def remove(self) -> Action:
        """Select a word and remove it."""
        yield from self._select_word()
        yield from self._press("Backspace")

    def type_over(self) -> Action:
        """Select a word and type another one over it."""
        yield from self._select_word()
        yield from self._type(self._word())

    def tick(self) -> Action:
        """Declare a segment right."""
        self._put_caret("word")
        key = self.page.evaluate(CARET)
        self.declared.update(self.page.evaluate(SAYS, key).split())
        yield from self._press("Alt+r")
        self.declared.update(self.page.evaluate(SAYS, key).split())

    def untick(self) -> Action:
        """Take that back."""
        self._put_caret("word")
        yield from self._press("Alt+Shift+R")

    def comment(self) -> Action:
        """Comment on a word."""
        self._put_caret("word")
        yield from self._press("Control+Shift+ArrowLeft")
        if not self.page.evaluate("() => getSelection().toString().trim()"):
            return
        self.page.keyboard.press("Alt+m")
        self.comments.append(f"{self.name} asks {len(self.comments)}")
        self.page.keyboard.type(self.comments[-1])
        yield from self._press("Control+Enter")
        self.page.evaluate(FOCUS)

    def undo(self) -> Action:
        """Undo once, or three times."""
        for _ in range(self._chance.choice([1, 1, 3])):
            yield from self._press("Control+z")

    def redo(self) -> Action:
        """Redo once."""
        yield from self._press("Control+y")

    def offline(self) -> Action:
        """Lose the network."""
        self._is_offline = True
        self.page.context.set_offline(True)
        yield

    def online(self) -> Action:
        """Have the network again."""
        self.reconnect()
        yield

    def reconnect(self) -> None:
        """Have the network again."""
        if self._is_offline:
            self.page.context.set_offline(False)
        self._is_offline = False

    def lose_answer(self) -> Action:
        """Let the server's next answer get lost: the page sends the batch again."""
        self.page.route("**/edits/", self._lose, times=1)
        yield

    def reload(self) -> Action:
        """Reload the page."""
        self.reconnect()
        self.page.unroute_all()
        self.page.reload()
        self._until_editable()
        yield

    def type_and_reload(self) -> Action:
        """Reload the page before it has sent what was typed."""
        yield from self.type()
        yield from self.reload()

    def _lose(self, route: Route) -> None:
        # The page may be gone by now
        with suppress(Error):
            if not self._is_offline:
                route.fetch()
            route.abort()

    def _select_word(self) -> Action:
        self._put_caret("word")
        yield from self._press("Control+Shift+ArrowLeft")
        # What is removed before it was ever saved has no history
        self.withdrawn.update(self.page.evaluate("() => getSelection().toString()").split())

    def _word(self) -> str:
        self.typed.append(f"{self.name}{len(self.typed)}z")
        return self.typed[-1]

    def _put_caret(self, edge: str) -> str:
        chosen = [self._chance.random(), self._chance.random(), edge]
        kind: str = self.page.evaluate(PUT_CARET, chosen)
        return kind

    def _type(self, text: str) -> Action:
        for letter in text:
            yield from self._press(letter)

    def _press(self, key: str) -> Action:
        self.page.keyboard.press(key)
        yield
