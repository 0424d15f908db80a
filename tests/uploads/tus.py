"""Requests of a tus client through the test client."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from transcripts.services import storage

if TYPE_CHECKING:
    from django.test import Client

    from transcripts.models import Upload


TUS = {"Tus-Resumable": "1.0.0"}


def metadata(**fields: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


def create(client: Client, length: object = 10, **fields: str) -> Any:
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(**fields)}
    return client.post("/uploads/", headers=headers)


def begin(client: Client, length: int = 10, **fields: str) -> str:
    """Begin an upload; return its address."""
    response = create(client, length, **fields)
    assert response.status_code == 201, response.content
    return str(response["Location"]).removeprefix("http://testserver")


def patch(client: Client, url: str, data: bytes, offset: int = 0, **headers: str) -> Any:
    sent = {**TUS, "Upload-Offset": str(offset), **{name.replace("_", "-"): text for name, text in headers.items()}}
    return client.patch(url, data, content_type="application/offset+octet-stream", headers=sent)


def stored(upload: Upload) -> bytes:
    return storage.path_of(upload.storage_name).read_bytes()
