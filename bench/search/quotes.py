"""How well and how fast quotations are checked, against an archive of so many transcripts and the corpus.

`python -m bench.search.quotes 100000` takes the database of the environment (`DATABASE_URL`), a new one for the figure.
Quotations are stretches of what was said, as they are and with a share of their words changed, and invented ones:
words as frequent as those of the archive, and those of a recording in another order.
"""

from __future__ import annotations

import csv
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.instance import own_instance
from bench.report import percentile, report
from bench.search import speed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.search.archive import Archive

COUNT, EACH, A_QUOTE = 5_000, 100, (5, 30)
CHANGED = (0.0, 0.1, 0.2)
ARTICLE_WORDS, ARTICLE_QUOTES, ARTICLES = 1_000, 20, 10
CORPUS = Path(os.environ.get("VERBATIM_CORPUS", "../shared/corpus"))


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else COUNT
    with own_instance():
        _measure(count)


def _measure(count: int) -> None:
    from django.db import connection

    from bench.search.archive import Archive

    archive = Archive(count)
    person, teams, folders = speed.people()
    speed.index_all(archive, person, teams, folders)
    chance = random.Random(7)  # noqa: S311 - no secret
    corpus = _write_corpus(person, teams[0])
    figure = f"quotes {connection.vendor}"
    for name, said in (("generated", archive.texts), ("corpus", corpus)):
        for share in CHANGED:
            quotes = [_changed(_stretch(chance.choice(said), chance), share, archive, chance) for _ in range(EACH)]
            found = _found(quotes, person)
            report(figure, transcripts=count, source=name, changed=share, quotes=EACH, recall=found / EACH)
        shuffled = [_shuffled(_stretch(chance.choice(said), chance), chance) for _ in range(EACH)]
        report(figure, transcripts=count, source=name, invented="shuffled", quotes=EACH, found=_found(shuffled, person))
    invented = [archive.some(chance.randint(*A_QUOTE)) for _ in range(EACH)]
    report(figure, transcripts=count, invented="words of the archive", quotes=EACH, found=_found(invented, person))
    times = [_article(archive, person, chance) for _ in range(ARTICLES)]
    report(figure, transcripts=count, article_quotes=ARTICLE_QUOTES, p50_ms=percentile(times, 50), most_ms=max(times))


def _write_corpus(person: Any, team: Any) -> list[list[str]]:
    """Write the references of the corpus as transcripts; return the words of those that are long enough to quote."""
    from tests import factories

    with (CORPUS / "manifest.tsv").open() as file:
        references = [row["reference"] for row in csv.DictReader(file, delimiter="\t")]
    said = [one.split() for one in references if len(one.split()) >= A_QUOTE[0]]
    for words in said:
        recording = factories.make_recording(team, " ".join(words[:4]), owner=person)
        parts = [" ".join(words[first : first + 15]) for first in range(0, len(words), 15)]
        factories.make_transcript(recording, [("Speaker 1", part) for part in parts])
    return said


def _stretch(words: Sequence[str], chance: random.Random) -> list[str]:
    size = min(len(words), chance.randint(*A_QUOTE))
    begin = chance.randint(0, len(words) - size)
    return list(words[begin : begin + size])


def _changed(words: list[str], share: float, archive: Archive, chance: random.Random) -> list[str]:
    """Replace, leave out or add so large a share of the words, rounded down."""
    for _ in range(int(len(words) * share)):
        at = chance.randrange(len(words))
        kind = chance.choice(("replace", "remove", "add"))
        words[at : at + (kind != "add")] = [] if kind == "remove" else archive.some(1)
    return words


def _shuffled(words: list[str], chance: random.Random) -> list[str]:
    chance.shuffle(words)
    return words


def _found(quotes: Sequence[Sequence[str]], person: Any) -> int:
    from transcripts.selectors.quotes.check import check

    reports = [check(f"“{' '.join(one)}”", person) for one in quotes]
    return sum(one.counts["exact"] + one.counts["differing"] for one in reports)


def _article(archive: Archive, person: Any, chance: random.Random) -> float:
    """Check an article; return how long it took in ms."""
    from transcripts.selectors.quotes.check import check

    quotes = [" ".join(_stretch(chance.choice(archive.texts), chance)) for _ in range(ARTICLE_QUOTES)]
    between = " ".join(archive.some(ARTICLE_WORDS // ARTICLE_QUOTES - sum(A_QUOTE) // 2))
    text = " ".join(f"{between} “{one}”" for one in quotes)
    began = time.perf_counter()
    check(text, person)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
