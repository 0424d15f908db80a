"""The text that a link shows: of now or as it was approved last, all of it or a stretch, with names or initials.

Everything that a guest reads of the text (page, words, downloads) comes from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.document import Segment as SpokenSegment
from transcripts.document.excerpts import Excerpt, excerpt, initials
from transcripts.document.placement import placed
from transcripts.models import Edit, Segment, Speaker, Transcript
from transcripts.models.choices import EditKind, Origin, TranscriptStatus
from transcripts.services.transcript import past, rows
from transcripts.services.transcript.stored_rows import StoredRows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from transcripts.models import Share


class NotApproved(Exception):
    """The link shows the approved version alone, and nothing is approved yet."""


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """A segment as a link shows it; its text begins at `begin` of the segment's. `speaker` in it is a key."""

    key: str
    begin: int
    said: SpokenSegment
    is_human: bool


@dataclass(frozen=True)
class ShownText:
    """What a link shows of a transcript. `change` is the number of the change after which it was like this."""

    share: Share
    transcript: Transcript
    change: int
    segments: list[ShownSegment]
    labels: dict[str, str]

    @cached_property
    def by_key(self) -> dict[str, ShownSegment]:
        """Its segments by their keys."""
        return {one.key: one for one in self.segments}

    @property
    def duration_ms(self) -> int:
        """How long the audio is that goes with it."""
        whole_ms = self.transcript.recording.duration_ms or 0
        if self.share.from_ms is None or self.share.until_ms is None:
            return whole_ms
        return max(0, min(self.share.until_ms, whole_ms) - self.share.from_ms)

    def words(self) -> dict[str, Any]:
        """Return where each word is in text and time, as the editor gets it."""
        found = {one.key: placed(one.said.text, rows.words_of(one.said)) for one in self.segments}
        return {"change": self.change, "words": found}

    def speakers(self) -> list[dict[str, Any]]:
        """Return the speakers of its segments as pages get them."""
        numbers = dict(Speaker.objects.filter(transcript=self.transcript).values_list("key", "position"))
        return [{"id": key, "label": label, "number": numbers.get(key, 0) + 1} for key, label in self.labels.items()]


def transcript_of(share: Share) -> Transcript:
    """Return the transcript that a link opens: the newest, or the one approved last. Raises NotApproved, NotFound."""
    approval = _approval(share) if share.is_approved_only else None
    if approval:
        return approval.transcript
    found = Transcript.objects.filter(recording=share.recording_id).select_related("recording__team", "status_edit")
    newest = found.order_by("-created_at").first()
    if newest is None:
        raise access.NotFound
    return newest


def get_transcript(guest: access.Guest, transcript_id: UUID, *, need: access.Level = access.Level.VIEW) -> Transcript:
    """Return a transcript that the guest can see: of those of the recording, the one approved last if only that."""
    transcript = access.get_transcript(guest, transcript_id, need=need)
    if guest.share.is_approved_only and not _is_approved_last(guest.share, transcript):
        raise access.NotFound
    return transcript


def text_of(share: Share, transcript: Transcript, *, with_words: bool = True) -> ShownText:
    """Return what a link shows of a transcript that the caller got from here. Raises NotApproved.

    Without words it is read faster; a stretch is cut between them, so it has them always.
    """
    transcript.refresh_from_db(fields=["changes"])
    change, labels = transcript.changes, dict(_labels(transcript))
    if share.is_approved_only:
        change = _approval(share).number
        then = past.rows_at(transcript.pk, change, StoredRows(transcript.pk))
        labels |= then.labels
        found = [ShownSegment(row.key, 0, row.segment, row.is_human) for row in then.rows if not row.gone]
    else:
        found = list(_present(transcript, with_words=with_words or share.from_ms is not None))
    if share.from_ms is not None and share.until_ms is not None:
        found = list(_within(found, share.from_ms, share.until_ms))
    return ShownText(share, transcript, change, found, _shown_labels(share, found, labels))


def _is_approved_last(share: Share, transcript: Transcript) -> bool:
    try:
        return _approval(share).transcript_id == transcript.pk
    except NotApproved:
        return False


def _approval(share: Share) -> Edit:
    approvals = Edit.objects.filter(
        transcript__recording=share.recording_id, kind=EditKind.STATUS, operations__0__to=TranscriptStatus.APPROVED
    )
    found = approvals.select_related("transcript__recording__team").order_by("-created_at", "-number").first()
    if found is None:
        raise NotApproved
    return found


def _labels(transcript: Transcript) -> Iterator[tuple[str, str]]:
    yield from Speaker.objects.filter(transcript=transcript).order_by("position").values_list("key", "label")


def _present(transcript: Transcript, *, with_words: bool) -> Iterator[ShownSegment]:
    columns = ("key", "text", "start_ms", "end_ms", "speaker__key", "language", "origin")
    found = Segment.objects.filter(transcript=transcript).order_by("position")
    listed = found.values_list(*columns, *(["words"] if with_words else []))
    for key, text, start_ms, end_ms, speaker, language, origin, *words in listed.iterator(500):
        timed = rows.read_words(words[0]) if words else ()
        yield ShownSegment(
            key, 0, SpokenSegment(text, start_ms, end_ms, speaker, timed, language or None), origin == Origin.HUMAN
        )


def _within(segments: list[ShownSegment], from_ms: int, until_ms: int) -> Iterator[ShownSegment]:
    for one in segments:
        part: Excerpt | None = excerpt(one.said, from_ms, until_ms)
        if part is not None:
            yield replace(one, begin=part.begin, said=part.segment)


def _shown_labels(share: Share, segments: list[ShownSegment], labels: dict[str, str]) -> dict[str, str]:
    """Return what the speakers of these segments are called, by their keys."""
    if not share.shows_less:
        return labels
    speaking = {one.said.speaker for one in segments}
    # Numbered among all speakers, so that initials are the same on every link of the recording
    shown = initials(labels.values()) if share.shows_initials else labels.values()
    return {key: label for key, label in zip(labels, shown, strict=True) if key in speaking}
