"""The confined program: what is this file, and what can be made of it?

Given a JSON order of `prepare.py`, it prints lines of JSON: how far it is as {"share"}, at the end {"result"} or
{"error"} with the code of a MediaError.
"""

from __future__ import annotations

import errno
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av

from transcripts.media import errors
from transcripts.media.decoder import cutting, work

# What is no fault of the file is told apart: a disk that is full will have room again.
FULL_DISK, FULL = "full_disk", {errno.ENOSPC, errno.EDQUOT}

# Encoders in threads wait for Python's lock after each frame: a tenth of its usual hold
SWITCH_EVERY_S = 0.0005


def main() -> None:
    """Do what was ordered and print what came of it."""
    sys.setswitchinterval(SWITCH_EVERY_S)
    order: dict[str, Any] = json.loads(sys.argv[1])
    try:
        _say({"result": _done(order)})
    except errors.MediaError as error:
        _say({"error": error.code})
    except (av.FFmpegError, ValueError, MemoryError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201 - for an operator who runs it by hand
        is_full = getattr(error, "errno", None) in FULL
        _say({"error": FULL_DISK if is_full else errors.Undecodable.code})


def _done(order: dict[str, Any]) -> dict[str, Any]:
    if "spans" in order:
        return cutting.cut(order)
    if "slice" in order:
        return cutting.slice_of(order)
    if "levels" in order:
        return cutting.measure(order)
    return work.prepare(order, _say) if order["folder"] else _described(Path(order["source"]))


def _described(path: Path) -> dict[str, Any]:
    facts = work.facts_of(path)
    return asdict(facts) | {"playable_type": facts.playable_type}


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
