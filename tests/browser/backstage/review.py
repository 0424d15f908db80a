"""Reviews: who does them by when, and how far they are."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from tests.support import edits
from transcripts.models import Transcript
from transcripts.models.choices import CommentKind
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.review import assignments, claims


def assign(transcript: str, to: str, days: int) -> None:
    """Ask someone to review a transcript, so many days from now or before."""
    alice = User.objects.get(email="alice@example.org")
    due_on = timezone.localdate() + timedelta(days=days)
    assignments.assign(Transcript.objects.get(pk=transcript), _person(to).pk, due_on=due_on, actor=alice)


def tick(transcript: str, positions: list[int], who: str = "erin") -> None:
    """Declare segments right."""
    made = Transcript.objects.get(pk=transcript)
    keys = list(made.segments.order_by("position").values_list("key", flat=True))
    edits.apply(made, {"op": "tick", "ids": [keys[position] for position in positions]}, actor=_person(who))


def claim(transcript: str, first: int, last: int, who: str = "erin") -> None:
    """Claim a stretch."""
    made = Transcript.objects.get(pk=transcript)
    keys = list(made.segments.order_by("position").values_list("key", flat=True))
    claims.claim(made, keys[first], keys[last], actor=_person(who))


def comment(transcript: str, words: str, body: str, *, who: str = "erin", colour: str = "", tag: str = "") -> str:
    """Comment on words, or highlight them; return the id."""
    made = Transcript.objects.get(pk=transcript)
    segment = made.segments.filter(text__contains=words)[0]
    begin = segment.text.index(words)
    draft = threads.Draft(
        body,
        kind=CommentKind.HIGHLIGHT if colour else CommentKind.COMMENT,
        segment=segment.key,
        begin=begin,
        end=begin + len(words),
        quoted=words,
        seq=made.changes,
        colour=colour,
        tag=tag,
    )
    return str(threads.add(made, uuid4(), draft, actor=_person(who)).pk)


def reply(transcript: str, to: str, body: str, who: str = "alice") -> None:
    """Answer a comment."""
    draft = threads.Draft(body, parent=UUID(to))
    threads.add(Transcript.objects.get(pk=transcript), uuid4(), draft, actor=_person(who))


def discuss(transcript: str) -> None:
    """Comment on the interview, answer that, and highlight words of it."""
    asked = comment(transcript, "two hundred years", "Can we see the data before we print this? @Alice")
    reply(transcript, asked, "I asked for it, due today.")
    comment(transcript, "had that report", "", who="alice", colour="yellow", tag="Ministry")


def _person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")
