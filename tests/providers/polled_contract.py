"""What every adapter owes besides whose provider is asked until a transcript is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from urllib3.connection import HTTPConnection

from tests.providers.contract import PAUSES, SHORT_MS, ProviderContract
from transcripts.providers.base import Connection, Provider, State
from transcripts.providers.errors import BadAnswer, RateLimited, Unreachable
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.providers.peer import Peer


class PolledContract(ProviderContract):
    """What holds besides for a provider that is asked until it is done; its peer knows `seconds` and `failure`."""

    requests = ("upload", "status", "health")
    status_pause_ms: int | None = None
    # What it tells of a job that it has begun, and whether it names the reason for a failure.
    progress: float | None = 0.0
    failure_code = "invalid_audio"

    def calls(self, provider: Provider, tone: Path) -> list[Callable[[], object]]:
        return [*super().calls(provider, tone), lambda: provider.check("any")]

    def transcribe(self, provider: Provider, tone: Path) -> bytes:
        taken = provider.submit(tone, self.options)
        assert taken.state is State.PROCESSING
        answer = provider.check(taken.processing_id)
        assert answer.state is State.COMPLETED
        return answer.raw

    def test_progress_is_told(self, provider: Provider, peer: Peer, tone: Path) -> None:
        peer.rescript({"seconds": None})
        answer = provider.check(self.submit(provider, tone))
        assert answer.state is State.PROCESSING
        assert answer.progress == (None if answer.is_queued else self.progress)

    def test_a_failure_keeps_the_providers_sentence(self, provider: Provider, peer: Peer, tone: Path) -> None:
        peer.rescript({"failure": {"code": "invalid_audio", "message": "Audio could not be decoded"}})
        answer = provider.check(self.submit(provider, tone))
        assert answer.state is State.FAILED
        assert (answer.message, answer.code) == ("Audio could not be decoded", self.failure_code)

    def test_a_reset_only_delays_a_check(self, provider: Provider, peer: Peer, tone: Path) -> None:
        peer.rescript({"faults": [{"on": "status", "nth": 1, "do": "reset_before_answer"}]})
        processing_id = self.submit(provider, tone)
        with pytest.raises(Unreachable):
            provider.check(processing_id)
        assert provider.check(processing_id).state is State.COMPLETED

    @pytest.mark.parametrize(
        "fault",
        [
            {"do": "truncate"},
            {"do": "slow", "seconds": 0.2},
            {"do": "answer", "body": "<html>Sign in to the café network</html>"},
            {"do": "answer", "body": '{"status": "completed", "transcription": "café"}', "encoding": "latin-1"},
            {"do": "answer", "body": ""},
            {"do": "answer", "body": "[]"},
            {"do": "answer", "body": '{"message": "no status"}'},
            {"do": "answer", "body": {"status": 7}},
        ],
    )
    def test_a_status_that_cannot_be_read_is_bad(
        self, connection: Connection, peer: Peer, tone: Path, fault: dict[str, Any]
    ) -> None:
        peer.rescript({"faults": [{"on": "status", **fault}]})
        hasty = build(self.kind, replace(connection, status_deadline_ms=SHORT_MS))
        processing_id = self.submit(hasty, tone)
        with pytest.raises(BadAnswer):
            hasty.check(processing_id)

    def test_a_429_to_a_check_names_its_pause(self, provider: Provider, peer: Peer) -> None:
        for headers, pause_ms in PAUSES:
            self.answer_everything(peer, {"code": 429, "headers": headers})
            with pytest.raises(RateLimited) as raised:
                provider.check("any")
            assert raised.value.retry_after_ms == (pause_ms or self.status_pause_ms)

    def test_a_hundred_questions_share_a_connection(
        self, provider: Provider, peer: Peer, tone: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        peer.rescript({"seconds": None})
        processing_id = self.submit(provider, tone)
        opened, connect = list[HTTPConnection](), HTTPConnection.connect

        def connect_and_count(connection: HTTPConnection) -> None:
            opened.append(connection)
            connect(connection)

        monkeypatch.setattr(HTTPConnection, "connect", connect_and_count)
        for _ in range(100):
            provider.check(processing_id)
        assert len(opened) <= 1
