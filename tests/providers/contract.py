"""What every provider's adapter owes, as one suite: inherit `ProviderContract` and say how its server is scripted."""

from __future__ import annotations

import gzip
import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from transcripts.providers.base import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    Busy,
    Connection,
    MediaRefused,
    Options,
    Provider,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    State,
    UnknownJob,
    Unreachable,
)
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.speech import SpeechProcess

OPTIONS = Options()
# Long enough for a busy machine, short enough to wait for where a test is about waiting.
SHORT_MS = 700


class ProviderContract:
    """Runs against the real speech server, whose script plays every trick that a network or a provider knows."""

    kind = ""

    @pytest.fixture
    def connection(self, speech: SpeechProcess) -> Connection:
        return Connection(endpoint=speech.url, api_key=speech.key)

    @pytest.fixture
    def provider(self, connection: Connection) -> Provider:
        return build(self.kind, connection)

    # What goes well

    def test_a_recording_becomes_a_document(self, provider: Provider, speech: SpeechProcess, tone: Path) -> None:
        taken = provider.submit(tone, Options(language="en"))
        assert taken.state is State.PROCESSING
        answer = provider.check(taken.processing_id)
        assert answer.state is State.COMPLETED
        assert json.loads(answer.raw)["status"] == "completed"
        document = provider.parse(answer.raw)
        assert document.text == "and so my fellow americans"
        assert [billed["bytes"] for billed in speech.billed()] == [tone.stat().st_size]

    def test_progress_is_told(self, provider: Provider, speech: SpeechProcess, tone: Path) -> None:
        speech.rescript({"seconds": None})
        answer = provider.check(provider.submit(tone, OPTIONS).processing_id)
        assert answer.state is State.PROCESSING
        assert answer.progress == 0.0

    def test_a_failure_keeps_the_providers_sentence(
        self, provider: Provider, speech: SpeechProcess, tone: Path
    ) -> None:
        speech.rescript({"failure": {"code": "invalid_audio", "message": "Audio could not be decoded"}})
        answer = provider.check(provider.submit(tone, OPTIONS).processing_id)
        assert answer.state is State.FAILED
        assert (answer.message, answer.code) == ("Audio could not be decoded", "invalid_audio")

    def test_health_tells_the_engine(self, provider: Provider, speech: SpeechProcess) -> None:
        speech.rescript({"engine": "small", "draft": True, "languages": ["en"]})
        health = provider.health()
        assert (health.engine, health.is_draft, health.languages) == ("small", True, ("en",))
        assert health.is_key_verified

    # Nothing was sent

    def test_a_refused_connection_is_unreachable(self, connection: Connection, tone: Path) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
            address = f"http://127.0.0.1:{unused.getsockname()[1]}"
            provider = build(self.kind, replace(connection, endpoint=address))
            self.fails_everywhere(provider, tone, Unreachable)

    def test_an_unknown_host_is_unreachable(self, connection: Connection, tone: Path) -> None:
        provider = build(self.kind, replace(connection, endpoint="http://nowhere.invalid"))
        self.fails_everywhere(provider, tone, Unreachable)

    def test_a_peer_without_tls_is_unreachable(self, connection: Connection, tone: Path) -> None:
        address = connection.endpoint.replace("http:", "https:")
        self.fails_everywhere(build(self.kind, replace(connection, endpoint=address)), tone, Unreachable)

    # The connection dies

    @pytest.mark.parametrize("do", ["reset_before_body", "reset_before_answer"])
    def test_a_reset_leaves_an_upload_ambiguous(
        self, provider: Provider, speech: SpeechProcess, tone: Path, do: str
    ) -> None:
        speech.rescript({"faults": [{"on": "upload", "do": do}]})
        with pytest.raises(Ambiguous):
            provider.submit(tone, OPTIONS)

    def test_a_reset_only_delays_a_check(self, provider: Provider, speech: SpeechProcess, tone: Path) -> None:
        speech.rescript({"faults": [{"on": "status", "nth": 1, "do": "reset_before_answer"}]})
        processing_id = provider.submit(tone, OPTIONS).processing_id
        with pytest.raises(Unreachable):
            provider.check(processing_id)
        assert provider.check(processing_id).state is State.COMPLETED

    def test_an_upload_without_an_answer_ends_at_its_deadline(
        self, connection: Connection, speech: SpeechProcess, tone: Path
    ) -> None:
        speech.rescript({"faults": [{"on": "upload", "do": "hang"}]})
        with pytest.raises(Ambiguous, match=r"did not answer within 0\.7 s"):
            build(self.kind, replace(connection, upload_deadline_ms=SHORT_MS)).submit(tone, OPTIONS)
        assert len(speech.billed()) == 1

    def test_a_trickling_answer_ends_at_the_deadline(
        self, connection: Connection, speech: SpeechProcess, tone: Path
    ) -> None:
        speech.rescript({"faults": [{"on": kind, "do": "slow", "seconds": 0.2} for kind in ("upload", "status")]})
        hasty = build(self.kind, replace(connection, upload_deadline_ms=SHORT_MS, status_deadline_ms=SHORT_MS))
        with pytest.raises(Ambiguous):
            hasty.submit(tone, OPTIONS)
        with pytest.raises(BadAnswer):
            hasty.check(speech.billed()[0]["processing_id"])

    def test_an_answer_cut_short_is_bad_and_an_upload_ambiguous(
        self, provider: Provider, speech: SpeechProcess, tone: Path
    ) -> None:
        speech.rescript({"faults": [{"on": kind, "do": "truncate"} for kind in ("upload", "status")]})
        with pytest.raises(Ambiguous):
            provider.submit(tone, OPTIONS)
        with pytest.raises(BadAnswer):
            provider.check(speech.billed()[0]["processing_id"])

    # Answers that are not what was promised

    @pytest.mark.parametrize(
        "fault",
        [
            {"body": "<html>Sign in to the café network</html>", "headers": {"Content-Type": "text/html"}},
            {"body": '{"status": "completed", "transcription": "café"}', "encoding": "latin-1"},
            {"body": '{"status": "compl'},
            {"body": ""},
            {"body": "[]"},
            {"body": "null"},
            {"body": '{"message": "no status, no id"}'},
            {"body": {"status": 7, "processing_id": 7}},
        ],
    )
    def test_an_unreadable_200_is_bad_and_an_upload_ambiguous(
        self, provider: Provider, speech: SpeechProcess, tone: Path, fault: dict[str, Any]
    ) -> None:
        self.answer_everything(speech, fault)
        with pytest.raises(Ambiguous):
            provider.submit(tone, OPTIONS)
        with pytest.raises(BadAnswer):
            provider.check("any")

    @pytest.mark.parametrize("is_packed", [False, True])
    def test_a_huge_answer_is_not_swallowed(
        self, provider: Provider, speech: SpeechProcess, tone: Path, monkeypatch: pytest.MonkeyPatch, *, is_packed: bool
    ) -> None:
        monkeypatch.setattr("transcripts.providers.http.MAX_ANSWER_BYTES", 200_000)
        fault = {"do": "huge", "bytes": 2_000_000, "gzip": is_packed}
        speech.rescript({"faults": [{"on": "status", **fault}]})
        processing_id = provider.submit(tone, OPTIONS).processing_id
        with pytest.raises(BadAnswer, match="larger than"):
            provider.check(processing_id)

    def test_a_byte_order_mark_and_a_wrong_content_type_do_no_harm(
        self, provider: Provider, speech: SpeechProcess
    ) -> None:
        headers = {"Content-Type": "text/plain"}
        body = '{"status": "completed", "transcription": "café"}'
        self.answer_everything(speech, {"body": body, "encoding": "utf-8-sig", "headers": headers})
        answer = provider.check("any")
        assert provider.parse(answer.raw).text == "café"

    def test_a_redirect_is_not_followed_with_the_key(
        self, provider: Provider, speech: SpeechProcess, tone: Path
    ) -> None:
        self.answer_everything(speech, {"code": 307, "headers": {"Location": f"{speech.url}/health"}})
        self.fails_everywhere(provider, tone, BadAnswer)
        assert [entry["on"] for entry in speech.ledger()].count("health") == 1  # its own, none from a redirect

    # Status codes

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            (400, MediaRefused),
            (401, AuthenticationFailed),
            (402, QuotaExceeded),
            (403, AuthenticationFailed),
            (405, Refused),
            (408, Busy),
            (413, MediaRefused),
            (415, MediaRefused),
            (422, MediaRefused),
            (429, RateLimited),
            (500, Busy),
            (502, Busy),
            (503, Busy),
            (507, Busy),
        ],
    )
    def test_each_status_code_has_one_meaning(
        self, provider: Provider, speech: SpeechProcess, tone: Path, code: int, error: type[ProviderError]
    ) -> None:
        body = {"status": "error", "message": "A sentence of the provider", "error": {"code": "x"}}
        self.answer_everything(speech, {"code": code, "body": body})
        raised = self.fails_everywhere(provider, tone, error)
        assert {one.status_code for one in raised} == {code}
        if error is not RateLimited:
            assert {str(one) for one in raised} == {"A sentence of the provider"}

    @pytest.mark.parametrize("body", ["", "<h1>Oops</h1>", "{"])
    def test_an_error_without_a_sentence_still_has_one(
        self, provider: Provider, speech: SpeechProcess, tone: Path, body: str
    ) -> None:
        self.answer_everything(speech, {"code": 503, "body": body})
        for raised in self.fails_everywhere(provider, tone, Busy):
            assert len(str(raised).split()) > 3

    def test_the_key_is_in_no_message(self, provider: Provider, speech: SpeechProcess, tone: Path) -> None:
        self.answer_everything(speech, {"code": 401, "body": {"message": f"Bad key {speech.key}\n" + "x" * 999}})
        for raised in self.fails_everywhere(provider, tone, AuthenticationFailed):
            assert speech.key not in str(raised)
            assert len(str(raised)) <= 300
            assert "\n" not in str(raised)

    def test_an_unknown_id_is_an_unknown_job(self, provider: Provider) -> None:
        with pytest.raises(UnknownJob):
            provider.check("never-given")

    def test_a_wrong_key_fails_authentication(self, connection: Connection, tone: Path) -> None:
        for key in ("wrong", "ключ"):
            provider = build(self.kind, replace(connection, api_key=key))
            self.fails_everywhere(provider, tone, AuthenticationFailed)

    @pytest.mark.parametrize(
        ("headers", "upload_ms", "status_ms"),
        [
            ({}, 60_000, 5_000),
            ({"Retry-After": "7"}, 7_000, 7_000),
            ({"Retry-After": "soon"}, 60_000, 5_000),
            ({"Retry-After": "1e9"}, 900_000, 900_000),
        ],
    )
    def test_a_429_names_its_pause(
        self,
        provider: Provider,
        speech: SpeechProcess,
        tone: Path,
        headers: dict[str, str],
        upload_ms: int,
        status_ms: int,
    ) -> None:
        self.answer_everything(speech, {"code": 429, "headers": headers})
        with pytest.raises(RateLimited) as upload:
            provider.submit(tone, OPTIONS)
        with pytest.raises(RateLimited) as status:
            provider.check("any")
        assert (upload.value.retry_after_ms, status.value.retry_after_ms) == (upload_ms, status_ms)

    def test_a_refused_upload_can_be_sent_again_whole(
        self, provider: Provider, speech: SpeechProcess, tone: Path
    ) -> None:
        speech.rescript({"faults": [{"on": "upload", "nth": 1, "do": "answer", "code": 503}]})
        with pytest.raises(Busy):
            provider.submit(tone, OPTIONS)
        provider.submit(tone, OPTIONS)
        assert [billed["bytes"] for billed in speech.billed()] == [tone.stat().st_size]

    def test_a_stored_answer_that_is_none_is_bad(self, provider: Provider) -> None:
        for raw in (b"", b"null", b"{}", b"\xff\xfe", gzip.compress(b"{}"), b'{"status": "completed"}'):
            with pytest.raises(BadAnswer):
                provider.parse(raw)

    # Helpers

    def answer_everything(self, speech: SpeechProcess, answer: dict[str, Any]) -> None:
        """Have every request get this answer."""
        kinds = ("upload", "status", "health")
        speech.rescript({"faults": [{"on": kind, "do": "answer", **answer} for kind in kinds]})

    def fails_everywhere(self, provider: Provider, tone: Path, error: type[ProviderError]) -> list[ProviderError]:
        """Every call fails in this way; returns what was raised."""
        calls = (lambda: provider.submit(tone, OPTIONS), lambda: provider.check("any"), provider.health)
        raised = []
        for call in calls:
            with pytest.raises(error) as caught:
                call()
            assert caught.type is error
            raised.append(caught.value)
        return raised
