"""ElevenLabs' live codec, to the byte, and the relay that speaks it."""

from __future__ import annotations

import json
import random
import struct
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.providers.live_contract import KEY, LiveContract, codec
from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import Session
from transcripts.document import Segment, Timing, Word
from transcripts.providers.base import Term
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.live import Ended, Failed, Final, Partial, Ready

if TYPE_CHECKING:
    from tests.support.providers.elevenlabs import ElevenLabsDouble
    from transcripts.providers.live import LiveCodec

LENGTH_MS = 40_000
TIMED = "committed_transcript_with_timestamps"


def chunk(audio: str, *, commits: str) -> str:
    told = f'"audio_base_64": "{audio}", "commit": {commits}, "sample_rate": 16000'
    return f'{{"message_type": "input_audio_chunk", {told}}}'


class TestContract(LiveContract):
    kind = "elevenlabs"
    audio = (chunk("AQI=", commits="false"),)
    keepalive = ()
    finish = (chunk("", commits="true"),)

    def error(self, sentence: str) -> dict[str, Any]:
        return {"message_type": "auth_error", "error": sentence}


def test_a_connection_names_what_it_wishes() -> None:
    handshake = codec("elevenlabs", vocabulary=(Term("thalweg"), Term("x" * 21), Term("Berg"))).connect()
    parts = urlsplit(handshake.url)
    assert (parts.netloc, parts.path) == ("api.example.com", "/v1/speech-to-text/realtime")
    assert dict(handshake.headers) == {"xi-api-key": KEY}
    assert parse_qs(parts.query) == {
        "model_id": ["scribe_v2_realtime"],
        "audio_format": ["pcm_16000"],
        "commit_strategy": ["manual"],
        "include_timestamps": ["true"],
        "include_language_detection": ["true"],
        "language_code": ["en"],
        "keyterms": ["thalweg", "Berg"],
    }


def test_what_is_committed_twice_counts_once() -> None:
    made = codec("elevenlabs")
    words = [{"text": "Hi.", "start": 0.1, "end": 0.5, "type": "word", "logprob": 0.0, "speaker_id": None}]
    messages = [
        {"message_type": "session_started", "session_id": "s"},
        {"message_type": "partial_transcript", "text": "Hi"},
        {"message_type": "committed_transcript", "text": "Hi."},
        {"message_type": TIMED, "text": "Hi.", "language_code": "eng", "words": words},
        {"message_type": "partial_transcript", "text": "and"},
    ]
    events = [event for message in messages for event in made.decode(json.dumps(message))]
    said = (Word("Hi.", 100, 500, 1.0, Timing.MEASURED),)
    assert events == [
        Ready("s"),
        Partial("0", "Hi"),
        Final("0", Segment("Hi.", 100, 500, None, said, "en")),
        Partial("1", "and"),
    ]


@pytest.mark.parametrize(
    "last", [{"message_type": TIMED, "text": ""}, {"message_type": "commit_throttled", "error": "Nothing to commit"}]
)
def test_the_session_is_over_when_the_last_commit_is_answered(last: dict[str, Any]) -> None:
    made = codec("elevenlabs")
    made.finish()
    assert made.decode(json.dumps(last))[-1] == Ended()


def commits(made: LiveCodec, samples: bytes, count: int) -> list[int]:
    """Which of so many frames of 100 ms were followed by a commit."""
    sent = [made.audio(samples) for _ in range(count)]
    assert all(frames[1:] in ((), (chunk("", commits="true"),)) for frames in sent)
    return [at for at, frames in enumerate(sent) if len(frames) > 1]


def test_it_commits_in_a_pause_and_at_the_latest_after_fifteen_seconds() -> None:
    loud, quiet = struct.pack("<h", 5_000) * 1_600, bytes(3_200)
    made = codec("elevenlabs")
    assert commits(made, loud, 20) == commits(made, quiet, 5) == []
    assert commits(made, loud, 20) == []
    assert commits(made, quiet, 5) == [0]
    assert commits(made, loud, 200) == [145]


def test_the_end_is_when_every_commit_is_answered() -> None:
    made = codec("elevenlabs")
    commits(made, struct.pack("<h", 5_000) * 1_600, 160)
    made.finish()
    words = [{"text": "Hi.", "start": 0.1, "end": 0.5, "type": "word"}]
    committed = json.dumps({"message_type": TIMED, "text": "Hi.", "words": words})
    assert Ended() not in made.decode(committed)
    assert made.decode(committed)[-1] == Ended()


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("auth_error", AuthenticationFailed),
        ("quota_exceeded", QuotaExceeded),
        ("rate_limited", RateLimited),
        ("invalid_request", Refused),
        ("session_time_limit_exceeded", Unreachable),
        ("transcriber_error", Busy),
        ("error", Busy),
    ],
)
def test_an_error_says_what_to_do(kind: str, wanted: type[ProviderError]) -> None:
    [event] = codec("elevenlabs").decode(json.dumps({"message_type": kind, "error": "A fault of it"}))
    assert isinstance(event, Failed)
    assert (type(event.error), str(event.error)) == (wanted, "A fault of it")


async def test_a_session_is_told_word_for_word(elevenlabs: ElevenLabsDouble) -> None:
    session = Session(elevenlabs, kind="elevenlabs")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert session.provisional == {}


async def test_at_random_cuts_no_word_is_lost_or_doubled(elevenlabs: ElevenLabsDouble) -> None:
    chance = random.Random(5)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 32)) for _ in range(3)]
        elevenlabs.rescript({"live": list(cuts)})
        session = Session(elevenlabs, kind="elevenlabs")
        assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts


def test_an_answer_that_no_one_asked_for_ends_nothing() -> None:
    made = codec("elevenlabs")
    assert list(made.decode(json.dumps({"message_type": "insufficient_audio_activity"}))) == []
    made.audio(bytes(2 * 16 * 15_000))
    made.finish()
    said = {"message_type": TIMED, "text": "one", "words": []}
    assert Ended() not in made.decode(json.dumps(said))
    assert Ended() in made.decode(json.dumps(said))
