"""Which recordings a person searches: what they can see, by the filters of the page, the newest first.

The permission is part of each query here, and everything else asks only about what these queries return.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from transcripts import access
from transcripts.models import Recording, Speaker, Transcript
from transcripts.selectors.library import filters as library_filters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import Team, User

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ORDERS = ("newest", "best")
# How many recordings are looked through one after the other, at first and at most.
FIRST, LARGEST = 16, 256
# How many are read by one query, of all teams together.
ROWS = 512


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person searches for, and where. `before` is the cursor of a page; `is_exact` leaves out other forms."""

    text: str = ""
    state: str = "all"
    team: str = ""
    folder: int | None = None
    tag: int | None = None
    speaker: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    order: str = "newest"
    is_exact: bool = False
    before: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the words narrows the search."""
        given = (self.team, self.folder, self.tag, self.speaker, self.language, self.since, self.until)
        return self.state != "all" or any(one is not None and one != "" for one in given)


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A recording that may be shown, with its latest transcript. They are ordered by age."""

    created_at: datetime
    recording_id: UUID
    transcript_id: UUID | None = field(compare=False)

    @property
    def cursor(self) -> str:
        """Name the recording, so that a page can begin after it."""
        return f"{(self.created_at - EPOCH) // timedelta(microseconds=1)}.{self.recording_id}"


def recordings(user: User, filters: Filters) -> QuerySet[Recording]:
    """Return the recordings that the person can see and the filters leave."""
    return _narrowed(access.recordings_of(user), user, filters)


def among(user: User, filters: Filters, ids: Collection[UUID]) -> list[Candidate]:
    """Return those of the recordings that the person searches, the newest first.

    They are read by their ids: as an expression, the team leads no database to reading all that the teams have.
    """
    teams = list(access.teams_of(user).values_list("pk", flat=True))
    own = Recording.objects.filter(pk__in=ids, deleted_at=None).alias(of_team=F("team_id") + 0)
    parts: list[QuerySet[Any]] = [own.filter(of_team__in=teams)]
    if access.grants_to(user).exists():
        parts.append(access.recordings_of(user).exclude(team__in=teams).filter(pk__in=ids))
    told = ("created_at", "pk", "latest_transcript")
    rows = (row for part in parts for row in _narrowed(part, user, filters).values_list(*told))
    return sorted((Candidate(*row) for row in rows), reverse=True)


def owners(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the recording of each transcript; recordings are their own."""
    asked = set(ids)
    found = dict(Transcript.objects.filter(pk__in=asked).values_list("pk", "recording_id"))
    return {one: found.get(one, one) for one in asked}


def newest(user: User, filters: Filters) -> Iterator[list[Candidate]]:
    """Yield what the person searches in batches, the newest first; each batch is larger than the one before."""
    rows, size = _stream(user, filters), FIRST
    while batch := list(islice(rows, size)):
        latest = _latest([pk for _, pk in batch])
        yield [Candidate(created_at, pk, latest.get(pk)) for created_at, pk in batch]
        size = min(2 * size, LARGEST)


def _stream(user: User, filters: Filters) -> Iterator[tuple[datetime, UUID]]:
    """Yield the recordings, the newest first.

    Each branch has its own by age in one index, so the first of each are read. They are in order as far back as the
    branch reaches whose last one is the newest.
    """
    branches, before = _branches(user, filters), place_of(filters.before)
    if not branches:
        return
    limit = max(8, ROWS // len(branches))
    while True:
        rows = _first_of_each([_before(branch, before) for branch in branches], limit)
        ends = [mine[-1] for mine in rows if len(mine) == limit]
        before = max(ends, default=None)
        yield from sorted((row for mine in rows for row in mine if before is None or row >= before), reverse=True)
        if before is None:
            return


def _branches(user: User, filters: Filters) -> list[QuerySet[Recording]]:
    """Return what the person can see in parts that have nothing in common: by team, and what is shared with them."""
    if filters.state == "shared":
        return [_narrowed(access.shared_with(user), user, filters)]
    teams = access.teams_of(user)
    found = [
        _narrowed(Recording.objects.filter(team=pk, deleted_at=None), user, filters)
        for pk in _asked_teams(teams, filters).values_list("pk", flat=True)
    ]
    shared = access.recordings_of(user).exclude(team__in=teams.values("pk"))
    return [*found, _narrowed(shared, user, filters)] if access.grants_to(user).exists() else found


def _asked_teams(teams: QuerySet[Team], filters: Filters) -> QuerySet[Team]:
    """Return the teams that can have what the filters leave: a folder and a tag are of one."""
    if filters.team:
        teams = teams.filter(slug=filters.team)
    if filters.folder is not None:
        teams = teams.filter(folders=filters.folder)
    return teams if filters.tag is None else teams.filter(tags=filters.tag)


def _first_of_each(branches: Sequence[QuerySet[Recording]], limit: int) -> list[list[tuple[datetime, UUID]]]:
    """Read the newest of each branch, all in one query."""
    parts = [
        branch.order_by("-created_at", "-id").values_list("created_at", "pk")[:limit].query.sql_with_params()
        for branch in branches
    ]
    # Django wrote each part, with parameters of its own; only SQLite keeps it from joining parts that have an end
    numbered = (f"SELECT {number}, b.* FROM ({part}) AS b" for number, (part, _) in enumerate(parts))  # noqa: S608
    sql = " UNION ALL ".join(numbered)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in parts for value in values])
        rows = cursor.fetchall()
    found: list[list[tuple[datetime, UUID]]] = [[] for _ in branches]
    for number, created_at, pk in rows:
        found[number].append((_moment(created_at), pk if isinstance(pk, uuid.UUID) else uuid.UUID(pk)))
    return [sorted(mine, reverse=True) for mine in found]


def _moment(value: datetime) -> datetime:
    """Return a moment with its zone, which a column of a query in SQLite lacks."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _latest(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the latest transcript of each recording that has one."""
    rows = Transcript.objects.filter(recording__in=ids).order_by("created_at").values_list("recording_id", "pk")
    return dict(rows)


def place_of(cursor: str) -> tuple[datetime, UUID] | None:
    """Read a cursor; an invalid one counts as none."""
    try:
        microseconds, _, pk = cursor.partition(".")
        return EPOCH + timedelta(microseconds=int(microseconds)), uuid.UUID(pk)
    except (ValueError, OverflowError):
        return None


def _before(found: QuerySet[Recording], place: tuple[datetime, UUID] | None) -> QuerySet[Recording]:
    if place is None:
        return found
    return found.filter(created_at__lte=place[0]).exclude(created_at=place[0], id__gte=place[1])


def _narrowed(found: QuerySet[Recording], user: User, filters: Filters) -> QuerySet[Recording]:
    """Apply the filters."""
    found = found.filter(**_fields(filters))
    if filters.language:
        found = found.filter(
            Q(latest_transcript__language=filters.language) | Q(latest_transcript=None, language=filters.language)
        )
    if filters.speaker:
        named = Speaker.objects.filter(transcript__recording=OuterRef("pk"), label__icontains=filters.speaker)
        found = found.filter(Exists(named))
    return library_filters.in_state(found, filters.state, user)


def _fields(filters: Filters) -> dict[str, Any]:
    """Return the conditions that are columns of a recording."""
    since = filters.since and datetime.combine(filters.since, time.min, UTC)
    until = filters.until and datetime.combine(filters.until, time.max, UTC)
    given = {
        "team__slug": filters.team or None,
        "folder": filters.folder,
        "tags": filters.tag,
        "created_at__gte": since,
        "created_at__lte": until,
    }
    return {name: value for name, value in given.items() if value is not None}
