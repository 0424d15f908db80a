"""The page of a guest: the text that their link shows, and what they can do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from transcripts import access, formats
from transcripts.models import Speaker
from transcripts.models.choices import MediaKind
from transcripts.selectors import editor
from transcripts.selectors.guests.downloads import OFFERED
from transcripts.selectors.guests.feed import without_address
from transcripts.selectors.guests.text import ShownSegment as GuestSegment
from transcripts.selectors.guests.text import ShownText, text_of
from transcripts.selectors.timeline import ShownSegment
from transcripts.selectors.transcript import RATES
from transcripts.services.sharing import stretches
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from transcripts.access import Guest
    from transcripts.models import Recording, Transcript

IS_HUMAN = editor.IS_HUMAN


@dataclass(frozen=True)
class GuestReading:
    """What the page of a guest shows. `may_edit` and `can_comment` ask for a name first, if `needs_name`."""

    guest: Guest
    text: ShownText
    level: access.Level
    media: frozenset[str]
    is_audio_ready: bool
    rates: tuple[str, ...] = RATES
    has_picture: bool = False

    @property
    def transcript(self) -> Transcript:
        """The transcript."""
        return self.text.transcript

    @property
    def recording(self) -> Recording:
        """Its recording."""
        return self.text.transcript.recording

    @property
    def needs_name(self) -> bool:
        """Whether the guest can write, and has not said who they are."""
        return self.level >= access.Level.COMMENT and not self.guest.name

    @property
    def can_comment(self) -> bool:
        """Whether the guest can comment now."""
        return self.level >= access.Level.COMMENT and bool(self.guest.name)

    @property
    def may_edit(self) -> bool:
        """Whether the guest can edit now."""
        return self.level >= access.Level.EDIT and bool(self.guest.name)

    @property
    def shows_comments(self) -> bool:
        """Whether comments are shown: those who only view don't read what the team says of the text."""
        return self.level >= access.Level.COMMENT

    @property
    def is_approved(self) -> bool:
        """Whether the text that is shown is approved."""
        return self.text.share.is_approved_only or self.transcript.status == "approved"

    @property
    def is_playable(self) -> bool:
        """Whether there is audio to play, or there will be once it is cut."""
        if stretches.is_stretch(self.text.share):
            return MediaKind.AUDIO in self.media
        return bool(self.media & {MediaKind.PLAYBACK, MediaKind.ORIGINAL})

    @property
    def is_cutting(self) -> bool:
        """Whether the audio of a stretch is being cut."""
        return not self.is_audio_ready

    @property
    def has_peaks(self) -> bool:
        """Whether a waveform can be drawn."""
        return MediaKind.PEAKS in self.media

    @property
    def duration_ms(self) -> int:
        """How long the audio is."""
        return self.text.duration_ms

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """The formats that the link lets guests download, each with its label."""
        return [(name, formats.FORMATS[name].label) for name in OFFERED] if self.text.share.allows_text else []

    @property
    def has_audio_download(self) -> bool:
        """Whether the link lets guests download the audio, and it is there."""
        return self.text.share.allows_audio and self.is_playable and self.is_audio_ready

    @property
    def has_downloads(self) -> bool:
        """Whether there is anything to download."""
        return bool(self.downloads) or self.has_audio_download

    def lines(self, first: int) -> list[ShownSegment]:
        """Return the first segments, for the first paint."""
        numbers = dict(Speaker.objects.filter(transcript=self.transcript).values_list("key", "position"))
        shown = []
        for one in self.text.segments[:first]:
            key = one.said.speaker or ""
            label = self.text.labels.get(key, "")
            speaker = Speaker(key=key, label=label, position=numbers.get(key, 0)) if label else None
            shown.append(ShownSegment(one.said.start_ms, one.said.text, one.said.language or "", speaker))
        return shown


def read(guest: Guest, transcript: Transcript) -> GuestReading:
    """Return the page of a transcript that the guest got from `text`. Raises text.NotApproved."""
    share = guest.share
    level = access.level_on(guest, transcript.recording)
    if level is None:
        raise access.NotFound
    kinds = frozenset(transcript.recording.media_files.values_list("kind", flat=True))
    is_ready = not stretches.is_stretch(share) or stretches.audio_of(share) is not None
    return GuestReading(guest, text_of(share, transcript, with_words=False), level, kinds, is_ready)


def editor_data(reading: GuestReading) -> dict[str, Any]:
    """Return what the page hands to the editor, as `selectors.editor.data` does for members."""
    transcript, guest = reading.transcript, reading.guest
    undo, redo = editor.undo_stacks(guest, transcript) if reading.may_edit else ([], [])
    open_conflicts = changes.open_conflicts(transcript.pk) if reading.may_edit else []
    return {
        "change": reading.text.change,
        "editable": reading.may_edit,
        "comments": reading.shows_comments,
        "canComment": reading.can_comment,
        "language": transcript.language,
        "rows": editor.compact_rows(transcript) if not guest.share.shows_less else _rows(reading.text),
        "speakers": reading.text.speakers(),
        "conflicts": [without_address(changes.described_conflict(one), "by") for one in open_conflicts],
        "undo": undo,
        "redo": redo,
        "urls": _urls(reading),
        "me": {"id": None, "name": f"{guest.name} (guest)" if guest.name else "", "manages": False},
    }


def _rows(text: ShownText) -> list[list[Any]]:
    return [
        [one.key, said.speaker or "", said.start_ms, said.end_ms, said.text, said.language or "", _flags(one)]
        for one in text.segments
        for said in (one.said,)
    ]


def _flags(one: GuestSegment) -> int:
    return IS_HUMAN if one.is_human else 0


def _urls(reading: GuestReading) -> dict[str, str]:
    token, transcript = reading.guest.share.token, reading.transcript.pk
    page = f"{reverse('guest', args=[token])}transcripts/{transcript}/"
    follows = not reading.guest.share.shows_less
    return {
        "words": reverse("guest_words", args=[token, transcript]),
        "edits": reverse("guest_edits", args=[token, transcript]),
        "comments": reverse("guest_comments", args=[token, transcript]),
        "conflicts": f"{page}conflicts/",
        "socket": f"/ws/s/{token}/transcripts/{transcript}/" if follows else "",
    }
