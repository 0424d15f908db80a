"""The WebSocket frame of a text message, made once for all sockets that get it."""

from __future__ import annotations

import struct


def text_frame(text: str) -> bytes:
    """Return the text as one unmasked frame, as a server sends it (RFC 6455, section 5.2)."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload
