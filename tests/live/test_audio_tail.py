"""A holder finds the end of a long session without listing it, and the event loop never waits for the disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.live.conftest import FRAME_BYTES, frame, sound
from transcripts.services.live import audio, leases, provider_link
from transcripts.services.live.live_host import LiveHost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.models import LiveSession


def write(session: LiveSession, first: int, end: int, *, synced: bool = False) -> audio.Writer:
    """Write frames as a web process does that dies without closing anything."""
    writer = audio.Writer(session)
    for number in range(first, end):
        writer.write(number, frame(number))
        if synced and number % 10 == 9:
            writer.sync()
    return writer


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were listed."""
    looked: list[str] = []

    def noting(real: Any) -> Any:
        def noted(path: Path, *arguments: Any) -> Iterator[Path]:
            looked.append(path.name)
            found: Iterator[Path] = real(path, *arguments)
            return found

        return noted

    for name in ("glob", "iterdir", "rglob"):
        monkeypatch.setattr(Path, name, noting(getattr(Path, name)))
    return looked


def test_a_new_holder_lists_nothing_however_long_the_session_is(session: LiveSession, listed: list[str]) -> None:
    write(session, 0, 1_050, synced=True)
    listed.clear()
    newer = audio.Writer(leases.take(session))
    assert newer.wanted == 1_050
    assert audio.reached(leases.take(session))[0] == 1_050
    assert listed == []


def test_only_the_last_pieces_are_looked_at_and_synced(session: LiveSession) -> None:
    write(session, 0, 1_050, synced=True)
    frames, unsynced = audio.reached(session)
    assert frames == 1_050
    assert [path.name for path in unsynced] == [f"0000001000-{session.fence}.pcm"]


def test_what_was_written_since_the_last_sync_is_found(session: LiveSession) -> None:
    write(session, 0, 350)
    assert audio.Writer(leases.take(session)).wanted == 350


def test_holders_that_wrote_nothing_do_not_hide_those_that_did(session: LiveSession) -> None:
    write(session, 0, 130, synced=True)
    for _ in range(5):
        session = leases.take(session)
        assert audio.Writer(session).wanted == 130
    write(session, 130, 150)
    assert audio.Writer(leases.take(session)).wanted == 150


@pytest.mark.parametrize("spoilt", ["missing", "empty", "nonsense"])
def test_without_a_readable_tail_the_folder_is_listed(session: LiveSession, spoilt: str) -> None:
    write(session, 0, 250, synced=True)
    for tail in audio.folder_of(session.pk).glob("tail-*"):
        tail.unlink() if spoilt == "missing" else tail.write_text("" if spoilt == "empty" else "x1")
    assert audio.Writer(leases.take(session)).wanted == 250


def test_an_old_holder_that_still_writes_does_not_hide_what_the_new_one_wrote(session: LiveSession) -> None:
    old = write(session, 0, 120)
    new = write(leases.take(session), 120, 130)
    for number in range(120, 320):
        old.write(number, frame(number))
    old.sync()
    for number in range(130, 340):
        new.write(number, frame(number))
    assert audio.Writer(leases.take(session)).wanted == 340


def test_a_full_disk_at_the_first_piece_is_tried_again(session: LiveSession, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    writer = audio.Writer(session)
    with monkeypatch.context() as patched:
        patched.setattr(audio, "_sync_path", refuse)
        with pytest.raises(OSError, match="No space"):
            writer.write(0, frame(0))
    writer.write(0, frame(0))
    assert b"".join(audio.read(session, 0, 1)) == frame(0)


@pytest.mark.parametrize(
    ("from_ms", "until_ms"), [(0, 100), (50, 10_050), (9_000, 31_000), (34_900, 40_000), (12_345, 12_346)]
)
def test_a_holder_reads_back_any_stretch_of_its_own_and_of_others(
    session: LiveSession, listed: list[str], from_ms: int, until_ms: int
) -> None:
    write(session, 0, 130)
    writer = write(leases.take(session), 130, 350)
    spoken = sound(350)[from_ms * 32 : until_ms * 32]
    assert writer.read_ms(from_ms, until_ms) == spoken.ljust((until_ms - from_ms) * 32, b"\0")
    listed.clear()
    writer.read_ms(from_ms, until_ms)
    assert listed == []


async def test_a_session_is_hosted_and_begins_pieces_in_threads(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop_thread, waited = threading.get_ident(), []

    def noted(real: Any) -> Any:
        def call(*arguments: Any) -> Any:
            waited.append(threading.get_ident())
            return real(*arguments)

        return call

    for name in ("open", "fsync"):
        monkeypatch.setattr(audio.os, name, noted(getattr(audio.os, name)))  # type: ignore[attr-defined]
    monkeypatch.setattr(audio, "reached", noted(audio.reached))
    monkeypatch.setattr(provider_link, "open_link", lambda *_: None)
    host = LiveHost(str.encode)
    held = await host.hold(session)
    for number in range(250):
        assert await held.frame(number, frame(number)) == number + 1
    await host.release(held, drain=False)
    assert loop_thread not in waited
    assert len(waited) > 3
    assert (audio.folder_of(session.pk) / f"0000000200-{session.fence}.pcm").stat().st_size == 50 * FRAME_BYTES
