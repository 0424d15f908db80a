"""Measuring approved transcripts, once an approval: by a worker, some at a time, each in a transaction of its own.

What is to be measured is found anew each time, so a round that is lost, killed or done twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from transcripts import queue
from transcripts.models import CorrectedWord, Measurement, Segment, SpeakerMeasurement, Transcript
from transcripts.models.choices import Origin, TranscriptStatus
from transcripts.services.accuracy import counting

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

A_ROUND = 50
# Of each transcript the most frequent are stored
MOST_CORRECTED = 200
LONGEST = 80


def run() -> None:
    """Measure what was approved and is not measured yet; wake the next round if there is more."""
    found = list(to_measure().values_list("pk", flat=True)[: A_ROUND + 1])
    for transcript_id in found[:A_ROUND]:
        measure(transcript_id)
    if len(found) > A_ROUND:
        queue.wake_round("accuracy_round")


def to_measure() -> QuerySet[Transcript]:
    """Return approved transcripts that a machine wrote and whose approval is not measured yet, the newest first."""
    approved = Transcript.objects.filter(status=TranscriptStatus.APPROVED, status_edit__isnull=False)
    machines = approved.filter(imported_file=None)
    unmeasured = Q(measurement=None) | ~Q(measurement__approval=F("status_edit__number"))
    return machines.filter(unmeasured).order_by("-status_edit__created_at")


def measure(transcript_id: UUID) -> None:
    """Measure a transcript; nothing if it is reopened before that is written."""
    transcript = to_measure().select_related("status_edit").filter(pk=transcript_id).first()
    if transcript is None or transcript.status_edit is None:
        return
    result = counting.compare(machine_text(transcript_id), approved_text(transcript_id))
    with transaction.atomic():
        same = Transcript.objects.select_for_update().filter(
            pk=transcript_id, status=TranscriptStatus.APPROVED, status_edit=transcript.status_edit
        )
        if list(same.values_list("pk")):
            _write(transcript, result)


def machine_text(transcript_id: UUID) -> list[str]:
    """Return what a machine transcribed, by segment, whatever people made of it since.

    A segment that was split off took its words from another, which still has them; one that people added has none.
    """
    every = Segment.with_removed.filter(transcript=transcript_id, split_from="").order_by("position")
    found = every.values_list("text", "origin", "machine")
    texts = (
        machine["text"] if machine else text for text, origin, machine in found if machine or origin == Origin.MACHINE
    )
    return list(texts)


def approved_text(transcript_id: UUID) -> list[tuple[str, str]]:
    """Return what a transcript says now, by segment: its speaker's label and the text."""
    present = Segment.objects.filter(transcript=transcript_id).order_by("position")
    return [(label or "", text) for label, text in present.values_list("speaker__label", "text")]


def _write(transcript: Transcript, result: counting.Result) -> None:
    assert transcript.status_edit is not None
    Measurement.objects.filter(transcript=transcript).delete()
    made = Measurement.objects.create(
        transcript=transcript,
        approval=transcript.status_edit.number,
        approved_at=transcript.status_edit.created_at,
        **_fields(result.whole),
    )
    SpeakerMeasurement.objects.bulk_create(
        SpeakerMeasurement(measurement=made, label=label, **_fields(counts))
        for label, counts in result.speakers.items()
    )
    words = [
        (was, became, count)
        for (was, became), count in result.corrected.most_common(MOST_CORRECTED)
        if max(len(was), len(became)) <= LONGEST
    ]
    CorrectedWord.objects.bulk_create(
        CorrectedWord(measurement=made, was=was, became=became, count=count) for was, became, count in words
    )


def _fields(counts: counting.Counts) -> dict[str, int]:
    return {
        "words": counts.words,
        "substitutions": counts.substitutions,
        "deletions": counts.deletions,
        "insertions": counts.insertions,
    }
