"""What decides an answer: the samples, and everything that the provider is told with them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from transcripts.services.provider_accounts import wishes

if TYPE_CHECKING:
    from transcripts.models import Chunk, MediaFile, ProcessingJob


def key_of(job: ProcessingJob, chunk: Chunk, audio: MediaFile) -> str:
    """Return the same for chunks to which a provider's answer would be the same; empty if the audio isn't known.

    Slices are cut out of the samples, so where they are cut says what is in them, and nothing has to be read. Where
    tracks are in the audio isn't in it: no provider is told, and each transcript is assembled by its own layout.
    """
    if not audio.sha256:
        return ""
    account = job.account
    decides = {
        "samples": [audio.sha256, chunk.start_ms, chunk.end_ms],
        "provider": [account.kind, account.endpoint, account.model, account.engine],
        "options": asdict(wishes.options_of(job, audio.content_type)),
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
