"""Make the copy for browsers of provider audio in which tracks follow one another: all of them mixed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
from av.filter import Graph

from transcripts.media.decoder.encoding import BLOCK
from transcripts.media.decoder.mixing import pulled
from transcripts.media.decoder.outputs import RATE, Copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from av.audio.frame import AudioFrame


def join(audio: Path, spans: Sequence[tuple[int, int]], target: Path, alive: Callable[[], None]) -> None:
    """Mix the spans of `audio`, each as its first sample and how many there are, and write them for browsers.

    `alive` is called all along.
    """
    copy = Copy(target, source_rate=RATE)
    for frame in _mixed([_span(audio, start, length) for start, length in spans]):
        copy.write(frame)
        alive()
    copy.close()


def _mixed(tracks: list[Iterator[AudioFrame]]) -> Iterator[AudioFrame]:
    if len(tracks) == 1:
        yield from tracks[0]
        return
    graph = Graph()
    mix = graph.add("amix", f"inputs={len(tracks)}:duration=longest:normalize=0")
    sources = [
        graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono", name=f"track{n}", time_base=Fraction(1, RATE))
        for n in range(len(tracks))
    ]
    for number, source in enumerate(sources):
        source.link_to(mix, 0, number)
    end = graph.add("abuffersink")
    mix.link_to(end)
    graph.configure()
    running = dict(zip(sources, tracks, strict=True))
    while running:
        for source, track in list(running.items()):
            frame = next(track, None)
            source.push(frame)
            if frame is None:
                del running[source]
        yield from pulled(graph)


def _span(audio: Path, start: int, length: int) -> Iterator[AudioFrame]:
    """Give a stretch of the file in frames that are timed from its beginning."""
    fifo, done = av.AudioFifo(), 0
    with av.open(str(audio)) as container:
        at = 0
        for frame in container.decode(audio=0):
            at += frame.samples
            if at <= start:
                continue
            frame.pts = None
            fifo.write(frame)
            if skip := max(0, start - (at - frame.samples)):
                fifo.read(skip)
            while done < length and fifo.samples >= min(BLOCK, length - done):
                block = fifo.read(min(BLOCK, length - done))
                assert block is not None
                block.pts, block.time_base = done, Fraction(1, RATE)
                done += block.samples
                yield block
            if done >= length:
                return
