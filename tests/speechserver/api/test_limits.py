"""Rate limits, with an injected clock and over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from speechserver.api.limits import DOCUMENTED, NONE, Gate, Rules, parse_rules, retry_after
from tests.speechserver.client import status, upload
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that moves only when it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_five_uploads_fit_in_any_minute() -> None:
    clock = Clock()
    gate = Gate(DOCUMENTED, clock)
    for _ in range(5):
        assert gate.upload_wait_s("a") == 0
        gate.count_upload("a")
        clock.now += 10
    assert gate.upload_wait_s("a") == 10  # the first was 50 s ago
    assert gate.upload_wait_s("b") == 0
    clock.now += 10
    assert gate.upload_wait_s("a") == 0
    gate.count_upload("a")
    assert gate.upload_wait_s("a") == 10  # the window slides: now the second is the oldest


def test_a_refused_upload_does_not_count() -> None:
    gate = Gate(Rules(uploads=1, per_s=60), Clock())
    gate.uncount_upload("a", gate.count_upload("a"))
    assert gate.upload_wait_s("a") == 0


def test_a_status_check_may_come_a_little_early_but_not_more() -> None:
    clock = Clock()
    gate = Gate(DOCUMENTED, clock)
    assert gate.status_wait_s("a", "job") == 0
    clock.now += 4.8
    assert gate.status_wait_s("a", "job") == 0
    clock.now += 4.7
    assert gate.status_wait_s("a", "job") == pytest.approx(0.3)
    assert gate.status_wait_s("a", "other") == 0
    assert gate.status_wait_s("b", "job") == 0
    clock.now += 0.1  # the refused check did not begin a new interval
    assert gate.status_wait_s("a", "job") == 0


def test_old_checks_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speechserver.api.limits.SWEEP_AT", 3)
    clock = Clock()
    gate = Gate(DOCUMENTED, clock)
    for number in range(20):
        clock.now += 3
        gate.status_wait_s("a", str(number))
    assert len(gate._checks) <= 4


@pytest.mark.parametrize(("wait_s", "header"), [(0.001, "1"), (1.0, "1"), (1.2, "2"), (59.99, "60"), (0.0, "1")])
def test_retry_after_is_whole_seconds_rounded_up(wait_s: float, header: str) -> None:
    assert retry_after(wait_s) == header


def test_limits_are_read_from_the_command_line() -> None:
    assert parse_rules("documented") == Rules(uploads=5, per_s=60, status_s=5)
    assert parse_rules("none") == NONE
    assert parse_rules("uploads=5/2,status=0.2") == Rules(uploads=5, per_s=2, status_s=0.2)
    for text in ("", "fast", "uploads=5", "uploads=x/2", "polls=1"):
        with pytest.raises(ValueError, match=r"Write documented, none, or uploads=5/60,status=5\."):
            parse_rules(text)


def test_over_the_wire_the_sixth_upload_and_the_second_check_are_429(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={}, limits="documented", keys=("a-key", "b-key")) as speech:
        assert upload(speech, file=("empty.wav", b"")).status_code == 422  # refused, so not counted
        ids = [upload(speech).json()["processing_id"] for _ in range(5)]
        sixth = upload(speech)
        assert sixth.status_code == 429
        assert 55 <= int(sixth.headers["Retry-After"]) <= 60
        assert sixth.json()["status"] == "error"
        assert sixth.json()["error"] == {"code": "rate_limited"}
        assert upload(speech, key="b-key").status_code == 200
        assert status(speech, ids[0]).status_code == 200
        again = status(speech, ids[0])
        assert again.status_code == 429
        assert 1 <= int(again.headers["Retry-After"]) <= 5
        assert again.json()["status"] == "processing"  # an unguarded client just asks again
        assert status(speech, ids[1]).status_code == 200
