"""How long a correction of 20,000 characters takes to align, whatever the two texts are."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from bench.report import report
from transcripts.document import Segment, Timing, Word, scripts
from transcripts.document.retiming import retimed

if TYPE_CHECKING:
    from collections.abc import Iterator

CHARACTERS = 20_000
LIMIT_MS = 200


def main() -> None:
    """Measure each pair of texts and print the slowest."""
    taken = {name: _measure(old, new) for name, old, new in texts()}
    slowest = max(taken, key=lambda name: taken[name])
    report("alignment", pairs=len(taken), most_ms=taken[slowest], of=slowest, limit_ms=LIMIT_MS)


def texts() -> Iterator[tuple[str, str, str]]:
    """Yield pairs of texts that are hard for one algorithm or another."""
    chance = random.Random(20_000)  # noqa: S311
    words = [_word(chance) for _ in range(CHARACTERS // 6)]
    letters, others = (chance.choices("abcdefgh", k=CHARACTERS // 2) for _ in range(2))
    unspaced = chance.choices("川の水が増えたで橋を渡らずに待ちまし", k=CHARACTERS)
    yield "equal", " ".join(words), " ".join(words)
    yield "one word corrected", " ".join(words), " ".join([*words[:900], "corrected", *words[901:]])
    yield "a third corrected", " ".join(words), " ".join(_word(chance) if chance.random() < 0.3 else w for w in words)
    yield "all different", " ".join(words), " ".join(_word(chance) for _ in words)
    yield "reversed", " ".join(words), " ".join(words[::-1])
    yield "shuffled", " ".join(words), " ".join(chance.sample(words, len(words)))
    yield "pairs swapped", " ".join(words), " ".join(words[number ^ 1] for number in range(len(words) // 2 * 2))
    yield "one word again and again", "word " * (CHARACTERS // 5), "word " * (CHARACTERS // 5 - 700)
    yield "one word, every other replaced", "a " * (CHARACTERS // 2), "a b " * (CHARACTERS // 4)
    yield "periodic", "a b c " * (CHARACTERS // 6), "a c b " * (CHARACTERS // 6)
    yield "two periods", "a b " * (CHARACTERS // 4), "a b c " * (CHARACTERS // 6)
    yield "words of one letter", " ".join(letters), " ".join(others)
    yield "no spaces at all", "x" * CHARACTERS, "y" * CHARACTERS
    yield "a script without spaces", "".join(unspaced), "".join(chance.sample(unspaced, CHARACTERS))
    yield "a script without spaces, reversed", "".join(unspaced), "".join(unspaced[::-1])
    yield "nothing before", "", " ".join(letters)
    yield "nothing after", " ".join(letters), ""


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=5))


def _measure(old: str, new: str) -> float:
    words = tuple(
        Word(word, 100 * at, 100 * at + 90, 0.9, Timing.MEASURED) for at, word in enumerate(scripts.words_in(old))
    )
    segment = Segment(old, 0, 100 * len(words) + 100, None, words)
    began = time.perf_counter()
    retimed(segment, new)
    return round((time.perf_counter() - began) * 1000, 1)


if __name__ == "__main__":
    main()
