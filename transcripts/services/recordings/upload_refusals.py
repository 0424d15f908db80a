"""Why an upload, or a part of one, isn't taken."""

from __future__ import annotations

from transcripts.services.errors import Refused


class UploadRefused(Refused):
    """An upload or a part of one that is not taken; nothing that was acknowledged is lost."""

    def __init__(self, message: str) -> None:
        super().__init__(self.upload_code, message)

    upload_code = "upload"


class WrongOffset(UploadRefused):
    """The part does not begin where the bytes on disk end."""

    upload_code = "upload_offset"


class TooLong(UploadRefused):
    """The part would go past the length the upload was announced with."""

    upload_code = "upload_length"


class BadChecksum(UploadRefused):
    """The part arrived changed."""

    upload_code = "upload_checksum"


class Busy(UploadRefused):
    """Another request is writing to this upload."""

    upload_code = "upload_busy"


class TooMany(UploadRefused):
    """The person sends as many parts at once as one person can."""

    upload_code = "upload_many"


class Gone(UploadRefused):
    """The upload expired or was cancelled."""

    upload_code = "upload_gone"


class Arrived(UploadRefused):
    """The upload is complete and belongs to a recording: it can't be cancelled any more."""

    upload_code = "upload_complete"


class Empty(UploadRefused):
    """The file has no bytes."""

    upload_code = "empty_file"


class TooLarge(UploadRefused):
    """The file is larger than this instance accepts."""

    upload_code = "file_too_large"


class NoRoom(UploadRefused):
    """The disk has no room for the file beside what was promised to others."""

    upload_code = "no_space"
