"""Bodies of known length that hold a file and read it from the disk as they are sent."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from urllib3.fields import RequestField
from urllib3.filepost import choose_boundary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    # Values by name; what has several is sent once for each
    Values = Mapping[str, str | Sequence[str]]

CHUNK_BYTES = 64 * 1024
# A multiple of three, so that the parts of base64 can be put together.
CODED_BYTES = 48 * 1024


class Form:
    """A multipart body, shaped as requests shapes `files=`."""

    def __init__(self, source: Any, part: str, filename: str, content_type: str, fields: Values) -> None:
        boundary = choose_boundary()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._source = source
        self._size: int = source.seek(0, 2)
        parts = [_part(boundary, name, None) + value.encode() + b"\r\n" for name, value in _each(fields)]
        self._before = b"".join(parts) + _part(boundary, part, filename, content_type)
        self._after = f"\r\n--{boundary}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._before) + self._size + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        yield self._before
        self._source.seek(0)
        while chunk := self._source.read(CHUNK_BYTES):
            yield chunk
        yield self._after


class JsonWithFile:
    """A JSON object whose last value, `part`, is a file in base64."""

    def __init__(self, source: Any, data: Mapping[str, Any], part: str) -> None:
        self._source = source
        self._size: int = source.seek(0, 2)
        self._before = json.dumps({**data, part: ""}).removesuffix('"}').encode()
        self._after = b'"}'

    def __len__(self) -> int:
        return len(self._before) + -(-self._size // 3) * 4 + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        yield self._before
        self._source.seek(0)
        while chunk := self._source.read(CODED_BYTES):
            yield base64.b64encode(chunk)
        yield self._after


def _each(fields: Values) -> Iterator[tuple[str, str]]:
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            yield name, value


def _part(boundary: str, name: str, filename: str | None, content_type: str | None = None) -> bytes:
    field = RequestField(name, b"", filename)
    field.make_multipart(content_type=content_type)
    return f"--{boundary}\r\n{field.render_headers()}".encode()
