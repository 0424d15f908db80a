"""The sample client of the SpeechStream guide, verbatim except for the address and the key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_guides_client_uploads_polls_every_5_s_and_prints(
    tmp_path: Path, tone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SpeechProcess(
        tmp_path / "server", script={"seconds": 0.2, "answer": "hello there"}, limits="documented"
    ) as speech:
        api_key, base = speech.key, speech.url
        headers = {"Authorization": f"Bearer {api_key}"}
        with tone.open("rb") as file:
            response = requests.post(f"{base}/v1/upload", headers=headers, files={"file": file})
        if response.status_code == 200:
            data = response.json()
            processing_id = data["processing_id"]
            while True:
                status_response = requests.get(f"{base}/v1/status?processing_id={processing_id}", headers=headers)
                status_data = status_response.json()
                if status_data["status"] == "completed":
                    print("Transcription:", status_data["transcription"])  # noqa: T201
                    break
                elif status_data["status"] == "processing":
                    time.sleep(5)
                else:
                    print("Error:", status_data["message"])  # noqa: T201
                    break
        else:
            print("Upload failed:", response.text)  # noqa: T201
    assert capsys.readouterr().out == "Transcription: hello there\n"
