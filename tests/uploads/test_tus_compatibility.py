"""What tus clients and proxies rely on: metadata, part limits, method overrides, refusals they understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.uploads.tus import TUS, begin, create, metadata
from transcripts.models import Upload

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


def test_what_was_said_of_a_file_is_told_back_word_for_word(client: Client, alice: User) -> None:
    said = f"{metadata(filename='Größe.mp3')}, is_confidential,{metadata(mine='x')}"
    headers = {**TUS, "Upload-Length": "10", "Upload-Metadata": said}
    url = client.post("/uploads/", headers=headers)["Location"].removeprefix("http://testserver")
    assert client.head(url, headers=TUS)["Upload-Metadata"] == said
    assert "Upload-Metadata" not in client.head(begin(client), headers=TUS)


@pytest.mark.parametrize("said", ["filename " + "QUFB" * 2000, "filename QUFB,größe QUFB"])
def test_more_than_a_header_holds_is_not_taken(client: Client, alice: User, said: str) -> None:
    answer = client.post("/uploads/", headers={**TUS, "Upload-Length": "10", "Upload-Metadata": said})
    assert answer.status_code == 400
    assert not Upload.objects.exists()


def test_the_largest_part_is_announced_before_the_first_byte(client: Client, alice: User, settings: Any) -> None:
    limit = f"max-append-size={settings.MAX_UPLOAD_BYTES}"
    assert client.options("/uploads/", headers=TUS)["Upload-Limit"] == limit
    made = create(client)
    assert made["Upload-Limit"] == limit
    assert client.head(made["Location"], headers=TUS)["Upload-Limit"] == limit


def test_methods_can_be_named_in_a_header_where_a_proxy_lets_only_post_pass(client: Client, alice: User) -> None:
    url = begin(client)

    def post(method: str, data: bytes = b"", **headers: str) -> Any:
        sent = {**TUS, "X-HTTP-Method-Override": method, **headers}
        return client.post(url, data, content_type="application/offset+octet-stream", headers=sent)

    assert post("PATCH", b"01234", **{"Upload-Offset": "0"})["Upload-Offset"] == "5"
    assert post("head")["Upload-Length"] == "10"
    assert post("DELETE").status_code == 204
    assert client.head(url, headers=TUS).status_code == 410


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/uploads/", 405),
        ("PUT", "/uploads/00000000-0000-0000-0000-000000000000/", 405),
        ("HEAD", "/uploads/00000000-0000-0000-0000-000000000000/", 404),
    ],
)
def test_every_refusal_is_one_that_a_tus_client_understands(
    client: Client, alice: User, method: str, url: str, status: int
) -> None:
    answer = client.generic(method, url, headers=TUS)
    assert answer.status_code == status
    assert answer["Tus-Resumable"] == "1.0.0"
    assert answer["Content-Type"].startswith("text/plain")


def test_a_forged_request_is_refused_in_a_sentence_to_a_tus_client_and_with_a_page_to_others(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    answer = strict.post("/uploads/", headers={**TUS, "Upload-Length": "10"})
    assert (answer.status_code, answer["Tus-Resumable"]) == (403, "1.0.0")
    assert answer["Content-Type"].startswith("text/plain")
    assert b"<h1>" in strict.post("/uploads/").content
