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
from transcripts.models import Recording, Speaker
from transcripts.selectors.library import filters as library_filters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import Team, User

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ORDERS = ("newest", "best")
# How many recordings are looked through one after the other, at first and at most.
FIRST, LARGEST = 16, 256
# How many are read by one query, of all teams together.
ROWS = 512
# What candidates are made of
TOLD = ("created_at", "pk", "latest_transcript")
# Stands in a query for each of several teams: none has it
A_TEAM = -1


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


def among(
    user: User, filters: Filters, *, recordings: Collection[UUID] = (), transcripts: Collection[UUID] = ()
) -> list[Candidate]:
    """Return those of the recordings, and of those with the transcripts, that the person searches, the newest first.

    They are read by their ids: as an expression, the team leads no database to reading all that the teams have.
    """
    teams = list(access.teams_of(user).values_list("pk", flat=True))
    own = Recording.objects.filter(deleted_at=None).alias(of_team=F("team_id") + 0).filter(of_team__in=teams)
    parts: list[QuerySet[Any]] = [own]
    if access.grants_to(user).exists():
        parts.append(access.recordings_of(user).exclude(team__in=teams))
    named = [Q(**{f"{key}__in": ids}) for key, ids in (("pk", recordings), ("latest_transcript", transcripts)) if ids]
    rows = (
        row for part in parts for ids in named for row in _narrowed(part.filter(ids), user, filters).values_list(*TOLD)
    )
    return sorted({row[1]: Candidate(*row) for row in rows}.values(), reverse=True)


def newest(user: User, filters: Filters) -> Iterator[list[Candidate]]:
    """Yield what the person searches in batches, the newest first; each batch is larger than the one before."""
    rows, size = _stream(user, filters), FIRST
    while batch := list(islice(rows, size)):
        yield batch
        size = min(2 * size, LARGEST)


def _stream(user: User, filters: Filters) -> Iterator[Candidate]:
    """Yield the recordings, the newest first.

    Each branch has its own by age in one index, so the first of each are read. They are in order as far back as the
    branch reaches whose last one is the newest.
    """
    branches, before = _branches(user, filters), place_of(filters.before)
    if not branches:
        return
    limit = max(8, ROWS // sum(len(teams) for _, teams in branches))
    while True:
        rows = _first_of_each(branches, before, limit)
        ends = [mine[-1] for mine in rows if len(mine) == limit]
        last = max(ends, default=None)
        yield from sorted((row for mine in rows for row in mine if last is None or row >= last), reverse=True)
        if last is None:
            return
        before = (last.created_at, last.recording_id)


def _branches(user: User, filters: Filters) -> list[tuple[QuerySet[Recording], list[int]]]:
    """Return what the person can see in parts that have nothing in common: by team, and what is shared with them.

    The part of a team is one query for all teams, in which `A_TEAM` stands for each.
    """
    if filters.state == "shared":
        return [(_narrowed(access.shared_with(user), user, filters), [A_TEAM])]
    teams = access.teams_of(user)
    of_team = _narrowed(Recording.objects.filter(team=A_TEAM, deleted_at=None), user, filters)
    asked = list(_asked_teams(teams, filters).values_list("pk", flat=True))
    found = [(of_team, asked)] if asked else []
    if access.grants_to(user).exists():
        shared = access.recordings_of(user).exclude(team__in=teams.values("pk"))
        found.append((_narrowed(shared, user, filters), [A_TEAM]))
    return found


def _asked_teams(teams: QuerySet[Team], filters: Filters) -> QuerySet[Team]:
    """Return the teams that can have what the filters leave: a folder and a tag are of one."""
    if filters.team:
        teams = teams.filter(slug=filters.team)
    if filters.folder is not None:
        teams = teams.filter(folders=filters.folder)
    return teams if filters.tag is None else teams.filter(tags=filters.tag)


def _first_of_each(
    branches: Sequence[tuple[QuerySet[Recording], list[int]]], before: tuple[datetime, UUID] | None, limit: int
) -> list[list[Candidate]]:
    """Read the newest of each branch, all in one query."""
    parts: list[str] = []
    parameters: list[Any] = []
    for branch, teams in branches:
        newest_first = _before(branch, before).order_by("-created_at", "-id").values_list(*TOLD)
        # Written once: to write it for each of many teams takes longer than to answer it
        sql, values = newest_first[:limit].query.sql_with_params()
        for team in teams:
            # Only SQLite keeps it from joining parts that have an end
            parts.append(f"SELECT {len(parts)}, b.* FROM ({sql}) AS b")  # noqa: S608
            parameters += [team if value == A_TEAM else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        rows = cursor.fetchall()
    found: list[list[Candidate]] = [[] for _ in parts]
    for number, created_at, pk, latest in rows:
        found[number].append(Candidate(_moment(created_at), _uuid(pk), _uuid(latest) if latest else None))
    return [sorted(mine, reverse=True) for mine in found]


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _moment(value: datetime) -> datetime:
    """Return a moment with its zone, which a column of a query in SQLite lacks."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


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
