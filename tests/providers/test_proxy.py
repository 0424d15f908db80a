"""What is inside this instance is reached without the proxy of the environment, which may be elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts.providers.base import Connection
from transcripts.providers.errors import Unreachable
from transcripts.providers.http import Client

if TYPE_CHECKING:
    from tests.support.speech_server.process import SpeechProcess


@pytest.mark.parametrize("scheme", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_gets_nothing_for_a_provider_inside(
    speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    # Nothing listens on port 9
    monkeypatch.setenv(scheme, "http://127.0.0.1:9")
    assert Client(Connection(speech.url, speech.key, is_inside=True)).get("/health").status_code == 200
    with pytest.raises(Unreachable):
        Client(Connection(speech.url, speech.key)).get("/health")
