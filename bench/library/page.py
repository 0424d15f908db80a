"""How long the server takes for a page of the library of an archive, by filter, order and depth.

The database is the one that the environment names (`DATABASE_URL`), a new one for the figure. `LIBRARY_PAGES` says how
many times each page is asked for.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from bench.instance import own_instance
from bench.report import percentile, report

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.selectors.library import Filters

RUNS = int(os.environ.get("LIBRARY_PAGES", "12"))
# The deep page begins after nine tenths of so many rows, or of all that there are
DEPTH = 5_000


def main() -> None:
    """Measure and print."""
    with own_instance():
        _measure()


def _measure() -> None:
    from django.db import connection

    from bench.library import archive
    from project.web.heap import settle
    from transcripts.models import Folder, Tag
    from transcripts.selectors.library import SORTS, STATES

    began = time.perf_counter()
    user = archive.make()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    settle()
    report("library", database=connection.vendor, what="prepared", seconds=round(time.perf_counter() - began))
    scopes: dict[str, dict[str, Any]] = {
        "all teams": {"team": ""},
        "one team": {"team": "team-07"},
        "a folder": {"team": "team-07", "folder": Folder.objects.filter(team__slug="team-07")[0].pk},
        "a tag": {"team": "team-07", "tag": Tag.objects.filter(team__slug="team-07")[0].pk},
    }
    every: list[tuple[float, float]] = []
    most = 0
    for scope, named in scopes.items():
        for state in STATES:
            # A folder and a tag leave few enough to be sorted as they are read
            for sort in SORTS if state != "trash" and len(named) == 1 else ("newest",):
                times, queries = _page(user, {**named, "state": state, "sort": sort})
                every, most = every + times, max(most, queries)
                report(
                    "library",
                    database=connection.vendor,
                    scope=scope,
                    state=state,
                    sort=sort,
                    queries=queries,
                    **_told(times),
                )
    report("library", database=connection.vendor, what="all", pages=len(every), queries=most, **_told(every))


def _told(times: list[tuple[float, float]]) -> dict[str, float]:
    """Return what passed, and how long this process worked: on a busy machine the second says more."""
    passed, worked = [one for one, _ in times], [one for _, one in times]
    return {
        "p50_ms": percentile(passed, 50),
        "p95_ms": percentile(passed, 95),
        "work_p50_ms": percentile(worked, 50),
        "work_p95_ms": percentile(worked, 95),
    }


def _page(user: User, named: dict[str, Any]) -> tuple[list[tuple[float, float]], int]:
    """Ask for the first page and for one far behind it, in turn; return the times and the most queries of one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from transcripts.selectors import library

    first = library.Filters(**named)
    deep = _far_behind(user, named)
    with CaptureQueriesContext(connection) as captured:
        library.page(user, deep)
    queries = len(captured)  # each request empties the log
    return [_timed(user, named, filters) for _ in range(RUNS // 2) for filters in (first, deep)], queries


def _far_behind(user: User, named: dict[str, Any]) -> Filters:
    from transcripts import access
    from transcripts.selectors import library
    from transcripts.selectors.library.filters import branches
    from transcripts.selectors.library.paging import ORDERS, places_after

    filters = library.Filters(**named)
    order = ORDERS["trash" if filters.state == "trash" else filters.sort]
    places = places_after(branches(user, filters, access.places_of(user)), order, "", count=DEPTH)
    return library.Filters(**named, after=places[len(places) * 9 // 10].cursor) if places else filters


def _timed(user: User, named: dict[str, Any], filters: Filters) -> tuple[float, float]:
    """Ask as a browser does, through middleware and templates."""
    from django.test import Client

    client = _timed.__dict__.setdefault("client", Client())
    if not client.session.get("_auth_user_id"):
        client.force_login(user)
    asked = {name: value for name, value in {**named, "after": filters.after}.items() if value or name == "team"}
    began, worked = time.perf_counter(), time.process_time()
    response = client.get("/", asked, headers={"host": "localhost"})
    taken, work = time.perf_counter() - began, time.process_time() - worked
    assert response.status_code == 200
    return taken * 1000, work * 1000
