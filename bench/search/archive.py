"""An archive to search: transcripts of words as frequent as those of a language, the same for the same seed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from accounts.models import Team, User
    from transcripts.models import Folder

TEAMS, FOLDERS = 50, 4
WORDS, A_SEGMENT = 1_500, 40
VOCABULARY = 150_000
# Words by rank are as frequent as in English: Zipf's law as Mandelbrot corrected it
EXPONENT, OFFSET = 1.07, 2.7
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "that",
    "it",
    "is",
    "was",
    "i",
    "for",
    "on",
    "you",
    "he",
    "be",
    "with",
    "as",
    "by",
    "at",
    "have",
    "are",
    "this",
    "not",
    "but",
    "had",
    "his",
    "they",
    "from",
    "she",
    "which",
    "or",
    "we",
    "an",
    "there",
    "her",
    "were",
    "one",
    "do",
    "been",
    "all",
    "their",
    "has",
    "would",
    "will",
    "what",
    "if",
    "can",
    "when",
    "so",
    "no",
    "said",
    "who",
    "more",
    "about",
    "up",
    "them",
    "some",
    "could",
    "him",
    "into",
    "its",
    "then",
    "two",
    "out",
    "time",
    "like",
    "my",
    "your",
    "first",
    "me",
    "other",
    "than",
    "now",
    "only",
    "such",
    "made",
    "over",
    "after",
    "people",
    "may",
    "also",
    "did",
    "many",
    "before",
    "must",
    "through",
    "years",
    "where",
    "much",
    "should",
    "well",
    "down",
    "because",
    "just",
    "those",
]
SYLLABLES = [c + v + e for c in "bcdfghjklmnprstvwz" for v in "aeiou" for e in ("", "n", "r", "s", "l")]
BATCH = 500


class Archive:
    """Words, and the transcripts that are written with them. `texts` remembers some of what was written."""

    def __init__(self, count: int, *, seed: int = 1) -> None:
        self.count = count
        self.random = np.random.default_rng(seed)
        self.words = _vocabulary(self.random)
        weights = 1 / (np.arange(VOCABULARY) + OFFSET) ** EXPONENT
        self._shares = np.cumsum(weights / weights.sum())
        self.texts: list[list[str]] = []
        self.bytes = 0

    def write(self, person: User, teams: Sequence[Team], folders: Sequence[Folder]) -> None:
        """Write all recordings with their transcripts and segments."""
        start = timezone.now() - timedelta(minutes=10 * self.count)
        for first in range(0, self.count, BATCH):
            with transaction.atomic():
                self._batch(range(first, min(first + BATCH, self.count)), start, person, teams, folders)

    def _batch(
        self, numbers: range, start: datetime, person: User, teams: Sequence[Team], folders: Sequence[Folder]
    ) -> None:
        rows = [self._recording(number, start, person, teams, folders) for number in numbers]
        _insert("transcripts_recording", [recording for recording, _ in rows])
        _insert("transcripts_transcript", [transcript for _, transcript in rows])
        _insert("transcripts_segment", [row for _, transcript in rows for row in self._segments(transcript["id"])])

    def _recording(
        self, number: int, start: datetime, person: User, teams: Sequence[Team], folders: Sequence[Folder]
    ) -> tuple[Any, Any]:
        team = number % TEAMS
        folder = (number // TEAMS) % (FOLDERS + 1)
        title = " ".join(self.some(5)).capitalize()
        latest = uuid.uuid4()
        recording = {
            "id": uuid.uuid4(), "latest_transcript_id": latest, "team_id": teams[team].pk, "owner_id": person.pk,
            "title": title, "filename": "a.wav",
            "folder_id": folders[team * FOLDERS + folder].pk if folder < FOLDERS else None, "language": "en",
            "duration_ms": 600_000, "has_video": False, "tracks": "[]", "tracks_wanted": "[]", "notices": "[]",
            "is_held": False, "created_at": start + timedelta(minutes=10 * number), "deleted_at": None,
        }  # fmt: skip
        transcript = {
            "id": latest, "recording_id": recording["id"], "language": "en", "language_source": "", "status": "draft",
            "has_estimated_speakers": False, "provider": "bench", "engine": "", "is_draft_engine": False,
            "word_count": WORDS, "reviewed_words": 0, "review_seconds": 0, "changes": 0,
            "created_at": recording["created_at"],
        }  # fmt: skip
        return recording, transcript

    def _segments(self, transcript: uuid.UUID) -> Iterator[dict[str, Any]]:
        words = self.some(WORDS)
        if len(self.texts) < 2_000 or self.random.random() < 0.01:
            self.texts.append(words)
        for number, first in enumerate(range(0, WORDS, A_SEGMENT)):
            text = " ".join(words[first : first + A_SEGMENT]).capitalize() + "."
            self.bytes += len(text)
            yield {
                "transcript_id": transcript, "key": f"s{number}", "position": (number + 1) << 32, "text": text,
                "start_ms": first * 400, "end_ms": (first + A_SEGMENT) * 400, "words": "[]", "language": "",
                "origin": "machine", "revision": 1, "change": 0, "born": 0, "split_from": "", "is_removed": False,
                "merged_into": "", "is_reviewed": False,
            }  # fmt: skip

    def some(self, count: int) -> list[str]:
        return [self.words[n] for n in np.searchsorted(self._shares, self.random.random(count))]


def _vocabulary(random: np.random.Generator) -> list[str]:
    made = dict.fromkeys(COMMON)
    while len(made) < VOCABULARY:
        length = 1 + int(random.integers(1, 4))
        made["".join(SYLLABLES[n] for n in random.integers(0, len(SYLLABLES), length))] = None
    return list(made)


def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    is_sqlite = connection.vendor == "sqlite"
    values = [tuple(_value(row[name], is_sqlite) for name in columns) for row in rows]
    with connection.cursor() as cursor:
        if is_sqlite:
            cursor.executemany(sql, values)
        else:
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)


def _value(value: Any, is_sqlite: bool) -> Any:  # noqa: FBT001
    if is_sqlite and isinstance(value, uuid.UUID):
        return value.hex
    if is_sqlite and hasattr(value, "isoformat"):
        return value.replace(tzinfo=None).isoformat(" ")
    return value
