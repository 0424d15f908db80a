"""Fills the site that browsers look at: one function a line on standard input, its result on standard output."""

from __future__ import annotations

import hashlib
import json
import math
import sys
import uuid
import wave
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Membership, Role, Team, User  # noqa: E402
from tests import factories  # noqa: E402
from tests.support import retranscription  # noqa: E402
from transcripts import events  # noqa: E402
from transcripts.document import Segment  # noqa: E402
from transcripts.models import (  # noqa: E402
    LiveSession,
    MediaFile,
    ProcessingJob,
    ProviderAccount,
    Recording,
    Transcript,
    Upload,
)
from transcripts.models import Segment as Row  # noqa: E402
from transcripts.models.choices import JobStatus, MarkerKind, MediaKind, Stage  # noqa: E402
from transcripts.services import storage  # noqa: E402
from transcripts.services.live import audio, final_words, leases, lifecycle, pauses  # noqa: E402
from transcripts.services.operations import housekeeping  # noqa: E402
from transcripts.services.pipeline import jobs  # noqa: E402
from transcripts.services.pipeline import retranscription as services  # noqa: E402
from transcripts.services.recordings import titles, trash  # noqa: E402
from transcripts.services.sharing import shares  # noqa: E402
from transcripts.services.transcript import changes, markers  # noqa: E402

# A cast of four a test would cost more than all else that is done here
PBKDF2PasswordHasher.iterations = 1
RATE_HZ = 8000
# Somebody says something in a session that is over.
EVERY_MS = 7_000


def clear() -> None:
    """Leave nothing but the schema."""
    Recording.objects.all().delete()
    ProviderAccount.objects.all().delete()
    Upload.objects.all().delete()
    Team.objects.all().delete()
    User.objects.all().delete()


def cast() -> None:
    """Make Alice, Erin, Vera and Charlie, and the account that new recordings go to."""
    factories.make_cast()
    factories.make_account()


def session(who: str) -> str:
    """Sign somebody in; return what their browser's cookie holds."""
    user = User.objects.get(email=f"{who}@example.org")
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store.create()
    return str(store.session_key)


def recording(title: str = "Council meeting", **fields: Any) -> str:
    """Make a recording without any work on it."""
    days = fields.pop("days_ago", 0)
    owner = User.objects.get(email=f"{fields.pop('owner', 'alice')}@example.org")
    when = timezone.now() - timedelta(days=days)
    made = factories.make_recording(_team(), title, owner=owner, created_at=when, **fields)
    events.publish("recording.created", made)
    return str(made.pk)


def job(recording: str, status: str = JobStatus.RUNNING, **fields: Any) -> str:
    """Put a job on a recording."""
    pause = fields.pop("pause_minutes", None)
    made = factories.make_job(Recording.objects.get(pk=recording), status, **fields)
    if pause:
        factories.make_pause(made, timezone.now() + timedelta(minutes=pause), "The provider asked us to wait.")
    return str(made.pk)


def know_length(recording: str, minutes: int) -> None:
    """Let preparing find out how long a recording is."""
    made = Recording.objects.get(pk=recording)
    made.duration_ms = minutes * 60_000
    made.save(update_fields=["duration_ms"])
    events.publish("recording.changed", made)


def fail(job: str) -> None:
    """Let a job fail."""
    jobs.fail(uuid.UUID(job), code="provider_failed", message="The provider could not transcribe this.")


def live(title: str, said: list[str]) -> str:
    """Have Alice speak into a live session; return its id."""
    begun = lifecycle.start(owner=User.objects.get(email="alice@example.org"), team=_team(), title=title)
    held = leases.take(begun)
    for number, text in enumerate(said):
        final_words.append(held, Segment(text, number * 4_000, number * 4_000 + 3_500, f"S{number % 2}"))
    return str(held.pk)


def say(live: str, text: str, at_ms: int, language: str | None = None) -> None:
    """Let the provider bring a final line of a live session."""
    held = leases.take(LiveSession.objects.get(pk=live))
    row, number = final_words.append(held, Segment(text, at_ms, at_ms + 900, "S0", language=language))
    events.publish_to_transcript(held.transcript_id, {"type": "segment", "change": number, **changes.described(row)})


def say_unheard(live: str, text: str, at_ms: int) -> None:
    """Let a line come of which no page is told, as when Redis loses a message."""
    final_words.append(leases.take(LiveSession.objects.get(pk=live)), Segment(text, at_ms, at_ms + 900, "S0"))


