"""How much processor time each format takes for 50,000 words, and how much memory, each in a process of its own."""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.report import report
from transcripts import formats
from transcripts.document import Segment, Timing, Word

WORDS, A_SEGMENT, A_TURN = 50_000, 20, 3
TEXT = (
    "When forty winters shall besiege thy brow, and dig deep trenches in thy beauty's field. Thy youth's proud "
    "livery, so gazed on now, will be a tatter'd weed of small worth held."
)
SAID = TEXT.split()
LIMITS_S = {"srt": 0.3, "docx": 3, "pdf": 6}
LIMIT_MB = 300


def main() -> None:
    """Measure every format and print it with its limit."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        for name in formats.FORMATS:
            seconds, size, memory_mb = processes.submit(measure, name).result()
            limit = LIMITS_S.get(name, "")
            report(f"exports {name}", s=seconds, limit_s=limit, kb=size // 1000, mb=memory_mb, limit_mb=LIMIT_MB)


def measure(name: str) -> tuple[float, int, int]:
    """Return the fastest of three in seconds, the bytes of the file, and the process's peak memory in MB."""
    script = transcript()
    taken: list[float] = []
    for _ in range(3):
        began = time.process_time()
        size = len(formats.render(name, script).content)
        taken.append(time.process_time() - began)
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return round(min(taken), 2), size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def transcript() -> formats.Script:
    """Return a conversation of two, with the times of its words."""
    segments: list[Segment] = []
    at_ms = 0
    for number in range(WORDS // A_SEGMENT):
        texts = [SAID[(number * A_SEGMENT + place) % len(SAID)] for place in range(A_SEGMENT)]
        words = tuple(
            Word(text, at_ms + place * 350, at_ms + place * 350 + 300, 0.9, Timing.MEASURED)
            for place, text in enumerate(texts)
        )
        speaker = "Ana" if number // A_TURN % 2 else "Bo"
        segments.append(Segment(" ".join(texts), at_ms, at_ms + A_SEGMENT * 350, speaker, words, "en"))
        at_ms += A_SEGMENT * 350 + 200
    return formats.Script("A talk", "en", at_ms, "bench", tuple(segments))


if __name__ == "__main__":
    main()
