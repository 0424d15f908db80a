"""What every provider's adapter owes, as one suite.

Inherit `ProviderContract` if the transcript comes immediately, `PolledContract` of `polled_contract.py` if it is asked
for, and give a fixture `peer`: a server that is scripted in the words of `speechserver.api.faults`.
"""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from transcripts.providers.base import Connection, Options, Provider, State
from transcripts.providers.errors import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    UnknownJob,
    Unreachable,
    Unreadable,
)
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.providers.peer import Peer

# Long enough for a busy machine, short enough to wait for where a test is about waiting.
SHORT_MS = 700
PAUSES = [({}, None), ({"Retry-After": "7"}, 7_000), ({"Retry-After": "soon"}, None), ({"Retry-After": "1e9"}, 900_000)]


class ProviderContract:
    """What holds for every provider. `pause_ms` is what it waits after a 429 to an upload that names no time.

    `model` is the one that is asked for, `plain` the shortest answer that says “café”, `duration_ms` how long the
    recording is by a whole one. `has_words` says whether it tells words beside the text; `healthy_codes` are those by
    which a provider without a health of its own says that it is there.
    """

    kind = ""
    options = Options(language="en")
    requests: tuple[str, ...] = ("upload", "health")
    pause_ms: int | None = None
    model = ""
    plain: ClassVar[dict[str, Any]] = {"status": "completed", "transcription": "café"}
    duration_ms: int | None = 2_000
    has_words = True
    healthy_codes: frozenset[int] = frozenset()

    @pytest.fixture
    def connection(self, peer: Peer) -> Connection:
        return Connection(endpoint=peer.url, api_key=peer.key, model=self.model)

    @pytest.fixture
    def provider(self, connection: Connection) -> Provider:
        return build(self.kind, connection)

    def submit(self, provider: Provider, tone: Path) -> str:
        """Send the audio; returns the id to ask with."""
        return provider.submit(tone, self.options).processing_id

    def transcribe(self, provider: Provider, tone: Path) -> bytes:
        """Send the audio; returns the completed answer."""
        answer = provider.submit(tone, self.options)
        assert answer.state is State.COMPLETED
        return answer.raw

    # What goes well

    def test_a_recording_becomes_a_document(self, provider: Provider, peer: Peer, tone: Path) -> None:
        raw = self.transcribe(provider, tone)
        document = provider.parse(raw)
        assert document.text == "and so my fellow americans"
        assert document.duration_ms == self.duration_ms
        wanted = document.text.split() if self.has_words else []
        assert [word.text for segment in document.segments for word in segment.words] == wanted
        assert [billed["bytes"] for billed in peer.billed()] == [tone.stat().st_size]

    # Nothing was sent

    def test_a_refused_connection_is_unreachable(self, connection: Connection, tone: Path) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
            address = f"http://127.0.0.1:{unused.getsockname()[1]}"
            provider = build(self.kind, replace(connection, endpoint=address))
            assert not any(raised.permanent for raised in self.fails_everywhere(provider, tone, Unreachable))

    def test_an_unknown_host_is_unreachable(self, connection: Connection, tone: Path) -> None:
        provider = build(self.kind, replace(connection, endpoint="http://nowhere.invalid"))
        assert not any(raised.permanent for raised in self.fails_everywhere(provider, tone, Unreachable))

    def test_a_peer_without_tls_is_unreachable(self, connection: Connection, tone: Path) -> None:
        address = connection.endpoint.replace("http:", "https:")
        provider = build(self.kind, replace(connection, endpoint=address))
        assert not any(raised.permanent for raised in self.fails_everywhere(provider, tone, Unreachable))

    # The connection dies

    @pytest.mark.parametrize("do", ["reset_before_body", "reset_before_answer", "truncate"])
    def test_a_broken_connection_leaves_an_upload_ambiguous(
        self, provider: Provider, peer: Peer, tone: Path, do: str
    ) -> None:
        peer.rescript({"faults": [{"on": "upload", "do": do}]})
        with pytest.raises(Ambiguous):
            self.submit(provider, tone)

    def test_an_upload_without_an_answer_ends_at_its_deadline(
        self, connection: Connection, peer: Peer, tone: Path
    ) -> None:
        peer.rescript({"faults": [{"on": "upload", "do": "hang"}]})
        with pytest.raises(Ambiguous, match=r"did not answer within 0\.7 s"):
            self.submit(build(self.kind, replace(connection, upload_deadline_ms=SHORT_MS)), tone)
        assert len(peer.billed()) == 1

    def test_a_trickling_answer_ends_at_the_deadline(self, connection: Connection, peer: Peer, tone: Path) -> None:
        peer.rescript({"faults": [{"on": "upload", "do": "slow", "seconds": 0.2}]})
        with pytest.raises(Ambiguous):
            self.submit(build(self.kind, replace(connection, upload_deadline_ms=SHORT_MS)), tone)

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
            {"body": {"status": 7, "processing_id": None}},
        ],
    )
    def test_an_unreadable_200_is_taken_and_kept_and_not_sent_again(
        self, provider: Provider, peer: Peer, tone: Path, fault: dict[str, Any]
    ) -> None:
        self.answer_everything(peer, fault)
        with pytest.raises(Unreadable) as raised:
            self.submit(provider, tone)
        assert raised.value.permanent
        if isinstance(fault["body"], str):
            assert raised.value.raw == fault["body"].encode(fault.get("encoding", "utf-8"))

    @pytest.mark.parametrize("is_packed", [False, True])
    def test_a_huge_answer_is_not_swallowed(
        self, provider: Provider, peer: Peer, tone: Path, monkeypatch: pytest.MonkeyPatch, *, is_packed: bool
    ) -> None:
        monkeypatch.setattr("transcripts.providers.http.MAX_ANSWER_BYTES", 200_000)
        peer.rescript({"faults": [{"on": "upload", "do": "huge", "bytes": 2_000_000, "gzip": is_packed}]})
        with pytest.raises(Unreadable, match="larger than"):
            self.submit(provider, tone)

    def test_a_redirect_is_not_followed_with_the_key(self, provider: Provider, peer: Peer, tone: Path) -> None:
        self.answer_everything(peer, {"code": 307, "headers": {"Location": f"{peer.url}/health"}})
        self.fails_everywhere(provider, tone, BadAnswer)
        assert [entry["on"] for entry in peer.ledger()].count("health") == 1  # its own, none from a redirect

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
        self, provider: Provider, peer: Peer, tone: Path, code: int, error: type[ProviderError]
    ) -> None:
        body = {"status": "error", "message": "A sentence of the provider", "error": {"code": "x"}}
        self.answer_everything(peer, {"code": code, "body": body})
        raised = self.fails_everywhere(provider, tone, error, but_health=code in self.healthy_codes)
        assert {one.status_code for one in raised} == {code}
        if error is not RateLimited:
            assert {str(one) for one in raised} == {"A sentence of the provider"}

    @pytest.mark.parametrize("body", ["", "<h1>Oops</h1>", "{"])
    def test_an_error_without_a_sentence_still_has_one(
        self, provider: Provider, peer: Peer, tone: Path, body: str
    ) -> None:
        self.answer_everything(peer, {"code": 503, "body": body})
        for raised in self.fails_everywhere(provider, tone, Busy):
            assert len(str(raised).split()) > 3

    def test_the_key_is_in_no_message(self, provider: Provider, peer: Peer, tone: Path) -> None:
        self.answer_everything(peer, {"code": 401, "body": {"message": f"Bad key {peer.key}\n" + "x" * 999}})
        for raised in self.fails_everywhere(provider, tone, AuthenticationFailed):
            assert peer.key not in str(raised)
            assert len(str(raised)) <= 300
            assert "\n" not in str(raised)

    def test_the_key_is_in_no_message_if_its_variable_has_space_around_it(
        self, connection: Connection, peer: Peer, tone: Path
    ) -> None:
        self.answer_everything(peer, {"code": 401, "body": {"message": f"Bad key {peer.key}, try again"}})
        provider = build(self.kind, replace(connection, api_key=f" {peer.key}\n"))
        for raised in self.fails_everywhere(provider, tone, AuthenticationFailed):
            assert peer.key not in str(raised)

    def test_an_unknown_id_is_an_unknown_job(self, provider: Provider) -> None:
        with pytest.raises(UnknownJob):
            provider.check("never-given")

    def test_a_wrong_key_fails_authentication(self, connection: Connection, tone: Path) -> None:
        for key in ("wrong", "ключ", "two\nlines"):
            with pytest.raises(AuthenticationFailed):
                self.submit(build(self.kind, replace(connection, api_key=key)), tone)

    @pytest.mark.parametrize(("headers", "pause_ms"), PAUSES)
    def test_a_429_to_an_upload_names_its_pause(
        self, provider: Provider, peer: Peer, tone: Path, headers: dict[str, str], pause_ms: int | None
    ) -> None:
        self.answer_everything(peer, {"code": 429, "headers": headers})
        with pytest.raises(RateLimited) as raised:
            self.submit(provider, tone)
        assert raised.value.retry_after_ms == (pause_ms or self.pause_ms)

    def test_a_refused_upload_can_be_sent_again_whole(self, provider: Provider, peer: Peer, tone: Path) -> None:
        peer.rescript({"faults": [{"on": "upload", "nth": 1, "do": "answer", "code": 503}]})
        with pytest.raises(Busy):
            self.submit(provider, tone)
        self.submit(provider, tone)
        assert [billed["bytes"] for billed in peer.billed()] == [tone.stat().st_size]

    @pytest.mark.parametrize("mib", [32, pytest.param(2048, marks=pytest.mark.long)])
    def test_an_upload_takes_no_memory(self, provider: Provider, peer: Peer, tmp_path: Path, mib: int) -> None:
        size = mib * 1024**2
        with (tmp_path / "long.flac").open("wb") as file:
            file.truncate(size)
        # A double that takes all of it may be measured with it.
        self.answer_everything(peer, {"code": 503})
        tracemalloc.start()
        with pytest.raises(Busy):
            self.submit(provider, tmp_path / "long.flac")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < min(size // 4, 100 * 1024**2)

    def test_a_stored_answer_that_is_none_is_bad(self, provider: Provider) -> None:
        for raw in (b"", b"null", b"{}", b"\xff\xfe", gzip.compress(b"{}"), b'{"status": "completed"}'):
            with pytest.raises(BadAnswer):
                provider.parse(raw)

    def test_a_byte_order_mark_does_no_harm(self, provider: Provider) -> None:
        raw = json.dumps(self.plain, ensure_ascii=False).encode("utf-8-sig")
        assert provider.parse(raw).text == "café"

    # Helpers

    def answer_everything(self, peer: Peer, answer: dict[str, Any]) -> None:
        """Have every request get this answer."""
        peer.rescript({"faults": [{"on": kind, "do": "answer", **answer} for kind in self.requests]})

    def calls(self, provider: Provider, tone: Path) -> list[Callable[[], object]]:
        """Everything that asks the provider something."""
        return [lambda: self.submit(provider, tone), provider.health]

    def fails_everywhere(
        self, provider: Provider, tone: Path, error: type[ProviderError], *, but_health: bool = False
    ) -> list[ProviderError]:
        """Every call fails in this way; returns what was raised."""
        raised = []
        for call in self.calls(provider, tone)[: -1 if but_health else None]:
            with pytest.raises(error) as caught:
                call()
            assert caught.type is error
            raised.append(caught.value)
        return raised
