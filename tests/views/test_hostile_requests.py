"""Requests that no page of ours sends: each URL refuses them in words, and none fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.views.conftest import client_of
from tests.views.table import TABLE
from tests.views.test_every_url import url_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from tests.factories import Cast

pytestmark = pytest.mark.long

# The names of fields that the forms have, each with what a number, a key, a list or a text is not
FIELDS = (
    "id", "parent", "segment", "begin", "end", "quoted", "seq", "at_ms", "kind", "colour", "parts", "body", "resolved",
    "status", "assignee", "due", "first", "last", "number", "name", "title", "language", "speakers", "format", "note",
    "lifetime", "password", "term", "sounds_like", "hit", "undo", "profile", "ops", "client", "n", "position_ms",
    "active_s", "threshold", "transcript", "recording", "team", "from", "until", "q", "state", "before", "page",
    "with", "level", "expires", "zone", "label", "change", "allows_text", "remove", "tab",
)  # fmt: skip
VALUES = (
    "", "\x00", "-1", "9" * 40, "1e309", "NaN", "ä\ud83d", "{", "[[[]]]", '{"a": null}', "'; --", "../../etc/passwd",
    "%00", "\u202e", "<script>", "null", "true", "2026-13-45", "a" * 70_000,
)  # fmt: skip
BODIES = (
    ("application/json", b"{"),
    ("application/json", b"\xff\xfe"),
    ("application/json", b"[" * 50_000),
    ("application/json", b'{"ops": [{"op": 1}], "client": [], "n": {}, "base": -1}'),
    ("application/json", b'{"ops": [{"op": "set_text", "id": [], "was": 1, "text": null}], "client": "a", "n": 1}'),
    ("application/json", b"null"),
    ("application/x-www-form-urlencoded", b"%ff=%00&a=%"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data", b""),
    ("", b"\x00" * 1_000),
)


def answers(client: Client, url: str) -> Iterator[tuple[object, int]]:
    """Send each hostile request, and take back what it did."""

    def sent(what: object, send: Any) -> tuple[object, int]:
        with transaction.atomic():
            response = send()
            transaction.set_rollback(True)
        return what, response.status_code

    for value in VALUES:
        text = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        fields = dict.fromkeys(FIELDS, text)
        yield sent(("post", value[:20]), lambda fields=fields: client.post(url, fields))
        yield sent(("get", value[:20]), lambda fields=fields: client.get(url, {**fields, "q": fields["q"][:200]}))
    for content_type, body in BODIES:
        yield sent(body[:20], lambda c=content_type, b=body: client.post(url, b, content_type=c))
    for content in (b"", b"PK\x03\x04", b"\xff" * 100, b"WEBVTT\n\n00:00 --> x"):
        files = {name: SimpleUploadedFile("a\u202e.docx", content) for name in ("file", "table", "media", "transcript")}
        yield sent(content, lambda files=files: client.post(url, files))


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_request_makes_a_url_fail(name: str, cast: Cast, things: dict[str, Any]) -> None:
    url = url_of(name, things)
    client = client_of(cast.alice)
    client.raise_request_exception = False
    # Readiness is told by its status, and this instance isn’t running
    is_right = {503} if name == "readyz" else set()
    failed = [(what, status) for what, status in answers(client, url) if status >= 500 and status not in is_right]
    assert failed == []
