"""AssemblyAI's tokens: one for each live handshake, in the place of the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import Session
from transcripts.providers.base import Connection, Options
from transcripts.providers.relay.credentials import CodecFactory

if TYPE_CHECKING:
    from tests.support.providers.assemblyai import AssemblyAIDouble

LENGTH_MS = 1_500


async def spoken(assemblyai: AssemblyAIDouble) -> list[str]:
    """Hold a session to its end; return what its handshakes proved themselves with."""
    session = Session(assemblyai, kind="assemblyai")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    return [entry["headers"]["Authorization"] for entry in assemblyai.ledger("live")]


async def test_each_connection_has_a_token_of_its_own_and_no_key(assemblyai: AssemblyAIDouble) -> None:
    assemblyai.rescript({"live": [Fault("reset", 3_200), Fault("reset", 6_400)]})
    handshakes = await spoken(assemblyai)
    assert len(set(handshakes)) == len(handshakes) == len(assemblyai.ledger("token")) == 3
    assert assemblyai.key not in str(assemblyai.ledger("live"))
    assert {entry["query"]["expires_in_seconds"] for entry in assemblyai.ledger("token")} == {"60"}
    assert assemblyai.key not in str([(entry["path"], entry["query"]) for entry in assemblyai.ledger("token")])


@pytest.mark.parametrize("denial", [{"no_grants": True}, {"faults": [{"on": "token", "do": "answer", "code": 404}]}])
async def test_a_key_without_tokens_is_sent_itself(assemblyai: AssemblyAIDouble, denial: dict[str, Any]) -> None:
    assemblyai.rescript(denial)
    assert await spoken(assemblyai) == [assemblyai.key]
    assert await spoken(assemblyai) == [assemblyai.key] * 2
    assert len(assemblyai.ledger("token")) == 1


@pytest.mark.parametrize("live", ["ws://127.0.0.1:{port}", ""])
async def test_tokens_come_from_the_host_of_the_sockets(assemblyai: AssemblyAIDouble, live: str) -> None:
    port = assemblyai.url.rpartition(":")[2]
    endpoint = "https://api.example.invalid" if live else assemblyai.url
    connection = Connection(endpoint, assemblyai.key, ws_endpoint=live.format(port=port))
    handshake = (await CodecFactory("assemblyai", connection, Options("en")).make()).connect()
    assert handshake.headers["Authorization"].startswith("temporary-")
    assert "temporary-" not in handshake.url
