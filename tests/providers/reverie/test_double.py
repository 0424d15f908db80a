"""The double of Reverie is honest: the vendor's own SDK takes it for the real thing.

The SDK needs much that nothing else here does, so it is in no lock file: these run where someone installed
`reverie-sdk` in an environment of its own and named its Python in `REVERIE_SDK_PYTHON`.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.providers.reverie import APP_ID, SECRET

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.reverie import ReverieDouble

PYTHON = os.environ.get("REVERIE_SDK_PYTHON", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="REVERIE_SDK_PYTHON names no Python with reverie-sdk")
RECORDING = """
import json, sys
from reverie_sdk import ReverieClient
url, key, application, file = sys.argv[1:]
client = ReverieClient(api_key=key, app_id=application)
said = client.asr.stt_file(src_lang="en", data=open(file, "rb").read(), logging="false", url=url)
print(json.dumps([said.success, said.final, said.text, said.display_text, said.confidence]))
"""


def run(*arguments: str) -> Any:
    """Transcribe with the SDK and read what it prints."""
    done = subprocess.run([PYTHON, "-c", RECORDING, *arguments], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout.splitlines()[-1])


def test_it_transcribes(reverie: ReverieDouble, tone: Path) -> None:
    text = "and so my fellow americans"
    assert run(f"{reverie.url}/", SECRET, APP_ID, str(tone)) == [True, True, text, text, 0.93]
    assert reverie.billed()[0]["bytes"] == tone.stat().st_size


def test_it_refuses_a_wrong_key_with_a_message(reverie: ReverieDouble, tone: Path) -> None:
    message = "The API key or the application is not valid"
    assert run(f"{reverie.url}/", "wrong", APP_ID, str(tone)) == [False, None, message, None, None]
