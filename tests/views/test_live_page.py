"""The page where live sessions begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, make_cast, make_user
from transcripts.models import LiveSession

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

# The button that begins a session, if it can be pressed
BEGIN = re.compile(r'type="submit"\s*>(?:(?!</button>).)*Create session', re.DOTALL)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("root", "No speech-to-text provider is configured: set STT_API_ENDPOINT and STT_API_KEY, or WHISPER_MODEL"),
        ("alice", "No provider for live transcription is configured. Ask an administrator to configure one."),
    ],
)
def test_without_a_provider_the_page_says_so_before_anybody_speaks(
    client: Client, settings: Settings, who: str, sentence: str
) -> None:
    settings.STT_API_ENDPOINT = ""
    make_cast()
    make_user("Root", is_staff=True, is_superuser=True)
    assert client.login(email=f"{who}@example.org", password=PASSWORD)
    page = client.get(reverse("live")).content.decode()
    assert sentence in page
    assert not BEGIN.search(page)
    client.post(reverse("live"), {"title": "Meeting"})
    assert not LiveSession.objects.exists()


def test_with_a_provider_nothing_is_said(client: Client) -> None:
    client.force_login(make_cast().alice)
    page = client.get(reverse("live")).content.decode()
    assert "Ask an administrator" not in page
    assert BEGIN.search(page)
