"""Deepgram's short-lived tokens for live sockets: a key that is a Member's or more is given them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.http import Client
from transcripts.providers.tokens import read_token

if TYPE_CHECKING:
    from transcripts.providers.base import Connection
    from transcripts.providers.tokens import Token

PATH = "/v1/auth/grant"
# It has to be valid in the handshake alone; half of this is used, so sessions that begin together share one.
LASTS_S = 60


class DeepgramGrant:
    """Exchanges one key for tokens."""

    def __init__(self, connection: Connection) -> None:
        self._client, self._key = Client(connection, key_prefix="Token "), connection.api_key

    def fetch(self) -> Token:
        """Ask for a token. How long it lasts is told in seconds, so no clock is compared."""
        reply = self._client.send("POST", PATH, body={"ttl_seconds": LASTS_S})
        return read_token(reply, key=self._key, value="access_token", seconds="expires_in")
