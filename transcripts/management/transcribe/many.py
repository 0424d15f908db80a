"""Many files: sent one after the other while those before them are transcribed; results are written as they come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import OperationalError, connection

from transcripts import access
from transcripts.management.transcribe import sending
from transcripts.management.transcribe.items import Item, State
from transcripts.management.transcribe.words import CHANGED, STOPPED, UNREACHABLE
from transcripts.models.choices import ACTIVE_JOB, JobStatus, Stage
from transcripts.services.errors import Refused
from transcripts.services.operations import conductor
from transcripts.services.pipeline import jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts.management.transcribe.arguments import Order
    from transcripts.management.transcribe.results import Results
    from transcripts.models import Recording, Transcript

LOOK_EVERY_S = 0.3

DELETED = "Its recording was deleted, or you can’t see it any more."
CANCELLED = "The job was cancelled."


class Run:
    """What is done about `items`, one step a round; `show` is told the items and what is being done.

    With `retries`, a file that the team has and that could not be transcribed is begun again.
    """

    def __init__(
        self, order: Order, results: Results, show: Callable[[list[Item], str], object], *, retries: bool = True
    ) -> None:
        self.order, self.results, self.show, self.retries = order, results, show, retries
        self.items: list[Item] = []
        self.looked_at = 0.0

    def until_ended(self) -> None:
        """Do everything there is to do."""
        while self.round():
            time.sleep(LOOK_EVERY_S)

    def round(self) -> bool:
        """Send what waits and write what is ready; False once every file has its end. A database can be away."""
        try:
            for item in self.items:
                if item.state is State.WAITING:
                    self._take(item)
            self._look()
            self.show(self.items, self._doing())
        except OperationalError:
            self.show(self.items, UNREACHABLE)
            connection.close()
        return not all(item.is_ended for item in self.items)

    def _take(self, item: Item) -> None:
        """Find or send a file; what another terminal sends at this moment waits for the next round."""
        try:
            fingerprint = sending.fingerprint_of(item.path, is_found=item.is_found)
            with sending.alone_with(fingerprint) as is_alone:
                if is_alone:
                    recording = sending.is_known(self.order, item.path, fingerprint)
                    self._found(item, recording) if recording else self._send(item, fingerprint)
        except sending.Changed:
            item.fail(CHANGED)
        except OSError as error:
            item.fail(f"Can’t read it: {error.strerror}.")
        except Refused as refusal:
            item.fail(str(refusal))
        self._look_sometimes()

    def _found(self, item: Item, recording: Recording) -> None:
        item.is_known, item.sent = True, item.length
        item.recording_id, item.state = recording.pk, State.SENT
        sending.add_tags(self.order, recording)
        has_failed = recording.job_status in (JobStatus.FAILED, JobStatus.CANCELLED)
        if self.retries and has_failed and not recording.latest_transcript_id:
            jobs.retry(recording, actor=self.order.person)

    def _send(self, item: Item, fingerprint: str) -> None:
        item.length = item.path.stat().st_size
        upload = sending.begin(self.order, item.path, item.length, fingerprint=fingerprint)

        def told(sent: int) -> None:
            item.sent = sent
            self.show(self.items, f"Uploading {item.name}")
            self._look_sometimes()

        item.recording_id = sending.send(upload, item.path, told, is_found=item.is_found)
        item.sent, item.state = item.length, State.SENT
        sending.add_tags(self.order, access.get_recording(self.order.person, item.recording_id))

    def _look_sometimes(self) -> None:
        """See what became of what was sent while other files are on their way."""
        if time.monotonic() - self.looked_at > LOOK_EVERY_S:
            self._look()

    def _look(self) -> None:
        """See what became of what was sent, in one query."""
        followed = [item for item in self.items if item.recording_id and item.state is State.SENT]
        seen = access.recordings_of(self.order.person).filter(pk__in={item.recording_id for item in followed})
        found = {one.pk: one for one in seen.select_related("team", "latest_job", "latest_transcript")}
        for item in followed:
            self._update(item, found.get(item.recording_id) if item.recording_id else None)
        self.looked_at = time.monotonic()

    def _update(self, item: Item, recording: Recording | None) -> None:
        job = recording.latest_job if recording else None
        if recording is None:
            item.fail(DELETED)
        elif job and job.status in ACTIVE_JOB:
            item.state, item.stage = State.SENT, Stage(job.stage).label
        elif recording.latest_transcript:
            self._write(item, recording)
        elif job:
            item.fail(job.error_message or CANCELLED)

    def _write(self, item: Item, recording: Recording) -> None:
        transcript = recording.latest_transcript
        assert transcript is not None
        transcript.recording = recording
        item.duration_ms, item.language = recording.duration_ms, _language_of(transcript)
        item.words, item.doubtful_words = transcript.word_count, transcript.doubtful_words
        try:
            item.written = self.results.write(item.path.name, transcript)
            item.state = State.WRITTEN
        except OSError as error:
            item.fail(f"Can’t write to {self.results.folder}: {error.strerror}.")
        except Refused as refusal:
            item.fail(str(refusal))

    def _doing(self) -> str:
        """Say what the first file that isn't ready is at."""
        if not conductor.is_working():
            return STOPPED
        if all(item.is_ended for item in self.items):
            return "Done"
        return next((item.stage for item in self.items if item.state is State.SENT and item.stage), "Waiting")


def _language_of(transcript: Transcript) -> str:
    """Return the language, one that was detected with how sure that is."""
    sure = transcript.language_probability
    return transcript.language if sure is None else f"{transcript.language} ({sure:.0%})"