def sign_out(who: str) -> None:
    """End all sessions of somebody, as signing out of each does."""
    user = User.objects.get(email=f"{who}@example.org")
    for session in Session.objects.all():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def demote(who: str) -> None:
    """Let somebody only read what the newsroom has."""
    Membership.objects.filter(user__email=f"{who}@example.org", team=_team()).update(role=Role.VIEWER)


def end_live(live: str) -> None:
    """End a live session, as a colleague does."""
    lifecycle.finish(LiveSession.objects.get(pk=live))


def fill_places() -> None:
    """Let the account take no further live session."""
    ProviderAccount.objects.update(live_limit=1)
    other = lifecycle.start(owner=User.objects.get(email="erin@example.org"), team=_team(), title="Another")
    leases.take(other)


def begin_live(title: str) -> str:
    """Let Alice begin a live session in which nothing was said; return its id."""
    return str(lifecycle.start(owner=User.objects.get(email="alice@example.org"), team=_team(), title=title).pk)


def pause_live(live: str, minutes: int) -> None:
    """Let the browser that recorded have died so long ago, and the conductor have noticed."""
    gone_at = timezone.now() - timedelta(minutes=minutes)
    LiveSession.objects.filter(pk=live).update(seen_at=gone_at, lease_until=gone_at, paused_at=None)
    pauses.look()


def annotate(live: str, note: str) -> None:
    """Mark two moments of a live session and let the provider have been away between them."""
    session = LiveSession.objects.select_related("recording", "transcript", "owner").get(pk=live)
    assert session.owner
    for kind, at_ms, text in ((MarkerKind.MARK, 3_000, note), (MarkerKind.BREAK, 8_000, "")):
        markers.put(session.transcript, uuid.uuid4(), actor=session.owner, at_ms=at_ms, note=text, kind=kind)
    LiveSession.objects.filter(pk=live).update(gaps=[[8_500, 61_000]], frames=720)


def captions(live: str, password: str = "") -> str:
    """Make a link to the captions; return its path."""
    session = LiveSession.objects.select_related("recording", "transcript", "owner").get(pk=live)
    assert session.owner
    share = shares.share_captions(session.recording, actor=session.owner, lifetime="day", password=password)
    return f"/captions/{share.token}/"


def live_sound(live: str) -> str:
    """The SHA-256 of what is safe of a live session's sound."""
    session = LiveSession.objects.get(pk=live)
    kept = b"".join(audio.read(session, 0, audio.safe_frames(session)))
    return hashlib.sha256(kept).hexdigest()


def lines(live: str) -> list[list[Any]]:
    """The lines of a live session as they are kept: text, who wrote it, revision."""
    rows = Row.objects.filter(transcript__live_session__pk=live)
    return [[row.text, row.origin, row.revision] for row in rows]


def spoken(title: str, said: list[str], gaps: list[list[int]] | None = None) -> str:
    """Have Alice speak in a session that is over; return the id of its text."""
    alice = User.objects.get(email="alice@example.org")
    segments = [retranscription.said(text, number * EVERY_MS, f"S{number % 2}") for number, text in enumerate(said)]
    made = retranscription.make_session(_team(), alice, *segments, title=title, gaps=gaps or [])
    _add_sound(made.recording)
    return str(made.pk)


def correct(transcript: str, position: int, text: str) -> None:
    """Correct a segment, as Alice does."""
    row = Row.objects.get(transcript__id=transcript, position=position)
    retranscription.correct(row, text, User.objects.get(email="alice@example.org"))


def retranscribe(transcript: str, stage: str = "", progress: int | None = None) -> str:
    """Hear a session again; return the id of the job, which does what is said and no more."""
    owner = User.objects.get(email="alice@example.org")
    job = services.retranscribe(Transcript.objects.get(pk=transcript), actor=owner)
    if stage:
        show(str(job.pk), stage, progress)
    return str(job.pk)


def improved(transcript: str, heard: list[str]) -> str:
    """End the job that improves a text; return the id of the new one."""
    job = ProcessingJob.objects.get(base_transcript__id=transcript)
    segments = [retranscription.said(text, number * EVERY_MS, f"A{number % 2}") for number, text in enumerate(heard)]
    return str(retranscription.finish(job, *segments).pk)


def show_improving(transcript: str, stage: str, progress: int | None = None) -> None:
    """Move the job that improves a text on, as a worker does."""
    show(str(ProcessingJob.objects.get(base_transcript__id=transcript).pk), stage, progress)


