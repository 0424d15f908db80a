"""A recording with its files, and browsers of guests who have a link to it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.support.audio import write_tone
from transcripts.models import MediaFile, Share
from transcripts.models.choices import MediaKind, ShareLevel
from transcripts.services import storage

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Recording, Transcript

PASSWORD = "otter lamp"
LINES = [
    ("Miriam Hale", "The dam was never designed for this."),
    ("Tomas Berg", "And the ministry had that report?"),
    ("Miriam Hale", "They had it and they read it."),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    """Three segments of 2,800, 2,400 and 2,800 ms."""
    recording = factories.make_recording(cast.team, "River dams", owner=cast.alice, duration_ms=8_000)
    found = factories.make_transcript(recording, LINES)
    store_files(recording)
    return found


def store_files(recording: Recording) -> None:
    """Store eight seconds of audio as the original and as provider audio, and 80 peaks."""
    audio = recording.media_files.get(kind=MediaKind.AUDIO)
    path = storage.path_of(audio.storage_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tone(path, seconds=8)
    peaks = json.dumps({"duration_ms": 8_000, "peaks": list(range(80))}).encode()
    for kind, content_type, content in (
        (MediaKind.ORIGINAL, "audio/flac", path.read_bytes()),
        (MediaKind.PEAKS, "application/json", peaks),
    ):
        name = f"tests/{recording.pk}-{kind}"
        storage.path_of(name).parent.mkdir(parents=True, exist_ok=True)
        storage.path_of(name).write_bytes(content)
        MediaFile.objects.create(
            recording=recording, kind=kind, storage_name=name, bytes=len(content), content_type=content_type
        )


def link_to(transcript: Transcript, level: str = ShareLevel.VIEW, *, password: str = "", **fields: Any) -> Share:
    """Create a link to the recording of a transcript."""
    hashed = make_password(password) if password else ""
    token = secrets.token_urlsafe(24)
    return Share.objects.create(
        recording=transcript.recording,
        level=level,
        token=token,
        password=hashed,
        created_by=transcript.recording.owner,
        **fields,
    )


def guest(share: Share, name: str = "") -> Client:
    """Return the browser of a guest who has opened a link and given a name."""
    client = Client()
    client.get(page_of(share))
    if name:
        client.post(reverse("guest_name", args=[share.token]), {"name": name})
    return client


def page_of(share: Share) -> str:
    return reverse("guest", args=[share.token])


def data_in(page: str) -> dict[str, Any]:
    """Return what a page hands to the editor."""
    start = page.index(">", page.index('id="transcript-data"')) + 1
    data: dict[str, Any] = json.loads(page[start : page.index("</script>", start)])
    return data
