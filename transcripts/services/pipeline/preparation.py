"""The step that turns what was uploaded into what providers and browsers get."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from transcripts.media.errors import MediaError
from transcripts.media.names import PLAYBACK_TYPE
from transcripts.media.prepare import Prepared, prepare
from transcripts.models import MediaFile, ProcessingJob, Recording
from transcripts.models.choices import MediaKind, Stage
from transcripts.services import activities, notices, storage
from transcripts.services.errors import NoProvider
from transcripts.services.pipeline import jobs, steps
from transcripts.services.pipeline.routing import choice, moves
from transcripts.services.pipeline.slices import rows
from transcripts.services.provider_accounts import accounts
from transcripts.services.provider_accounts.routing import places

if TYPE_CHECKING:
    from pathlib import Path
    from threading import Event

# People see two changes a second at most; more only costs commits.
REPORT_EVERY_S = 0.5


class Reporter:
    """Shows how far preparing is, and ends it if its lease was lost."""

    def __init__(self, held: steps.Claim, lost: Event) -> None:
        self.held, self.lost = held, lost
        self.next_at = 0.0

    def __call__(self, share: float | None) -> None:
        """Take the share that is done, 0 to 1, or None if unknown. Raises steps.LostLease or OSError (disk full)."""
        if self.lost.is_set():
            raise steps.LostLease
        if time.monotonic() >= self.next_at:
            self.next_at = time.monotonic() + REPORT_EVERY_S
            storage.require_free_space()
            percent = None if share is None else round(share * 100)
            jobs.report_progress(self.held.job_id, Stage.PREPARING, percent)


def run(held: steps.Claim) -> None:
    """Prepare the recording of the claimed step."""
    job = ProcessingJob.objects.select_related("recording", "account").get(pk=held.job_id)
    jobs.mark_running(job.pk)
    original = MediaFile.objects.get(recording=job.recording, kind=MediaKind.ORIGINAL)
    source = storage.path_of(original.storage_name)
    storage.require_free_space()
    with steps.renewing(held.owner) as lost, storage.workspace() as folder, ThreadPoolExecutor(1) as pool:
        digest = pool.submit(_sha256, source)
        try:
            prepared = prepare(
                source,
                folder,
                Reporter(held, lost),
                wanted=job.recording.tracks_wanted,
                splits=_splits(job),
                most_hours=settings.MAX_AUDIO_HOURS,
            )
        except MediaError as error:
            jobs.fail_step(held, code=error.code, message=str(error))
            return
        _keep(held, job, prepared, digest.result())


def _splits(job: ProcessingJob) -> bool:
    """Tell whether voices in channels of their own are sent one after the other, as tracks are.

    That is twice as much audio, so it is done where speakers aren't told apart otherwise, and where audio costs
    nothing.
    """
    has_one_voice = not job.separates_speakers or job.speakers == 1
    is_free = places.is_inside(job.account)
    return not has_one_voice and (is_free or not accounts.can(job.account).tells_speakers)


def _keep(held: steps.Claim, job: ProcessingJob, prepared: Prepared, digest: str) -> None:
    """Move the files into the storage, then record all of them in one transaction."""
    files = {MediaKind.AUDIO: (prepared.audio, "audio/flac"), MediaKind.PEAKS: (prepared.peaks, "application/json")}
    if prepared.playback:
        files[MediaKind.PLAYBACK] = (prepared.playback, PLAYBACK_TYPE)
    # The fence in the name keeps a worker that was given up from replacing its successor's files.
    names = {kind: f"derived/{job.recording_id}/{held.step_id}-{held.fence}-{kind}" for kind in files}
    sizes = {kind: storage.store(path, names[kind]) for kind, (path, _) in files.items()}
    to = _choice(job, prepared, sizes[MediaKind.AUDIO])
    with transaction.atomic():
        steps.finish(held)
        for kind, (_, content_type) in files.items():
            facts = {"storage_name": names[kind], "bytes": sizes[kind], "content_type": content_type}
            if kind == MediaKind.AUDIO:
                facts |= {"layout": layout_of(prepared), "sha256": prepared.audio_sha256}
            MediaFile.objects.update_or_create(recording_id=job.recording_id, kind=kind, defaults=facts)
        # A copy made for another choice of tracks; its file is cleared away as an orphan
        MediaFile.objects.filter(recording_id=job.recording_id, kind=MediaKind.PLAYBACK).exclude(
            storage_name__in=names.values()
        ).delete()
        _keep_facts(job, prepared, digest)
        moves.place(job, to)
        steps.add(job, jobs.after_preparation(job))
        activities.record("recording:prepared", job.recording, duration_ms=prepared.duration_ms)


def _choice(job: ProcessingJob, prepared: Prepared, size: int) -> choice.Choice | None:
    """Return where the job goes, now that it is known what is to be sent; None if it stays where it is."""
    layout = layout_of(prepared)
    audio = choice.Audio(size, int(layout[-1]["end_ms"]) if layout else prepared.duration_ms)
    work = choice.work_of(job.recording, job.language, has_video=prepared.has_video)
    try:
        return None if job.is_account_chosen else choice.account_for(work, audio)
    except NoProvider:
        return None


def _keep_facts(job: ProcessingJob, prepared: Prepared, digest: str) -> None:
    original = MediaFile.objects.filter(recording=job.recording, kind=MediaKind.ORIGINAL)
    original.update(sha256=digest, content_type=prepared.original_type or "application/octet-stream")
    facts = {
        "duration_ms": prepared.duration_ms,
        "has_video": prepared.has_video,
        "tracks": prepared.tracks if len(prepared.tracks) > 1 else [],
    }
    Recording.objects.filter(pk=job.recording_id).update(**facts)
    found = [notices.Notice(source="media", code=one["code"], values=one["values"]) for one in prepared.notices]
    notices.replace(job.recording_id, "media", found)
    job.recording.duration_ms = prepared.duration_ms
    rows.ensure_chunk(job)


def layout_of(prepared: Prepared) -> list[dict[str, int | str]]:
    """Say which track is where in the provider's audio; of one track there is nothing to say."""
    return [asdict(span) for span in prepared.layout] if len(prepared.layout) > 1 else []


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
