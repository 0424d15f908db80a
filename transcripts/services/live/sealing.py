"""A session becomes a recording like any other: one file, a waveform, audio for providers.

It can run twice and be killed anywhere: the file has one name a session and appears whole, the rows are written in one
transaction, and the pieces are removed only after that.
"""

from __future__ import annotations

import shutil
import struct
import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from transcripts import clock, events
from transcripts.media.prepare import Prepared, prepare
from transcripts.models import LiveSession, MediaFile, Recording, Transcript
from transcripts.models.choices import LiveStatus, MediaKind, TranscriptStatus
from transcripts.services import activities, storage, summaries
from transcripts.services.costs import charges
from transcripts.services.live import audio
from transcripts.services.live.leases import LEASE
from transcripts.services.pipeline import retranscription

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.models.live import LiveSessionQuerySet

# A WAV file says its length in 32 bits; longer ones say this and are read to their end.
UNKNOWN_LENGTH = 0xFFFFFFFF
# What was recorded here is kept, however long it is.
NO_LIMIT_HOURS = 366 * 24.0


def seal(session_id: uuid.UUID) -> None:
    """Make the recording of an ended session, unless another worker does or did."""
    session = _claimed(session_id)
    if session is None:
        return
    frames = audio.safe_frames(session)
    if not frames:
        _give_up(session)
        return
    with storage.workspace() as folder:
        source = folder / "session.wav"
        write_wav(session, frames, source)
        prepared = prepare(source, folder, lambda share: _renew(session), most_hours=NO_LIMIT_HOURS)
        session.frames = frames
        _store(session, source, prepared)
    shutil.rmtree(audio.folder_of(session.pk), ignore_errors=True)


def clear_sealed() -> None:
    """Remove the pieces of sessions that are recordings now: a worker died before it could."""
    for folder in storage.path_of("live").glob("*-*"):
        sealed = LiveSession.objects.filter(pk=folder.name, finished_at__isnull=False)
        if sealed.exists():
            shutil.rmtree(folder, ignore_errors=True)


def write_wav(session: LiveSession, frames: int, target: Path) -> None:
    """Write the session's audio as WAV (http://soundfile.sapp.org/doc/WaveFormat/), a piece at a time."""
    length = frames * session.frame_bytes
    riff, data = (min(length + 36, UNKNOWN_LENGTH), min(length, UNKNOWN_LENGTH))
    rate = session.rate_hz
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", data
    )
    with target.open("wb") as file:
        file.write(header)
        for sound in audio.read(session, 0, frames):
            file.write(sound)


def _claimed(session_id: uuid.UUID) -> LiveSession | None:
    now, holder = clock.now(), uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    ended = LiveSession.objects.filter(free, pk=session_id, status=LiveStatus.FINISHING)
    if not ended.update(holder=holder, fence=F("fence") + 1, lease_until=now + LEASE):
        return None
    return LiveSession.objects.select_related("recording").filter(pk=session_id, holder=holder).first()


def _mine(session: LiveSession) -> LiveSessionQuerySet:
    return LiveSession.objects.filter(pk=session.pk, fence=session.fence, status=LiveStatus.FINISHING)


def _renew(session: LiveSession) -> None:
    _mine(session).update(lease_until=clock.now() + LEASE)


def _store(session: LiveSession, source: Path, prepared: Prepared) -> None:
    stem = f"derived/{session.recording_id}/live-{session.fence}"
    files = {
        MediaKind.ORIGINAL: (source, f"{stem}-original", "audio/wav"),
        MediaKind.AUDIO: (prepared.audio, f"{stem}-audio", "audio/flac"),
        MediaKind.PEAKS: (prepared.peaks, f"{stem}-peaks", "application/json"),
    }
    sizes = {kind: storage.store(path, name) for kind, (path, name, _) in files.items()}
    with transaction.atomic():
        ended = {"finished_at": clock.now(), "lease_until": None, "holder": "", "frames": session.frames}
        if not _mine(session).transition(LiveStatus.FINISHED, **ended):
            return
        for kind, (_, name, content_type) in files.items():
            facts = {"storage_name": name, "bytes": sizes[kind], "content_type": content_type}
            MediaFile.objects.update_or_create(recording=session.recording, kind=kind, defaults=facts)
        # The transcript before the recording, as edits lock them
        drafts = Transcript.objects.filter(pk=session.transcript_id, status=TranscriptStatus.DRAFT)
        drafts.transition(TranscriptStatus.IN_REVIEW)
        Recording.objects.filter(pk=session.recording_id).update(duration_ms=prepared.duration_ms)
        summaries.refresh(session.recording_id)
        charges.charge_live(session, session.ms(session.frames))
        activities.record("live:finished", session.recording, duration_ms=prepared.duration_ms)
        if not session.is_whole:
            # Words are missing, and the provider may take the whole afterwards.
            retranscription.complete(session)
        events.publish("recording.changed", session.recording)


def _give_up(session: LiveSession) -> None:
    """A session in which nothing was ever said leaves nothing but its history."""
    with transaction.atomic():
        if _mine(session).transition(LiveStatus.ABANDONED, finished_at=clock.now(), lease_until=None, holder=""):
            Recording.objects.filter(pk=session.recording_id).update(deleted_at=clock.now())
            events.publish("recording.deleted", session.recording)
