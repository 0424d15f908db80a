"""The double of Rev AI is honest: the vendor's own SDK takes it for the real thing.

The SDK needs a release of websocket-client that nothing else here can use, so it is in no lock file: these run where
someone installed `rev-ai` in an environment of its own and named its Python in `REV_SDK_PYTHON`.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.live.provider import echo_words

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.rev import RevDouble

PYTHON = os.environ.get("REV_SDK_PYTHON", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="REV_SDK_PYTHON names no Python with rev-ai")
RECORDING = """
import json, sys
from rev_ai import apiclient
from rev_ai.models import CustomVocabulary
url, key, file = sys.argv[1:]
client = apiclient.RevAiAPIClient(key, url=url)
terms = [CustomVocabulary(["thalweg"])]
job = client.submit_job_local_file(file, language="en", skip_diarization=False, custom_vocabularies=terms)
details = client.get_job_details(job.id)
transcript = client.get_transcript_object(job.id).to_dict()
balance = client.get_account().balance_seconds
print(json.dumps([job.status.value, details.status.value, details.duration_seconds, transcript, balance]))
"""
LIVE = """
import json, struct, sys
from rev_ai.models import MediaConfig
from rev_ai.streamingclient import RevAiStreamingClient
url, key = sys.argv[1:]
closes = []
config = MediaConfig("audio/x-raw", "interleaved", 16000, "S16LE", 1)
client = RevAiStreamingClient(key, config, url=url, on_close=lambda code, reason: closes.append(code))
tenths = (struct.pack("<h", tenth) * 1600 for tenth in range(25))
said = [json.loads(text) for text in client.start(tenths, language="en", detailed_partials=True)]
print(json.dumps([said, closes]))
"""


def run(script: str, *arguments: str) -> Any:
    """Run it with the SDK and read what it prints."""
    done = subprocess.run([PYTHON, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout.splitlines()[-1])


def test_it_transcribes(rev: RevDouble, tone: Path) -> None:
    begun, done, seconds, transcript, balance = run(RECORDING, rev.url, rev.key, str(tone))
    assert (begun, done, seconds, balance) == ("in_progress", "transcribed", 2.0, 3_600)
    assert [one["speaker"] for one in transcript["monologues"]] == [0, 1]
    element = transcript["monologues"][0]["elements"][0]
    assert (element["type"], element["value"], element["ts"], element["end_ts"]) == ("text", "and", 0.1, 0.3)
    [billed] = rev.billed()
    assert billed["bytes"] == tone.stat().st_size
    assert billed["options"]["custom_vocabularies"] == [{"phrases": ["thalweg"]}]


def test_it_refuses_as_the_sdk_expects(rev: RevDouble, tone: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as raised:
        run(RECORDING, rev.url, "wrong", str(tone))
    assert "401 Client Error" in raised.value.stderr


def test_it_listens_live(rev: RevDouble) -> None:
    said, closes = run(LIVE, rev.url.replace("http", "ws"), rev.key)
    finals = [message for message in said if message["type"] == "final"]
    words = [one["value"] for message in finals for one in message["elements"] if one["type"] == "text"]
    assert words == echo_words(2_500)
    assert said[0]["type"] == "partial"
    assert closes == [1000]


def test_it_refuses_live_sessions_as_the_sdk_expects(rev: RevDouble) -> None:
    said, closes = run(LIVE, rev.url.replace("http", "ws"), "wrong")
    assert (said, closes) == ([], [4001])
