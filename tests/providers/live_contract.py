"""What every live codec owes, as one suite: inherit `LiveContract`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import (
    AuthenticationFailed,
    BadAnswer,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
)
from transcripts.providers.live import Failed
from transcripts.providers.registry import live_codec

if TYPE_CHECKING:
    from transcripts.providers.live import LiveCodec

KEY = "sk_secret"


def codec(
    kind: str, *, endpoint: str = "https://api.example.com/", ws: str = "", model: str = "", **options: Any
) -> LiveCodec:
    """Make a codec of this kind, for English unless the options say otherwise."""
    connection = Connection(endpoint, KEY, ws_endpoint=ws, model=model)
    return live_codec(kind, connection, Options(**{"language": "en", **options}))


class LiveContract:
    """What holds for every live codec. `keepalive` and `finish` are the frames that say so."""

    kind = ""
    audio: tuple[str | bytes, ...] = (b"\x01\x02",)
    keepalive: tuple[str, ...] = ('{"type": "keepalive"}',)
    finish: tuple[str, ...] = ('{"type": "close_stream"}',)

    def error(self, sentence: str) -> dict[str, Any]:
        """A message that ends the session."""
        return {"type": "error", "message": sentence}

    def test_audio_and_control_are_in_its_own_words(self) -> None:
        made = codec(self.kind)
        assert tuple(made.audio(b"\x01\x02")) == self.audio
        assert tuple(made.keepalive()) == self.keepalive
        assert tuple(made.finish()) == self.finish

    def test_the_key_is_in_no_message(self) -> None:
        made = codec(self.kind)
        [event] = made.decode(json.dumps(self.error(f"Bad key {KEY}\nand more")))
        assert isinstance(event, Failed)
        assert KEY not in str(event.error)
        assert KEY not in repr(made.connect())
        assert KEY not in made.connect().url

    @pytest.mark.parametrize("frame", ["", "{", "[]", "7", b"\xff\x00"])
    def test_what_is_no_message_is_a_bad_answer(self, frame: str | bytes) -> None:
        with pytest.raises(BadAnswer):
            codec(self.kind).decode(frame)

    @pytest.mark.parametrize("message", [{}, {"type": "something new"}, {"type": None}, {"message_type": 7}])
    def test_what_is_unknown_is_nothing(self, message: dict[str, Any]) -> None:
        assert list(codec(self.kind).decode(json.dumps(message))) == []

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            (400, MediaRefused),
            (401, AuthenticationFailed),
            (402, QuotaExceeded),
            (404, Refused),
            (429, RateLimited),
            (503, Busy),
            (302, BadAnswer),
            (200, BadAnswer),
        ],
    )
    def test_a_refused_upgrade_means_what_a_refused_upload_does(self, code: int, error: type[ProviderError]) -> None:
        refused = codec(self.kind).refused(code, {"Retry-After": "3"})
        assert type(refused) is error
        assert refused.retry_after_ms == (3_000 if code in (429, 503) else None)
