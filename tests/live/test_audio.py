"""Sound that was acknowledged is on disk, whoever dies, and comes out bit for bit."""

from __future__ import annotations

import os
import random
import wave
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.live.conftest import FRAME_BYTES, frame, sound
from transcripts import clock
from transcripts.document import Segment, Timing, Word
from transcripts.models import LiveSession, MediaFile, Recording
from transcripts.models import Segment as SegmentRow
from transcripts.selectors.recording import details_of
from transcripts.services import storage
from transcripts.services.live import audio, final_words, leases, lifecycle, sealing
from transcripts.services.operations import housekeeping

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline

SAID = Segment("Hold the page.", 100, 900, "S1", (Word("Hold", 100, 300, 0.9, Timing.MEASURED),))


def write(session: LiveSession, first: int, end: int) -> audio.Writer:
    """Write frames as a web process does that dies without closing anything."""
    writer = audio.Writer(session)
    for number in range(first, end):
        writer.write(number, frame(number))
    return writer


def everything(session: LiveSession) -> bytes:
    return b"".join(audio.read(session, 0, audio.safe_frames(session)))


def test_frames_are_safe_as_soon_as_they_are_written(session: LiveSession) -> None:
    write(session, 0, 250)
    assert audio.safe_frames(session) == 250
    assert everything(session) == sound(250)
    assert len(audio.pieces(session)) == 3


def test_only_what_was_synced_counts_as_safe_from_a_power_cut(session: LiveSession) -> None:
    writer = write(session, 0, 150)
    assert writer.synced == 0
    writer.sync()
    assert writer.synced == 150
    writer.write(150, frame(150))
    assert writer.synced == 150
    writer.close()
    assert writer.synced == 151


def test_a_holder_syncs_what_others_wrote_before_it(session: LiveSession, monkeypatch: pytest.MonkeyPatch) -> None:
    write(session, 0, 250)
    synced: set[int] = set()
    monkeypatch.setattr(audio.os, "fsync", lambda file: synced.add(os.fstat(file).st_ino))  # type: ignore[attr-defined]
    audio.Writer(session).sync()
    assert synced == {piece.path.stat().st_ino for piece in audio.pieces(session)}


def test_a_frame_sent_twice_changes_nothing(session: LiveSession) -> None:
    writer = write(session, 0, 10)
    writer.write(4, b"x" * FRAME_BYTES)
    assert everything(session) == sound(10)


def test_a_frame_that_does_not_follow_is_asked_for_again(session: LiveSession) -> None:
    writer = write(session, 0, 10)
    with pytest.raises(audio.WrongFrame) as raised:
        writer.write(12, frame(12))
    assert raised.value.wanted == 10


def test_a_frame_of_another_length_is_refused(session: LiveSession) -> None:
    with pytest.raises(ValueError, match="3200 bytes"):
        audio.Writer(session).write(0, b"short")


def test_a_frame_cut_off_by_a_crash_is_written_again(session: LiveSession) -> None:
    write(session, 0, 10)
    with audio.pieces(session)[-1].path.open("ab") as file:
        file.write(frame(10)[:1000])
    assert audio.safe_frames(session) == 10
    write(leases.take(session), 10, 20)
    assert everything(session) == sound(20)


