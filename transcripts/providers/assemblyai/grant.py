"""AssemblyAI's tokens for live sockets, each for one session. They come from the host of the sockets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.providers.assemblyai.live import HOSTS
from transcripts.providers.http import Client
from transcripts.providers.live import with_live_host
from transcripts.providers.tokens import Token, read_token

if TYPE_CHECKING:
    from transcripts.providers.base import Connection

PATH = "/v3/token"
# For the handshake alone; the session that it begins lasts for hours.
LASTS_S = 60


class AssemblyAIGrant:
    """Exchanges one key for tokens."""

    def __init__(self, connection: Connection) -> None:
        self._client, self._key = Client(_live_host(connection), key_prefix=""), connection.api_key

    def fetch(self) -> Token:
        """Ask for a token. A second session with it would be refused, so it is kept for none."""
        reply = self._client.get(PATH, query={"expires_in_seconds": str(LASTS_S)})
        token = read_token(reply, key=self._key, value="token", seconds="expires_in_seconds")
        return Token(token.value, lasts_ms=0)


def _live_host(connection: Connection) -> Connection:
    """Return the connection with the address of the sockets as that of requests."""
    address = with_live_host(connection, HOSTS).ws_endpoint or connection.endpoint
    scheme, separator, rest = address.partition("://")
    return replace(connection, endpoint={"ws": "http", "wss": "https"}.get(scheme, scheme) + separator + rest)
