"""Pages and JSON are compressed, and files are not."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import MediaFile
from transcripts.services import storage

if TYPE_CHECKING:
    from tests.factories import Cast

COMPRESSING = {"Accept-Encoding": "gzip"}


def test_a_transcript_is_sent_in_a_fraction_of_its_bytes(cast: Cast) -> None:
    said = [("Speaker 1", f"This is sentence {number}.") for number in range(200)]
    address = factories.make_transcript(factories.make_recording(cast.team), said).get_absolute_url()
    answer = client_of(cast.vera).get(address, headers=COMPRESSING)
    page = gzip.decompress(answer.content).decode()
    assert "This is sentence 199." in page
    assert len(answer.content) < len(page) / 4


def test_a_client_that_reads_no_gzip_gets_the_page_as_it_is(cast: Cast) -> None:
    answer = client_of(cast.vera).get(reverse("library"))
    assert "Content-Encoding" not in answer
    assert b"<!DOCTYPE html>" in answer.content


def test_audio_is_sent_by_its_own_bytes(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    path = storage.path_of(f"tests/{recording.pk}.wav")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(10_000))
    MediaFile.objects.create(
        recording=recording,
        kind="playback",
        storage_name=f"tests/{recording.pk}.wav",
        bytes=10_000,
        content_type="audio/wav",
    )
    answer = client_of(cast.vera).get(reverse("recording_media", args=[recording.pk]), headers=COMPRESSING)
    assert "Content-Encoding" not in answer
    assert answer["Content-Length"] == "10000"
