"""Live sessions in real Chromium pages, each with a random fault: no audio and no word is lost or doubled.

    python -m bench.live.faults [--waves N] [--sessions M] [--seed S] [--longest SECONDS]

The pages use the product's own code to send and to spool; each sample of the audio encodes which tenth of a second it
belongs to, and the provider returns that as a word. So what each session must store is known to the byte and the word.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from bench.report import report
from tests.support.live.faults import run_wave

if TYPE_CHECKING:
    from tests.support.live.faults import Outcome

CUTS_S = (1, 30, 120)


def main() -> None:
    """Run the waves and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--waves", type=int, default=10)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--longest", type=float, default=max(CUTS_S))
    options = parser.parse_args(sys.argv[1:] if Path(sys.argv[0]).stem == "faults" else [])
    sys.stdout.write(f"faults: seed {options.seed}\n")
    outcomes = asyncio.run(run(options.waves, options.sessions, options.seed, options.longest))
    by_kind = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    for kind in sorted(by_kind):
        _report(kind, by_kind[kind])
    _report("all", outcomes)


def _report(kind: str, outcomes: list[Outcome]) -> None:
    back = sorted(outcome.back_ms for outcome in outcomes if outcome.back_ms is not None)
    report(
        "faults",
        kind=kind,
        sessions=len(outcomes),
        wrong_audio=sum(not outcome.is_sound_right for outcome in outcomes),
        words_lost=sum(outcome.words_lost for outcome in outcomes),
        words_doubled=sum(outcome.words_doubled for outcome in outcomes),
        out_of_order=sum(not outcome.is_in_order for outcome in outcomes),
        sessions_finished_afterwards=sum(outcome.afterwards_ms > 0 for outcome in outcomes),
        most_unspooled_ms=max(outcome.unspooled_ms for outcome in outcomes),
        back_p95_ms=back[int(len(back) * 0.95)] if back else None,
        back_most_ms=back[-1] if back else None,
    )


async def run(waves: int, sessions: int, seed: int, longest_s: float) -> list[Outcome]:
    """Run the waves one after the other, each against an instance of its own."""
    rng = random.Random(seed)  # noqa: S311
    outcomes: list[Outcome] = []
    for number in range(waves):
        kinds = faults(rng, number, sessions, longest_s)
        with tempfile.TemporaryDirectory() as name:
            found = await run_wave(Path(name), kinds, rng)
        for outcome in found:
            if not outcome.is_good:
                sys.stdout.write(f"  wave {number}: {outcome}\n")
        sys.stdout.write(f"  wave {number}: {sum(outcome.is_good for outcome in found)} of {len(found)} good\n")
        sys.stdout.flush()
        outcomes += found
    return outcomes


def faults(rng: random.Random, wave: int, sessions: int, longest_s: float) -> list[str]:
    """Return the fault of each session; a killed process affects a whole wave."""
    if wave % 10 in (3, 7):
        return ["web" if wave % 10 == 3 else "redis"] * sessions
    cuts = [
        f"{kind} {cut_s}"
        for cut_s in sorted({min(cut_s, longest_s) for cut_s in CUTS_S})
        for kind in ("reset", "silent")
    ]
    kinds = [*cuts, "provider-reset", "provider-stall", "reload", "kill", "silent-stop"]
    return [rng.choice(kinds) for _ in range(sessions)]


if __name__ == "__main__":
    main()
