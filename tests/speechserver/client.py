"""A minimal client, so that these tests see the wire and not the application's adapter."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.speech_server.process import SpeechProcess

RECORDING = ("recording.wav", b"RIFF-like bytes")


def upload(
    speech: SpeechProcess, *, key: str = "", file: Any = RECORDING, fields: Mapping[str, str] | None = None
) -> requests.Response:
    """POST /v1/upload as the guide does it."""
    headers = {"Authorization": f"Bearer {key or speech.key}"}
    return requests.post(f"{speech.url}/v1/upload", headers=headers, files={"file": file}, data=fields, timeout=30)


def status(speech: SpeechProcess, processing_id: str, *, key: str = "") -> requests.Response:
    """GET /v1/status."""
    headers = {"Authorization": f"Bearer {key or speech.key}"}
    query = {"processing_id": processing_id}
    return requests.get(f"{speech.url}/v1/status", headers=headers, params=query, timeout=30)


def wait_for_answer(speech: SpeechProcess, processing_id: str) -> dict[str, Any]:
    """Ask until there is an answer."""
    while (answer := status(speech, processing_id).json())["status"] == "processing":
        time.sleep(0.05)  # the interval of asking; the answer is what is waited for
    found: dict[str, Any] = answer
    return found
