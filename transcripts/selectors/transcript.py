"""A transcript as its page shows it: text by segment, and where each word is in text and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from transcripts import access
from transcripts.models import MediaFile, ProviderAccount, Transcript
from transcripts.models.choices import MediaKind
from transcripts.selectors.timeline import ShownSegment
from transcripts.services.provider_accounts import accounts
from transcripts.services.transcript import language

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

RATES = ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.25", "2.5", "2.75", "3")


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the transcript page shows.

    `is_local` says that it was transcribed on this machine. `languages` are the tags of what is spoken, the most
    spoken first.
    """

    transcript: Transcript
    segments: list[ShownSegment]
    speakers: int
    languages: list[str]
    may_edit: bool
    may_decide: bool
    is_local: bool
    media: frozenset[str]
    rates: tuple[str, ...] = RATES

    @property
    def is_playable(self) -> bool:
        """Whether there is a file that browsers play."""
        return bool(self.media & {MediaKind.PLAYBACK, MediaKind.ORIGINAL})

    @property
    def has_picture(self) -> bool:
        """Whether the file that browsers play is a video; the copies made for them hold the audio alone."""
        is_original = MediaKind.ORIGINAL in self.media and MediaKind.PLAYBACK not in self.media
        return is_original and self.transcript.recording.has_video

    @property
    def count_offered(self) -> int:
        """The number of speakers that is offered first."""
        return max(2, self.speakers)

    @property
    def may_count_speakers(self) -> bool:
        """Whether a person may say how many speak: a track for each speaker tells it exactly."""
        return self.may_decide and bool(self.segments) and (self.transcript.has_estimated_speakers or not self.speakers)

    @property
    def asks_language(self) -> bool:
        """Whether the detected language is so uncertain that the page asks about it."""
        return language.is_doubtful(self.transcript)

    @property
    def has_peaks(self) -> bool:
        """Whether a waveform can be drawn."""
        return MediaKind.PEAKS in self.media


def read(user: User, transcript_id: UUID) -> Reading:
    """Return a transcript for reading; raises access.NotFound for anyone who can't see it."""
    transcript = access.get_transcript(user, transcript_id)
    level = access.level_on(user, transcript.recording) or access.Level.VIEW
    segments = _segments(transcript)
    kinds = MediaFile.objects.filter(recording=transcript.recording).values_list("kind", flat=True)
    return Reading(
        transcript=transcript,
        segments=segments,
        speakers=len({segment.speaker.pk for segment in segments if segment.speaker}),
        languages=language.spoken_in(transcript, ((one.language, one.text) for one in segments)),
        may_edit=level >= access.Level.EDIT,
        may_decide=level >= access.Level.DECIDE,
        is_local=_is_local(transcript),
        media=frozenset(kinds),
    )


def _segments(transcript: Transcript) -> list[ShownSegment]:
    """Return all segments; thousands of model instances would be most of the time that the page takes."""
    speakers = {speaker.pk: speaker for speaker in transcript.speakers.all()}
    found = transcript.segments.order_by("position").values_list("start_ms", "text", "language", "speaker")
    return [ShownSegment(start_ms, text, tag, speakers.get(speaker)) for start_ms, text, tag, speaker in found]


def _is_local(transcript: Transcript) -> bool:
    """Tell whether this machine transcribed it, as far as its account is still what it was."""
    maker = Q(jobs__transcript=transcript) | Q(live_sessions__transcript=transcript)
    account = ProviderAccount.objects.filter(maker, engine=transcript.engine).first()
    return account is not None and accounts.is_on_this_machine(account)
