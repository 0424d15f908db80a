"""How long a search takes in an archive of so many transcripts, how large its index is, and when an edit is found.

`python -m bench.search.speed 100000` takes the database of the environment (`DATABASE_URL`), a new one for the figure.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from bench.instance import own_instance
from bench.report import percentile, report

if TYPE_CHECKING:
    from bench.search.archive import Archive

COUNT, RUNS = 5_000, 40


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else COUNT
    with own_instance():
        _measure(count)


def _measure(count: int) -> None:
    from django.db import connection

    from bench.search.archive import Archive
    from project.web.heap import settle

    archive = Archive(count)
    person, teams, folders = people()
    index_all(archive, person, teams, folders)
    settle()
    asked = _queries(archive)
    for filtered, narrow in (
        ("all teams", {}),
        ("one team", {"team": teams[7].slug}),
        ("one folder", {"folder": folders[9].pk}),
    ):
        for kind, texts in asked.items():
            times = [_search(person, text, narrow) for text in texts]
            report(
                f"search {connection.vendor}", transcripts=count, kind=kind, filter=filtered,
                p50_ms=percentile(times, 50), p95_ms=percentile(times, 95), most_ms=max(times),
            )  # fmt: skip
    report(f"search {connection.vendor} edit", transcripts=count, found_after_ms=_edit(person))


def people() -> tuple[Any, list[Any], list[Any]]:
    from bench.search.archive import FOLDERS, TEAMS
    from tests import factories
    from transcripts.models import Folder

    person = factories.make_user("Alice Adams")
    teams = [factories.make_team(f"Team {number}", owner=person) for number in range(TEAMS)]
    folders = [Folder.objects.create(team=team, name=f"Folder {n}") for team in teams for n in range(FOLDERS)]
    return person, teams, folders


def index_all(archive: Archive, person: Any, teams: list[Any], folders: list[Any]) -> None:
    """Write the archive without an index, then fill it as the conductor does."""
    from django.db import connection

    from transcripts.services.search.index import index

    index().remove()
    archive.write(person, teams, folders)
    began = time.perf_counter()
    index().install()
    while index().fill(most=5_000):
        time.sleep(0.5 if connection.vendor == "postgresql" else 0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    took, size = time.perf_counter() - began, _size()
    ratio = round(size / archive.bytes, 2)
    report(f"search {connection.vendor} index", s=round(took), mb=size >> 20, text_mb=archive.bytes >> 20, ratio=ratio)


def _size() -> int:
    from django.db import connection

    sql = (
        "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'i' AND relname LIKE 'search%'"
        if connection.vendor == "postgresql"
        else "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%' OR name LIKE 'sqlite_autoindex_search%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def _queries(archive: Archive) -> dict[str, list[str]]:
    """Return what is searched for by kind. Phrases are taken from what was written."""
    random, words = archive.random, archive.words

    def pick(low: int, high: int) -> list[str]:
        return [words[n] for n in random.integers(low, high, RUNS)]

    texts = [archive.texts[n] for n in random.integers(0, len(archive.texts), RUNS)]
    places = random.integers(0, len(texts[0]) - 4, RUNS)
    return {
        "rare": pick(20_000, 150_000),
        "middle": pick(500, 5_000),
        "common": pick(0, 100),
        "two words": [f"{one} {other}" for one, other in zip(pick(50, 500), pick(500, 5_000), strict=True)],
        "phrase, rare": [f'"{" ".join(text[at : at + 4])}"' for text, at in zip(texts, places, strict=True)],
        "phrase, common": [f'"{one} {other}"' for one, other in zip(pick(0, 8), pick(0, 8), strict=True)],
        "phrase of common words": [f'"{one} {other}"' for one, other in zip(pick(20, 100), pick(20, 100), strict=True)],
        "prefix": [f"{word[:3]}*" for word in pick(100, 150_000)],
        "prefix, long": [f"{word[:5]}*" for word in pick(100, 150_000)],
        "exclusion": [f"{one} -{other}" for one, other in zip(pick(0, 2_000), pick(0, 2_000), strict=True)],
    }


def _search(person: Any, text: str, narrow: dict[str, Any]) -> float:
    from transcripts.selectors.search import page, scope

    began = time.perf_counter()
    page.page(person, scope.Filters(text=text, **narrow))
    return round((time.perf_counter() - began) * 1000, 1)


def _edit(person: Any) -> float:
    """Return how long after an edit its words are found."""
    from transcripts.models import Segment
    from transcripts.selectors.search import page, scope

    segment = Segment.objects.order_by("-pk")[1_000]
    began = time.perf_counter()
    Segment.objects.filter(pk=segment.pk).update(text=segment.text + " Xylophonist")
    found = page.page(person, scope.Filters(text="xylophonist"))
    if not found.results:
        sys.exit("The edit was not found")
    return round((time.perf_counter() - began) * 1000, 1)


if __name__ == "__main__":
    main()
