"""What proves who asks in the handshake of each connection: a short-lived token if one is granted, else the key.

A handshake passes proxies and their logs, so a long-lived key is better kept out of it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.providers import registry, tokens
from transcripts.providers.errors import AuthenticationFailed

if TYPE_CHECKING:
    from transcripts.providers.base import Connection, Options
    from transcripts.providers.errors import ProviderError
    from transcripts.providers.live import LiveCodec
    from transcripts.providers.tokens import Tokens

# Of its own: a provider that is slow to grant must not keep the disk's threads from live audio.
_fetching = ThreadPoolExecutor(4, thread_name_prefix="grants")


class CodecFactory:
    """Makes the codec of each connection of a session, for a kind of provider; `key` is the account's."""

    def __init__(self, kind: str, connection: Connection, options: Options) -> None:
        self.key = connection.api_key
        self._kind, self._connection, self._options = kind, connection, options
        self._tokens = _tokens_of(kind, connection)
        self._has_sent_token = False

    def check(self) -> None:
        """Raise MediaRefused if the provider does not support the options; nothing is sent."""
        registry.live_codec(self._kind, self._connection, self._options)

    async def make(self) -> LiveCodec:
        """Return a codec, after a token was fetched if none is at hand. Raises ProviderError."""
        connection = self._connection
        if self._tokens is not None:
            connection = await asyncio.get_running_loop().run_in_executor(_fetching, self._with_token, self._tokens)
        self._has_sent_token = connection.is_token
        return registry.live_codec(self._kind, connection, self._options)

    def has_another_credential(self, error: ProviderError) -> bool:
        """Tell whether a provider that refused the last connection with this error may accept the next.

        That is so if it refused a token: the key is sent then.
        """
        if self._tokens is None or not (self._has_sent_token and isinstance(error, AuthenticationFailed)):
            return False
        self._tokens.deny()
        return True

    def _with_token(self, held: Tokens) -> Connection:
        try:
            return replace(self._connection, api_key=held.current(), is_token=True)
        except tokens.NotGranted:
            return self._connection


def _tokens_of(kind: str, connection: Connection) -> Tokens | None:
    """Return the tokens of a key at this address, which the process shares; None if the kind has none."""
    grant = registry.find(kind).grant
    if not grant:
        return None
    secret = " ".join((kind, connection.endpoint, connection.ws_endpoint, connection.api_key))
    return tokens.shared(secret, lambda: registry.grant(kind, connection))
