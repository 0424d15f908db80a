"""The answers of the server, exactly."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
import requests

from tests.speechserver.client import status, upload, wait_for_answer

if TYPE_CHECKING:
    from tests.support.speech_server.process import SpeechProcess


def assert_is_problem(response: requests.Response, status_code: int, code: str) -> None:
    """Every error has `status` and `message`, which the guide's client reads without looking at the code."""
    assert response.status_code == status_code
    assert response.headers["Content-Type"].startswith("application/json")
    body = response.json()
    assert body["status"] == "error"
    assert body["error"] == {"code": code}
    assert len(body["message"].split()) >= 3


def test_an_upload_is_answered_200_with_an_opaque_id(speech: SpeechProcess) -> None:
    response = upload(speech)
    assert response.status_code == 200
    assert response.json() == {"processing_id": response.json()["processing_id"], "status": "processing"}
    assert 0 < len(response.json()["processing_id"]) <= 200


def test_a_job_is_queued_transcribed_and_completed(speech: SpeechProcess) -> None:
    speech.rescript({"seconds": None, "answer": {"transcription": "one two", "language": "en"}})
    processing_id = upload(speech).json()["processing_id"]
    body = status(speech, processing_id).json()
    assert body["status"] == "processing"
    assert body["stage"] in ("queued", "transcribing")
    assert body["progress"] == (None if body["stage"] == "queued" else 0.0)
    speech.release()
    answer = wait_for_answer(speech, processing_id)
    assert answer == {
        "processing_id": processing_id,
        "status": "completed",
        "transcription": "one two",
        "language": "en",
    }


def test_a_failed_job_is_answered_200_with_a_sentence(speech: SpeechProcess) -> None:
    speech.rescript({"failure": {"code": "invalid_audio", "message": "Audio could not be decoded"}})
    processing_id = upload(speech).json()["processing_id"]
    answer = wait_for_answer(speech, processing_id)
    assert answer == {
        "processing_id": processing_id,
        "status": "failed",
        "message": "Audio could not be decoded",
        "error": {"code": "invalid_audio"},
    }


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic key-one", "Bearer", "key-one"])
@pytest.mark.parametrize("path", ["/v1/status?processing_id=x", "/health", "/v1/health"])
def test_a_missing_or_wrong_key_is_401(speech: SpeechProcess, path: str, authorization: str) -> None:
    response = requests.get(speech.url + path, headers={"Authorization": authorization}, timeout=10)
    assert_is_problem(response, 401, "unauthorized")


def test_a_wrong_key_cannot_upload(speech: SpeechProcess) -> None:
    assert_is_problem(upload(speech, key="wrong"), 401, "unauthorized")
    assert speech.billed() == []


def test_another_keys_id_is_unknown(speech: SpeechProcess) -> None:
    processing_id = upload(speech, key="key-one").json()["processing_id"]
    assert_is_problem(status(speech, processing_id, key="key-two"), 404, "not_found")
    assert_is_problem(status(speech, "never-given", key="key-one"), 404, "not_found")


def test_the_id_must_be_named(speech: SpeechProcess) -> None:
    assert_is_problem(status(speech, ""), 400, "no_processing_id")


def test_a_body_that_is_no_form_is_415(speech: SpeechProcess) -> None:
    headers = {"Authorization": f"Bearer {speech.key}"}
    response = requests.post(f"{speech.url}/v1/upload", data=b"raw", headers=headers, timeout=10)
    assert_is_problem(response, 415, "not_a_form")


def test_a_truncated_form_is_400_and_not_stored(speech: SpeechProcess) -> None:
    headers = {"Authorization": f"Bearer {speech.key}", "Content-Type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nhalf of it'
    response = requests.post(f"{speech.url}/v1/upload", data=body, headers=headers, timeout=10)
    assert_is_problem(response, 400, "bad_form")
    assert speech.billed() == []


def test_a_form_without_a_file_is_400(speech: SpeechProcess) -> None:
    headers = {"Authorization": f"Bearer {speech.key}"}
    form = {"recording": ("a.wav", b"x")}
    response = requests.post(f"{speech.url}/v1/upload", files=form, headers=headers, timeout=10)
    assert_is_problem(response, 400, "no_file")


def test_an_empty_file_is_422(speech: SpeechProcess) -> None:
    assert_is_problem(upload(speech, file=("a.wav", b"")), 422, "invalid_audio")


def test_an_unknown_path_is_a_problem_too(speech: SpeechProcess) -> None:
    assert_is_problem(requests.get(f"{speech.url}/v2", timeout=10), 404, "http_error")
    assert_is_problem(requests.get(f"{speech.url}/v1/upload", timeout=10), 405, "http_error")


@pytest.mark.parametrize("name", ["language", "language_code"])
def test_an_unsupported_language_is_422_and_the_supported_ones_are_named(speech: SpeechProcess, name: str) -> None:
    speech.rescript({"languages": ["en", "nl"], "engine": "small"})
    response = upload(speech, fields={name: "de-CH"})
    assert_is_problem(response, 422, "language_not_supported")
    assert "en, nl" in response.json()["message"]
    assert "'de-CH'" in response.json()["message"]


@pytest.mark.parametrize("language", ["en", "en-GB", "EN_us", "auto", ""])
def test_a_supported_or_empty_language_is_accepted(speech: SpeechProcess, language: str) -> None:
    speech.rescript({"languages": ["en"]})
    assert upload(speech, fields={"language": language}).status_code == 200


def test_unknown_options_are_ignored(speech: SpeechProcess) -> None:
    assert upload(speech, fields={"diarize": "true", "mood": "sunny"}).status_code == 200


def test_health_names_the_engine(speech: SpeechProcess) -> None:
    speech.rescript({"engine": "small", "draft": True, "languages": ["en"]})
    headers = {"Authorization": f"Bearer {speech.key}"}
    for path in ("/health", "/v1/health"):
        response = requests.get(speech.url + path, headers=headers, timeout=10)
        assert response.status_code == 200
        assert response.json() == {
            "status": "ok",
            "engine": "small",
            "draft": True,
            "languages": ["en"],
            "aligns": False,
        }


def test_every_byte_of_a_large_upload_arrives(speech: SpeechProcess) -> None:
    body = bytes(range(256)) * 20_000
    assert upload(speech, file=("größe.wav", io.BytesIO(body))).status_code == 200
    [entry] = speech.billed()
    assert entry["bytes"] == len(body)
    assert entry["sha256"] == hashlib.sha256(body).hexdigest()
    assert entry["filename"] == "größe.wav"
