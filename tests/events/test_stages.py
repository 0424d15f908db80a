"""Every step forward is told to the pages when it is done, and so is what it means for the others in the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts import events
from transcripts.models import ProcessingJob
from transcripts.models.choices import Stage
from transcripts.services.pipeline import jobs
from transcripts.services.recordings import titles, trash

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


class Page:
    """Hears every event, and looks then how the latest job stands, as a page does."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.seen: list[str] = []

    def __call__(self, group: str, message: events.Event) -> None:
        self.heard.append(message["event"])
        job = ProcessingJob.objects.order_by("created_at").last()
        if job and message["event"] != "queue.changed":
            stood = job.stage if job.is_active else job.status
            self.seen += [stood] if self.seen[-1:] != [stood] else []


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page that watches the team."""
    watching = Page()
    monkeypatch.setattr(events, "_send", watching)
    return watching


def test_a_page_sees_every_stage(pipeline: Pipeline, page: Page) -> None:
    pipeline.bring()
    pipeline.until_idle()
    # Its words come with their times
    way = [stage for stage in Stage.values if stage not in (Stage.QUEUED, Stage.ALIGNING, Stage.DONE)]
    assert [stage for stage in page.seen if stage != Stage.QUEUED] == [*way, "succeeded"]
    assert page.heard[:2] == ["recording.changed", "recording.created"]


@pytest.mark.parametrize("verb", ["cancel", "fail"])
def test_an_end_is_told_to_the_page_and_to_the_line(pipeline: Pipeline, page: Page, verb: str) -> None:
    job = pipeline.job(pipeline.bring())
    page.heard.clear()
    if verb == "cancel":
        jobs.cancel(job, actor=pipeline.person)
    else:
        jobs.fail(job.pk, code="unexpected", message="It broke.")
    told = ["notifications.changed"] if verb == "fail" else []  # what one cancelled one knows
    assert page.heard == [*told, "recording.changed", "queue.changed"]


def test_places_in_line_are_told_when_one_is_sent_and_when_it_was_taken(pipeline: Pipeline, page: Page) -> None:
    pipeline.bring()
    pipeline.until_idle()
    # The third tells of the end.
    assert page.heard.count("queue.changed") == 3


def test_a_submission_that_is_put_off_is_told(pipeline: Pipeline, page: Page, speech: SpeechProcess) -> None:
    speech.rescript({"faults": [{"on": "upload", "nth": 1, "do": "answer", "code": 500}]})
    pipeline.bring()
    pipeline.until_idle()
    assert page.seen[1:4] == ["waiting", "sending", "waiting"]


def test_what_people_do_to_a_recording_is_told(pipeline: Pipeline, page: Page) -> None:
    recording = pipeline.bring()
    page.heard.clear()
    titles.rename(recording, actor=pipeline.person, title="Hearing")
    trash.delete(recording, actor=pipeline.person)
    trash.restore(recording, actor=pipeline.person)
    assert [event for event in page.heard if event != "queue.changed"] == [
        "recording.changed",
        "recording.changed",
        "recording.deleted",
        "recording.created",
    ]