def show(job: str, stage: str, progress: int | None = None) -> None:
    """Move a job on, as a worker does."""
    jobs.show(ProcessingJob.objects.get(pk=job).pk, Stage(stage), progress)


def finish(job: str) -> None:
    """End a job with a transcript."""
    row = ProcessingJob.objects.get(pk=job)
    factories.make_transcript(row.recording, job=row)
    jobs.succeed(row.pk)


def rename(recording: str, title: str) -> None:
    """Rename a recording, as a colleague does."""
    titles.rename(Recording.objects.get(pk=recording), actor=User.objects.get(email="erin@example.org"), title=title)


def delete(recording: str) -> None:
    """Delete a recording, as a colleague does."""
    erin = User.objects.get(email="erin@example.org")
    trash.delete(Recording.objects.get(pk=recording), actor=erin)


def transcript(recording: str, lines: list[list[str]] | None = None, *, sound: bool = False, **fields: Any) -> str:
    """Make a transcript, with sound and waveform where they are asked for."""
    owner = Recording.objects.get(pk=recording)
    pairs = None if lines is None else [(label, text) for label, text in lines]
    made = factories.make_transcript(owner, pairs, **fields)
    if sound:
        _add_sound(owner)
    return str(made.pk)


def speak_in(transcript: str, language: str, positions: list[int]) -> None:
    """Let segments of a transcript be in another language."""
    Row.objects.filter(transcript__id=transcript, position__in=positions).update(language=language)


def long_transcript(recording: str, words: int) -> str:
    """Make a transcript of this many words, twenty a segment."""
    lines = [(f"Speaker {n % 3 + 1}", " ".join(f"word{n}x{w}" for w in range(20))) for n in range(words // 20)]
    made = factories.make_transcript(Recording.objects.get(pk=recording), lines)
    return str(made.pk)


def spoil_sound(recording: str) -> None:
    """Replace a recording's playback file with something that is no sound."""
    file = MediaFile.objects.get(recording_id=uuid.UUID(recording), kind=MediaKind.PLAYBACK)
    storage.path_of(file.storage_name).write_bytes(b"no sound at all")


def newsroom() -> dict[str, str]:
    """Make a library as it looks on a working day."""
    from tests.browser import script

    return script.newsroom()


def uploads() -> dict[str, dict[str, Any]]:
    """What the server knows of each upload, by file name."""
    return {upload.filename: _described(upload) for upload in Upload.objects.select_related("team")}


def expire_uploads() -> None:
    """Let every upload under way expire, and be cleared away."""
    Upload.objects.update(expires_at=timezone.now())
    housekeeping.abandon_uploads()


def know_languages(languages: list[str]) -> None:
    """Let the provider say what it knows."""
    ProviderAccount.objects.update(languages=languages)


def _described(upload: Upload) -> dict[str, Any]:
    fields = {name: getattr(upload, name) for name in ("offset", "length", "language", "speakers", "status")}
    return {**fields, "team": upload.team.slug, "sha256": _sha256(upload)}


def _sha256(upload: Upload) -> str:
    path = storage.path_of(upload.storage_name)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _team() -> Team:
    return Team.objects.get(slug="newsroom")


def _add_sound(owner: Recording) -> None:
    """Give a recording a quiet tone as long as it says, and a waveform that looks like speech."""
    duration_ms = owner.duration_ms or 0
    sound, peaks = f"tests/{owner.pk}.wav", f"tests/{owner.pk}.json"
    storage.path_of(sound).parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(storage.path_of(sound)), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE_HZ)
        file.writeframes(b"\x80" * (RATE_HZ * duration_ms // 1000))
    heights = [_height(n) for n in range(1200)]
    storage.path_of(peaks).write_text(json.dumps({"duration_ms": duration_ms, "peaks": heights}))
    for kind, name, content_type in ((MediaKind.PLAYBACK, sound, "audio/wav"), (MediaKind.PEAKS, peaks, "")):
        size = storage.path_of(name).stat().st_size
        MediaFile.objects.create(recording=owner, kind=kind, storage_name=name, bytes=size, content_type=content_type)


def _height(n: int) -> int:
    phrase = max(0.08, math.sin(n / 21) * math.sin(n / 47 + 1) + 0.35)
    return min(255, int(190 * abs(phrase) * (0.55 + 0.45 * ((n * 7919) % 97) / 97)))


def main() -> None:
    """Answer until standard input ends."""
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": globals()[name](**arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=str), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
