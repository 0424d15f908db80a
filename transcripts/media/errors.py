"""What may be wrong with a file, in messages for the person who brought it."""

from __future__ import annotations


class MediaError(Exception):
    """A file that can't be transcribed. `code` is a stable word for programs, the message is for people."""

    code = "media_error"
    sentence = "This file can't be used."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class EmptyFile(MediaError):
    """There are no bytes."""

    code = "empty_file"
    sentence = "This file is empty (0 bytes). Copy it again from where it was recorded and upload that."


class NotMedia(MediaError):
    """No audio or video that can be read."""

    code = "not_media"
    sentence = "This is not an audio or video file that can be read, whatever its name says. Check that it plays."


class IncompleteFile(MediaError):
    """A file whose index is missing because it was cut off."""

    code = "incomplete_file"
    sentence = (
        "This file is incomplete: its end, which holds the index, is missing. "
        "Copy it again from the camera or recorder and upload that."
    )


class NoSoundTrack(MediaError):
    """Pictures only."""

    code = "no_sound_track"
    sentence = "This file has no audio track. If the audio was recorded separately, upload that file."


class NoSound(MediaError):
    """An audio track without a single sample."""

    code = "no_sound"
    sentence = "This file has an audio track with nothing in it: not one sample of audio could be read."


class Undecodable(MediaError):
    """Nothing could be decoded, or only with more than a decoder may use."""

    code = "undecodable"
    sentence = "The audio in this file is damaged and could not be read. Convert it to MP3 and try again."


class UnsupportedDS2(MediaError):
    """DS2, which only Olympus, Philips and Grundig programs read."""

    code = "unsupported_ds2"
    sentence = (
        "This is a DS2 dictation, a format that only the recorder's own software can read. "
        "Open it there, export it as WAV or MP3, and upload that."
    )


class UnsupportedMIDI(MediaError):
    """Notes, not audio."""

    code = "unsupported_midi"
    sentence = "This is a MIDI file: it holds notes for instruments and no recorded audio. Upload a recording of it."


class UnsupportedCodec(MediaError):
    """An audio track in a format without a decoder, or behind copy protection."""

    code = "unsupported_codec"
    sentence = (
        "The audio in this file is copy-protected or in a format that can't be decoded. "
        "Play it in the program it comes from, export it as MP3 or WAV, and upload that."
    )


class RateTooLow(MediaError):
    """So few samples a second that it is no recording of speech."""

    code = "rate_too_low"
    sentence = (
        "The header of this file claims fewer than 3,000 samples a second, too few for speech. "
        "The header is probably wrong: export the recording again and upload that."
    )


class TooLong(MediaError):
    """More audio than one recording may hold."""

    code = "too_long"
    sentence = "This recording is longer than this server accepts. Cut it into shorter parts and upload those."

    def __init__(self, hours: float | None = None) -> None:
        limit = "" if hours is None else f"This recording is longer than the {hours:g} hours that this server accepts. "
        super().__init__(f"{limit}Cut it into shorter parts and upload those." if limit else "")


BY_CODE = {kind.code: kind for kind in MediaError.__subclasses__()}
