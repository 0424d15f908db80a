"""A scripted reviewer: the words to check of three recordings, decided by keyboard alone in a real browser.

It knows the reference and looks at nothing but the words to check: A if the words are right, a digit if a choice is,
else C, the words of the reference, and Enter. It prints keys and seconds a decision, and the word errors before and
after.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from bench.recogniser.accuracy import Errors, Recording, errors, recordings
from bench.report import report
from tests.support.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

FILES = ("en_poem_sonnet2.mp3", "en_diarization_3spk.wav", "en_voicemail_lj050.amr")
QUIET = ["--no-sandbox", "--disable-quic", "--autoplay-policy=no-user-gesture-required"]
NEWEST = "from transcripts.models import Transcript; print(Transcript.objects.latest('created_at').pk)"
WORD = re.compile(r"\S+")
DECIDED_MS = 30_000
# What the page shows: the count, the item at which it is, the texts by segment, and the choices of the card.
SHOWN = """() => ({
  left: document.querySelector("[data-panel=review] h2").textContent,
  item: document.querySelector('.doubt[aria-current="true"]')?.dataset.key ?? "",
  words: document.querySelector('.doubt[aria-current="true"] b')?.textContent ?? "",
  segments: [...document.querySelectorAll("[data-text] .seg")].map(
    (one) => [one.dataset.id, one.querySelector(".said").textContent],
  ),
  choices: [...document.querySelectorAll(".doubt-card .choice bdi")].map((one) => one.textContent),
  isOpen: Boolean(document.querySelector(".doubt-card:not([hidden])")),
})"""


@dataclass(slots=True)
class Tally:
    """What the reviewer did: keys that decide, letters that were typed, and seconds."""

    accepted: int = 0
    corrected: int = 0
    keys: int = 0
    letters: int = 0
    seconds: list[float] = field(default_factory=list)


class Reviewer:
    """Decides each word to check of an open page by what the reference says there."""

    def __init__(self, page: Page, reference: str) -> None:
        self._page, self._reference, self._tally = page, WORD.findall(reference), Tally()

    def review(self) -> Tally:
        """Decide all; return what it took."""
        heading = self._page.locator("[data-panel=review] h2")
        expect(heading).to_have_text(re.compile(r"^(No|\d+) words? to check"), timeout=DECIDED_MS)
        if heading.inner_text().startswith("No"):
            return self._tally
        self._press("j")
        while (shown := self._opened())["item"]:
            began = time.monotonic()
            self._decide(shown)
            self._until_another(shown)
            self._tally.seconds.append(time.monotonic() - began)
        return self._tally

    def _opened(self) -> dict[str, object]:
        """Wait for the card, or for the end of the list; return what the page shows."""
        page = self._page
        page.wait_for_function(
            f"() => {{ const now = ({SHOWN})(); return now.isOpen || now.left.startsWith('No'); }}", timeout=DECIDED_MS
        )
        shown: dict[str, object] = page.evaluate(SHOWN)
        return shown

    def _until_another(self, before: dict[str, object]) -> None:
        known = [before["left"], before["item"]]
        changed = f"([left, item]) => {{ const now = ({SHOWN})(); return now.left !== left || now.item !== item; }}"
        self._page.wait_for_function(changed, arg=known, timeout=DECIDED_MS)

    def _decide(self, shown: dict[str, object]) -> None:
        said, wanted = str(shown["words"]), self._wanted(shown)
        choices: list[str] = list(shown["choices"])  # type: ignore[call-overload]
        right = next((at for at, choice in enumerate(choices) if _key(choice) == _key(wanted)), None)
        if _key(said) == _key(wanted):
            self._press("a")
            self._tally.accepted += 1
            return
        self._tally.corrected += 1
        if right is not None:
            self._press(str(right + 1))
            return
        self._press("c")
        expect(self._page.locator(".ProseMirror")).to_be_focused()
        if wanted:
            self._page.keyboard.type(wanted)
            self._tally.letters += len(wanted)
        else:
            self._press("Backspace")
        self._press("Enter")

    def _press(self, key: str) -> None:
        self._page.keyboard.press(key)
        self._tally.keys += 1

    def _wanted(self, shown: dict[str, object]) -> str:
        """Return the words of the reference in the place of the item."""
        segment, start = str(shown["item"]).removeprefix("doubt-").rsplit("-", 1)
        place, text = 0, ""
        for key, said in shown["segments"]:  # type: ignore[attr-defined]
            place = len(text) + int(start) if key == segment else place
            text += f"{said} "
        found = list(WORD.finditer(text))
        end = place + len(str(shown["words"]))
        inside = [at for at, word in enumerate(found) if word.end() > place and word.start() < end]
        words = [word.group() for word in found]
        first, last = _counterpart(words, self._reference, inside[0], inside[-1] + 1)
        return " ".join(self._reference[first:last]).rstrip(".,;:!?")


def _key(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _counterpart(words: Sequence[str], others: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Return where in others the words from `first` to before `last` are, by comparing both."""
    matcher = difflib.SequenceMatcher(a=[_key(one) for one in words], b=[_key(one) for one in others], autojunk=False)
    begin, end = len(others), 0
    for tag, low, high, other_low, other_high in matcher.get_opcodes():
        if high <= first or low >= last:
            continue
        is_even = tag == "equal" or high - low == other_high - other_low
        begin = min(begin, other_low + max(0, first - low) if is_even or first > low else other_low)
        end = max(end, other_low + min(last, high) - low if is_even else other_high)
    return min(begin, end), end


def _text(page: Page) -> str:
    return " ".join(said for _, said in page.evaluate(SHOWN)["segments"])


def main() -> None:
    """Review each file and print."""
    chosen = [one for one in recordings() if one.path.name in FILES]
    variables = {"WHISPER_MODEL": "tiny.en"}
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "data", **variables) as instance:
        person = instance.sign_in()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            context = browser.new_context(viewport={"width": 1360, "height": 860})
            cookie = person.session.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": person.url}])
            for one in chosen:
                page = context.new_page()
                page.goto(f"{person.url}/transcripts/{_transcribed(instance, one)}/")
                _measure(page, one)
                page.close()


def _transcribed(instance: Instance, one: Recording) -> str:
    status, _, said = instance.transcribe(one.path, "--language", "en").result()
    assert status == 0, said
    output, complaint = instance.manage("shell", "-c", NEWEST).communicate()
    assert output.strip(), complaint
    return output.strip().splitlines()[-1]


def _measure(page: Page, one: Recording) -> None:
    expect(page.locator("[data-text][data-painted]")).to_be_attached(timeout=DECIDED_MS)
    before = errors(one.language, one.reference, _text(page))
    tally = Reviewer(page, one.reference).review()
    expect(page.locator("[data-save-state]")).to_have_text("Saved", timeout=DECIDED_MS)
    after = errors(one.language, one.reference, _text(page))
    decisions = tally.accepted + tally.corrected
    report(
        "review",
        file=one.path.name,
        accepted=tally.accepted,
        corrected=tally.corrected,
        keys_a_decision=round(tally.keys / max(1, decisions), 2),
        letters=tally.letters,
        seconds_a_decision=round(sum(tally.seconds) / max(1, decisions), 2),
        errors_before=_share(before),
        errors_after=_share(after),
    )


def _share(counted: Errors) -> str:
    return f"{counted.wrong}/{counted.of} ({counted.wrong / max(1, counted.of):.1%})"


if __name__ == "__main__":
    main()
