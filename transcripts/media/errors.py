"""What may be wrong with a file, in sentences for the person who brought it."""

from __future__ import annotations


class MediaError(Exception):
    """A file that cannot be transcribed. `code` is a stable word for programs, the message is for people."""

    code = "media_error"
    sentence = "This file cannot be used."

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
    sentence = "This file has no sound track. If the sound was recorded separately, upload that file."


class NoSound(MediaError):
    """A sound track without a single sample."""

    code = "no_sound"
    sentence = "This file has a sound track with nothing in it: not one sample of sound could be read."


class Undecodable(MediaError):
    """Decoding stopped half-way or took more than it may."""

    code = "undecodable"
    sentence = "The sound in this file is damaged and could not be read to the end. Convert it to MP3 and try again."
