"""A transcript as its page shows it: text by segment, and where each word is in text and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from transcripts import access
from transcripts.document import alignment
from transcripts.formats import FORMATS
from transcripts.models import MediaFile, ProviderAccount, Segment, Transcript
from transcripts.models.choices import MediaKind
from transcripts.services.provider_accounts import accounts
from transcripts.services.transcript import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.formats import Format

RATES = ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.25", "2.5", "2.75", "3")
# Words of a lower confidence are marked for the reader.
DOUBT_BELOW = 0.4


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the transcript page shows.

    `is_local` says that it was transcribed on this machine. `languages` are the tags of what is spoken, the most
    spoken first.
    `words` holds one flat list a segment, five integers a word: where it starts in the text, how many characters
    it has, when it starts (ms), how long it lasts (ms), and whether it is doubtful (1 or 0).
    """

    transcript: Transcript
    segments: list[Segment]
    words: list[list[int]]
    speakers: int
    languages: list[str]
    may_edit: bool
    is_local: bool
    media: frozenset[str]
    rates: tuple[str, ...] = RATES

    @property
    def formats(self) -> Mapping[str, Format]:
        """What the download menu offers: every format there is."""
        return FORMATS

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
        return self.may_edit and bool(self.segments) and (self.transcript.has_estimated_speakers or not self.speakers)

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
    segments = list(transcript.segments.select_related("speaker"))
    kinds = MediaFile.objects.filter(recording=transcript.recording).values_list("kind", flat=True)
    return Reading(
        transcript=transcript,
        segments=segments,
        words=[placed(segment.text, segment.words) for segment in segments],
        speakers=len({segment.speaker_id for segment in segments if segment.speaker_id}),
        languages=language.spoken_in(transcript, segments),
        may_edit=access.can_edit(user, transcript.recording.team),
        is_local=_is_local(transcript),
        media=frozenset(kinds),
    )


def _is_local(transcript: Transcript) -> bool:
    """Tell whether this machine transcribed it, as far as its account is still what it was."""
    maker = Q(jobs__transcript=transcript) | Q(live_sessions__transcript=transcript)
    account = ProviderAccount.objects.filter(maker, engine=transcript.engine).first()
    return account is not None and accounts.is_on_this_machine(account)


def placed(text: str, words: Sequence[list[Any]]) -> list[int]:
    """Return the place of each timed word in the text, in order; words without times or not in the text are left out.

    Offsets count UTF-16 units, as browsers do, so a text with emoji or rare letters is marked in the right place.
    """
    numbers: list[int] = []
    passed = start = 0
    for span, word in zip(alignment.spans(text, [word[0] for word in words]), words, strict=True):
        if span is None or word[1] is None or word[2] is None:
            continue
        # Counted on from the last word, not from the beginning: a segment may be a whole book.
        start += _units(text[passed : span[0]])
        passed = span[0]
        numbers += _numbers(start, word)
    return numbers


def _numbers(start: int, word: list[Any]) -> tuple[int, int, int, int, int]:
    spoken, start_ms, end_ms, confidence = word[:4]
    doubtful = int(confidence is not None and confidence < DOUBT_BELOW)
    return start, _units(spoken), start_ms, max(0, end_ms - start_ms), doubtful


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
