"""What is refused before its first byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.uploads.tus import create
from transcripts.models import Upload

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User


def test_an_empty_file_is_refused_in_a_sentence(client: Client, alice: User) -> None:
    response = create(client, 0, filename="nothing.wav")
    assert (response.status_code, response.content.decode()[:28]) == (422, "This file is empty (0 bytes)")
    assert not Upload.objects.exists()
