"""Word errors of the local engine against the bare decoder, on every English recording with an exact text.

    python -m bench.recognition

Both hear the same 16 kHz samples: the bare decoder in one utterance, the engine as the speech server runs it.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from pocketsphinx import Decoder

from speechserver.audio import RATE_HZ, read_samples
from speechserver.engines.sphinx import FILLER, VARIANT, Sphinx
from tests.support.corpus import exact_english, word_errors

if TYPE_CHECKING:
    from pathlib import Path


def bare(path: Path) -> str:
    """The text of a decoder that is given all samples as one utterance."""
    decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(b"".join(samples for samples, _ in read_samples(path)), full_utt=True)
    decoder.end_utt()
    return " ".join(VARIANT.sub("", item.word) for item in decoder.seg() or () if not FILLER.match(item.word))


def engine(path: Path) -> str:
    """The text of the server's engine."""
    steps = Sphinx().transcribe(path, "en")
    return " ".join(step.segment["text"] for step in steps if step.segment)


def main() -> None:
    """Print a line a recording and the sums."""
    sums = [0, 0, 0]
    for path, reference in exact_english():
        began = time.monotonic()
        (ours, words), (theirs, _) = word_errors(reference, engine(path)), word_errors(reference, bare(path))
        sums = [sums[0] + words, sums[1] + theirs, sums[2] + ours]
        seconds = time.monotonic() - began
        sys.stdout.write(f"{path.name:36} words {words:4}  bare {theirs:4}  engine {ours:4}  {seconds:5.1f} s\n")
        sys.stdout.flush()
    sys.stdout.write(f"{'sum':36} words {sums[0]:4}  bare {sums[1]:4}  engine {sums[2]:4}\n")


if __name__ == "__main__":
    main()
