"""Two people edit one transcript in two browsers, in random order, and lose the network and their pages meanwhile.

    INTERLEAVINGS=500 python -m pytest tests/browser/editing/test_interleavings.py -s

Each seed is a transcript with BURSTS interleavings; after each of them the pages come to rest and are compared. A seed
chooses the actions, not the moments: a failure may need a few runs of its test to come again.
"""

from __future__ import annotations

import os
import random
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.browser.editing.typist import ADDING, EVERYTHING, Typist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

pytestmark = pytest.mark.long

BURSTS = 5
INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "20"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "1"))
SEEDS = range(FIRST_SEED, FIRST_SEED + INTERLEAVINGS // BURSTS)
ACTIONS = 10
# So many keys of one person come before the next of the other.
STRETCHES = (1, 1, 3, 12)
PATIENCE_S = 40
SAID = ["Hold the front page", "Thursday works for the piece on the dam", "So be it", "", "One more voice is needed"]
LINES = [[f"Speaker {number % 2 + 1}", text] for number, text in enumerate(SAID)]


@pytest.fixture(scope="module")
def waits() -> Iterator[list[float]]:
    """How long after the last key both pages and the server said the same, in seconds; printed at the end."""
    waits: list[float] = []
    yield waits
    if waits:
        waits.sort()
        p50, p95 = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        late = sum(wait > 1 for wait in waits)
        figures = (
            f"{len(waits)} interleavings: the same text after p50 {p50:.2f}, p95 {p95:.2f}, most {waits[-1]:.2f} s"
        )
        sys.stdout.write(f"\n{figures}; {late} took more than a second\n")


@pytest.mark.parametrize("seed", SEEDS)
def test_two_browsers_come_to_the_same_text_and_lose_nothing(
    stage: Site, browse: Browse, waits: list[float], seed: int
) -> None:
    chance = random.Random(seed)
    transcript = stage.do("transcript", recording=stage.do("recording"), lines=LINES)
    people = [Typist(name, browse("/", who=name), chance) for name in ("alice", "erin")]
    for person in people:
        person.open(f"/transcripts/{transcript}/")
    # What only adds can be counted: no one takes a word away
    is_adding = seed % 2 == 0
    try:
        for _ in range(BURSTS):
            interleave(people, ADDING if is_adding else EVERYTHING, chance)
            waits.append(wait_until_same(stage, transcript, people))
            check(stage, transcript, people, is_adding=is_adding)
    except Exception:
        sys.stdout.write(f"\nseed {seed}: " + "; ".join(f"{one.name} {' '.join(one.done)}" for one in people) + "\n")
        sys.stdout.write("".join(f"  {edit}\n" for edit in stage.do("edits", transcript=transcript)))
        raise


def interleave(people: list[Typist], names: Sequence[str], chance: random.Random) -> None:
    """Let both do something, a few keys of the one and then a few of the other."""
    actions = {person: person.act(names, times=ACTIONS // 2) for person in people}
    while actions:
        person = chance.choice(list(actions))
        for _ in range(chance.choice(STRETCHES)):
            if next(actions[person], "over") == "over":
                del actions[person]
                break


def wait_until_same(stage: Site, transcript: str, people: list[Typist]) -> float:
    """Wait until both pages show what the server has, and have nothing unsaved; return how long that took."""
    for person in people:
        person.reconnect()
    start = time.monotonic()
    while True:
        text = stage.do("text", transcript=transcript)
        shown = {person.name: person.shown() for person in people}
        states = [person.save_state() for person in people]
        elapsed = time.monotonic() - start
        reviewed = [key for key, _ in stage.do("reviewed", transcript=transcript)]
        is_same = all(one == text for one in shown.values()) and all(one.reviewed() == reviewed for one in people)
        if is_same and set(states) == {"Saved"} and are_comments_at_rest(stage, transcript, people):
            return elapsed
        comments = (stage.do("commented", transcript=transcript), [person.marked() for person in people])
        said = f"They never came to the same text: {states}\nserver {text}\n{shown}\ncomments {comments}"
        assert elapsed < PATIENCE_S, said


def are_comments_at_rest(stage: Site, transcript: str, people: list[Typist]) -> bool:
    """Tell whether every comment is on the server once, and both pages underline the words that it is at there."""
    comments = stage.do("commented", transcript=transcript)
    is_complete = [body for body, *_ in comments] == sorted(body for person in people for body in person.comments)
    at = sorted(covered for *_, covered in comments if covered)
    return is_complete and all(person.marked() == at for person in people)


def check(stage: Site, transcript: str, people: list[Typist], *, is_adding: bool) -> None:
    """Hold what was promised: no word is lost or doubled, each text that was saved is in the history, and no segment is
    marked as reviewed with a word that no one declared right.
    """
    declared = set[str]().union(*(person.declared for person in people))
    for key, said in stage.do("reviewed", transcript=transcript):
        assert set(said.split()) <= declared, f"{key} is reviewed, and no one declared it right: {said!r}"
    text, past = stage.do("text", transcript=transcript), stage.do("past", transcript=transcript)
    said = " ".join(said for _, said in text)
    conflicts = " ".join(past["conflicts"])
    history = " ".join(said for texts in past["texts"].values() for said in texts)
    withdrawn = " ".join(word for person in people for word in person.withdrawn)
    for word in (word for person in people for word in person.typed):
        assert said.count(word) <= 1, f"{word} is doubled: {text}"
        if is_adding:
            assert word in said.split() or word in conflicts, f"{word} is lost: {text}"
        else:
            assert word in said + conflicts + history + withdrawn, f"{word} is lost without a trace: {text}"
    for body, quoted, covered in stage.do("commented", transcript=transcript):
        # A word that someone typed is in the text once: its comment is at that one, or says that it is gone
        is_unique = all(len(word) > 1 and word[-1] == "z" for word in quoted.split())
        assert not is_unique or covered in (quoted, "") or not is_adding, f"{body} is at {covered!r}, not {quoted!r}"
        assert covered or not is_adding or quoted not in said, f"{body} lost {quoted!r}, which is in the text"
    for key, said in set[tuple[str, str]]().union(*(person.received for person in people)):
        assert said in past["texts"].get(key, []), f"{key} was once {said!r}, which its history does not have"
