"""The same file again: which originals of a team a person already has, and the fingerprints of earlier ones."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from transcripts.media import fingerprints
from transcripts.models import MediaFile
from transcripts.models.choices import MediaKind
from transcripts.services import storage

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Each is three reads of a mebibyte; the next round continues.
FILES_A_ROUND = 2_000


def originals() -> QuerySet[MediaFile]:
    """Return the originals of recordings."""
    return MediaFile.objects.filter(kind=MediaKind.ORIGINAL)


def fill_in() -> int:
    """Work out the fingerprints that originals lack, the newest first; return how many."""
    filled = 0
    lacking = originals().filter(fingerprint="").order_by("-pk")
    for pk, name in lacking.values_list("pk", "storage_name").iterator(500):
        # One that the storage lost has none
        with suppress(OSError), storage.path_of(name).open("rb") as file:
            filled += MediaFile.objects.filter(pk=pk).update(fingerprint=fingerprints.of_file(file))
        if filled >= FILES_A_ROUND:
            break
    return filled
