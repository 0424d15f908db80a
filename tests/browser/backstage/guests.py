"""Links for guests, and what ends them."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.hashers import make_password

from tests.support.audio import write_tone
from transcripts import clock
from transcripts.models import Share, Transcript
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.sharing import stretches


def guest_link(transcript: str, level: str = "view", *, password: str = "", is_cut: bool = True, **shown: Any) -> str:
    """Create a link to the recording of a transcript, with the audio of its stretch; return its path."""
    recording = Transcript.objects.get(pk=transcript).recording
    share = Share.objects.create(
        recording=recording,
        level=level,
        token=secrets.token_urlsafe(24),
        password=make_password(password) if password else "",
        created_by=recording.owner,
        **shown,
    )
    if is_cut and stretches.is_stretch(share):
        cut_stretch(f"/s/{share.token}/")
    return f"/s/{share.token}/"


def revoke_link(path: str) -> None:
    """Revoke a link."""
    Share.objects.filter(token=path.strip("/").split("/")[-1]).update(revoked_at=clock.now())


def guest_links(reading: str, approved: str) -> dict[str, str]:
    """Create a link of each kind, for pictures."""
    stretch: dict[str, Any] = {"from_ms": 10_000, "until_ms": 40_000}
    allowed: dict[str, Any] = {"allows_text": True, "allows_audio": True}
    return {
        "guest_view": guest_link(reading, **allowed),
        "guest_comment": guest_link(reading, "comment", **allowed),
        "guest_edit": guest_link(reading, "edit"),
        "guest_stretch": guest_link(reading, **stretch, **allowed),
        "guest_cutting": guest_link(reading, is_cut=False, from_ms=10_000, until_ms=30_000),
        "guest_initials": guest_link(reading, shows_initials=True),
        "guest_approved": guest_link(approved, is_approved_only=True),
        "guest_unknown": "/s/nothing/",
        "guest_locked": guest_link(reading, password="otter lamp"),
    }


def cut_stretch(path: str) -> None:
    """Cut the audio of a link's stretch, as a worker does."""
    share = Share.objects.get(token=path.strip("/").split("/")[-1])
    audio = share.recording.media_files.get(kind=MediaKind.AUDIO)
    provided = storage.path_of(audio.storage_name)
    provided.parent.mkdir(parents=True, exist_ok=True)
    if not provided.exists():
        write_tone(provided, seconds=(share.recording.duration_ms or 1000) // 1000)
    stretches.cut(share.pk)
