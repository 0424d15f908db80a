"""The live double as a process of its own: `with Echo() as echo:` - it hears at `echo.url` until it is killed.

python -m tests.support.live.provider_process PORT WORDS_A_FINAL
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Self

from tests.environment import ROOT
from tests.support.live.provider import LiveDouble


class Echo:
    """Its words are the positions of the audio, see `tests.support.live.provider`."""

    def __init__(self, *, words_a_final: int = 7) -> None:
        self.port, self._words_a_final = 0, words_a_final

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            "tests.support.live.provider_process",
            str(self.port),
            str(self._words_a_final),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def url(self) -> str:
        """Where it hears."""
        return f"http://127.0.0.1:{self.port}"


async def _serve(port: int, words_a_final: int) -> None:
    async with LiveDouble(port=port, words_a_final=words_a_final) as double:
        print(double.port, flush=True)  # noqa: T201 - whoever started it reads this
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
