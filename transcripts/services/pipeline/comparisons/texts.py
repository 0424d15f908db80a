"""The text of a comparison as its row keeps it, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document import Segment as SpokenSegment
from transcripts.document import scripts
from transcripts.models import Comparison
from transcripts.services import activities
from transcripts.services.provider_accounts import languages
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document import Document
    from transcripts.models import ProcessingJob


def keep(
    job: ProcessingJob,
    document: Document,
    spoken: Sequence[SpokenSegment],
    *,
    has_estimated_speakers: bool,
    has_tracks: bool,
) -> Comparison:
    """Write what a job made to be compared; call it in the transaction that ends the job."""
    assert job.compares_id is not None
    language, source = languages.known_of(job, document.language)
    kept = Comparison.objects.create(
        job=job,
        transcript_id=job.compares_id,
        segments=[_as_stored(one) for one in spoken],
        word_count=sum(len(one.words) or len(scripts.words_in(one.text)) for one in spoken),
        language=language,
        language_source=source,
        language_probability=document.language_probability if source == "detected" else None,
        has_estimated_speakers=has_estimated_speakers,
        has_tracks=has_tracks,
        provider=job.account.name,
        engine=document.engine or job.account.engine,
        is_draft_engine=document.is_draft or job.account.is_draft,
        created_by=job.requested_by,
    )
    activities.record("comparison:made", job.recording, words=kept.word_count)
    return kept


def spoken(comparison: Comparison) -> list[SpokenSegment]:
    """Return the text of a comparison."""
    return [_read(*one) for one in comparison.segments]


def _as_stored(one: SpokenSegment) -> list[object]:
    return [one.speaker, one.start_ms, one.end_ms, one.text, rows.words_of(one), one.language]


def _read(
    speaker: str | None,
    start_ms: int | None,
    end_ms: int | None,
    text: str,
    words: Sequence[Sequence[Any]],
    language: str | None,
) -> SpokenSegment:
    return SpokenSegment(text, start_ms, end_ms, speaker, rows.read_words(words), language)
