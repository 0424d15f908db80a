"""A pipeline that works in this process: real database, Redis, ffmpeg and provider; no waiting for due times."""

from __future__ import annotations

import struct
import wave
from typing import TYPE_CHECKING

import django_rq

from accounts.models import User
from tests.support.audio import write_sound
from transcripts import clock
from transcripts.models import ProcessingJob, ProviderAccount, Recording, Step
from transcripts.providers.capabilities import Wishes
from transcripts.queue import QUEUES
from transcripts.services.operations.conductor import Conductor
from transcripts.services.recordings import parts, uploads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


MOST_ROUNDS = 200


class Pipeline:
    """Brings recordings in and works on them."""

    def __init__(self, account: ProviderAccount, tone: Path) -> None:
        self.account, self.tone, self.brought = account, tone, 0
        self.conductor = Conductor()
        self.person = User.objects.create_superuser("alice@example.org", "a password of hers", name="Alice")

    def bring(
        self,
        path: Path | None = None,
        *,
        owner: User | None = None,
        language: str = "",
        speakers: int | None = None,
        wishes: Wishes | None = None,
    ) -> Recording:
        """Upload a file, in one part; without a `path` one that wasn't uploaded before."""
        self.brought += 1
        path, owner = path or self._another_tone(), owner or self.person
        size = path.stat().st_size
        team = owner.personal_team
        wishes = wishes or Wishes(speakers)
        upload = uploads.create(
            owner=owner, team=team, filename=path.name, length=size, language=language, wishes=wishes
        )
        if size:
            with path.open("rb") as file:
                upload = parts.append(upload, file, offset=0, size=size)
        assert upload.recording is not None
        return upload.recording

    def _another_tone(self) -> Path:
        """Return the tone, or one that differs in a sample: the answer to the same audio isn't asked for twice."""
        if self.brought == 1:
            return self.tone
        with wave.open(str(self.tone)) as file:
            samples = bytearray(file.readframes(file.getnframes()))
        samples[:2] = struct.pack("<h", self.brought)
        return write_sound(self.tone.with_name(f"tone-{self.brought}.wav"), bytes(samples))

    def work(self) -> None:
        """Do everything that was woken, as workers would."""
        for name in QUEUES:
            queue = django_rq.get_queue(name)
            while ids := queue.job_ids:
                job = queue.fetch_job(ids[0])
                queue.remove(ids[0])
                job.perform()
                job.delete()

    def until_idle(self) -> None:
        """Conduct and work until no job is active; what is due later is made due now."""
        self.until(lambda: not ProcessingJob.objects.filter(status__in=("queued", "running")).exists())

    def until(self, is_there: Callable[[], bool]) -> None:
        """Conduct and work until something is so; what is due later is made due now."""
        for _ in range(MOST_ROUNDS):
            self.step_once()
            if is_there():
                return
        raise AssertionError("The pipeline does not get there.")

    def step_once(self) -> None:
        """One tick of the conductor and the work that it woke."""
        self.make_due()
        self.conductor.tick()
        self.work()

    def make_due(self) -> None:
        """Let the time pass that steps wait for, but for that of the transcript that waits for its times."""
        ready = Step.objects.filter(status="ready").exclude(waits_for="times")
        ready.update(due_at=clock.now(), woken_at=None)

    def job(self, recording: Recording) -> ProcessingJob:
        """The recording's latest job as it is now."""
        return ProcessingJob.objects.filter(recording=recording).latest("created_at")