def test_a_full_disk_leaves_the_frame_unacknowledged(session: LiveSession, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = write(session, 0, 3)
    real = os.pwrite
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", lambda file, data, place: real(file, data[:100], place))
        with pytest.raises(OSError, match="No space"):
            writer.write(3, frame(3))
    assert writer.wanted == 3
    writer.write(3, frame(3))
    assert everything(session) == sound(4)


def test_a_hundred_take_overs_at_random_lose_no_byte(session: LiveSession) -> None:
    choice = random.Random(3)
    acknowledged = 0
    for _ in range(100):
        held = leases.take(session)
        writer = audio.Writer(held)
        assert writer.wanted >= acknowledged
        # The browser begins again at the last frame it knows to be safe
        for number in range(acknowledged, writer.wanted + choice.randrange(30)):
            writer.write(number, frame(number))
        acknowledged = writer.wanted - choice.randrange(3) if writer.wanted > 3 else 0
    assert audio.safe_frames(session) == writer.wanted
    assert everything(session) == sound(writer.wanted)


def test_two_writers_at_once_do_not_spoil_each_other(session: LiveSession) -> None:
    old = write(session, 0, 50)
    new = write(leases.take(session), 50, 60)
    for number in range(50, 80):
        old.write(number, frame(number))
    for number in range(60, 90):
        new.write(number, frame(number))
    assert everything(session) == sound(90)


def test_any_part_can_be_read(session: LiveSession) -> None:
    write(session, 0, 250)
    whole = sound(250)
    for first, end in ((0, 1), (99, 101), (100, 200), (37, 249)):
        assert b"".join(audio.read(session, first, end)) == whole[first * FRAME_BYTES : end * FRAME_BYTES]


def test_whoever_lost_the_session_writes_no_words(session: LiveSession) -> None:
    final_words.append(session, SAID)
    newer = leases.take(session)
    with pytest.raises(leases.LostSession):
        final_words.append(session, SAID)
    assert leases.renew_all([(session, 1), (newer, 2)]) == {session.holder}
    _, number = final_words.append(newer, SAID)
    assert number == 2
    assert [row.text for row in SegmentRow.objects.all()] == ["Hold the page."] * 2
    newer.refresh_from_db()
    assert newer.final_until_ms == 900


def test_a_session_that_ended_takes_nothing_more(session: LiveSession) -> None:
    assert lifecycle.finish(session, by_its_holder=True)
    assert not lifecycle.finish(session, by_its_holder=True)
    with pytest.raises(leases.LostSession):
        final_words.append(session, SAID)
    with pytest.raises(leases.LostSession):
        leases.take(session)


def test_what_was_said_becomes_a_recording_bit_for_bit(session: LiveSession, pipeline: Pipeline) -> None:
    write(session, 0, 130)
    final_words.append(session, SAID)
    lifecycle.finish(session, by_its_holder=True)
    pipeline.work()
    session.refresh_from_db()
    assert session.status == "finished"
    recording = Recording.objects.get()
    assert (recording.duration_ms, session.frames) == (13_000, 130)
    assert recording.transcripts.get().status == "in_review"
    original = MediaFile.objects.get(recording=recording, kind="original")
    with wave.open(str(storage.path_of(original.storage_name))) as kept:
        assert (kept.getframerate(), kept.getnchannels(), kept.getsampwidth()) == (16_000, 1, 2)
        assert kept.readframes(10**7) == sound(130)
    assert set(recording.media_files.values_list("kind", flat=True)) == {"original", "audio", "peaks"}
    assert not audio.folder_of(session.pk).exists()


def test_a_worker_killed_while_sealing_is_followed_by_another(
    session: LiveSession, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    write(session, 0, 20)
    lifecycle.finish(session, by_its_holder=True)
    for line in ("write_wav", "prepare", "_store"):
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(sealing, line, die)
            sealing.seal(session.pk)
        LiveSession.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    pipeline.conductor.tick()
    pipeline.work()
    session.refresh_from_db()
    assert session.status == "finished"
    assert MediaFile.objects.filter(kind="original").count() == 1


def test_sealing_twice_makes_one_recording(session: LiveSession, pipeline: Pipeline) -> None:
    write(session, 0, 20)
    lifecycle.finish(session, by_its_holder=True)
    pipeline.work()
    sealing.seal(session.pk)
    assert Recording.objects.count() == 1
    assert MediaFile.objects.filter(kind="original").count() == 1


def test_a_session_without_a_sound_leaves_nothing(session: LiveSession, pipeline: Pipeline) -> None:
    lifecycle.finish(session, by_its_holder=True)
    pipeline.work()
    session.refresh_from_db()
    assert session.status == "abandoned"
    assert Recording.objects.get().deleted_at is not None


def test_a_session_that_nobody_came_back_to_is_kept_after_a_day(session: LiveSession, pipeline: Pipeline) -> None:
    write(session, 0, 20)
    housekeeping.run()
    assert LiveSession.objects.get().status == "live"
    long_ago = clock.now() - timedelta(days=2)
    LiveSession.objects.update(seen_at=long_ago, lease_until=long_ago)
    housekeeping.run()
    pipeline.work()
    assert LiveSession.objects.get().status == "finished"


def test_the_sound_of_an_open_session_is_never_an_orphan(session: LiveSession) -> None:
    write(session, 0, 20)
    for piece in audio.pieces(session):
        os.utime(piece.path, (0, 0))
    housekeeping.run()
    assert everything(session) == sound(20)


def test_pieces_left_behind_are_removed_once_they_are_a_recording(session: LiveSession, pipeline: Pipeline) -> None:
    write(session, 0, 20)
    lifecycle.finish(session, by_its_holder=True)
    pipeline.work()
    audio.folder_of(session.pk).mkdir()
    housekeeping.run()
    assert not audio.folder_of(session.pk).exists()


def test_the_page_of_how_it_was_made_knows_that_it_was_spoken(session: LiveSession, pipeline: Pipeline) -> None:
    def stations() -> list[tuple[str, str]]:
        made = details_of(pipeline.person, session.recording_id)
        return [(stage.name, stage.state) for stage in made.stages]

    assert stations()[:2] == [("Recorded", "done"), ("Transcribing", "now")]
    write(session, 0, 20)
    lifecycle.finish(session, is_whole=True, by_its_holder=True)
    pipeline.work()
    assert stations() == [("Recorded", "done"), ("Transcribed", "done"), ("Ready", "done")]


def test_a_session_whose_words_are_not_all_there_is_transcribed_afterwards(
    session: LiveSession, pipeline: Pipeline
) -> None:
    write(session, 0, 20)
    lifecycle.finish(session, by_its_holder=True)
    pipeline.until_idle()
    assert pipeline.job(session.recording).status == "succeeded"
    assert session.recording.transcripts.count() == 2


def test_whoever_lost_the_session_cannot_end_it(session: LiveSession) -> None:
    newer = leases.take(session)
    assert not lifecycle.finish(session, is_whole=True, by_its_holder=True)
    final_words.append(newer, SAID)
    assert lifecycle.finish(newer, is_whole=True, by_its_holder=True)
