"""The ZIP file that a Word document is: how large it is inside, known before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

MOST_PARTS = 2_000


class BrokenPackage(ValueError):
    """The file is no ZIP file, or not a whole one."""


class LargePackage(ValueError):
    """The file is larger inside than it can be."""


def require_bounded(content: bytes, most_bytes: int) -> None:
    """Raise BrokenPackage or LargePackage unless the parts are at most so many bytes together."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BrokenPackage from error
    # zipfile reads no more of a part than it declares
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_bytes:
        raise LargePackage
