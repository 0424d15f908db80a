"""Change decoded audio to a rate and a number of channels, whatever it was, also if that changes half-way."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import av
from av.audio.fifo import AudioFifo
from av.filter import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.frame import AudioFrame

# Decoded frames are gathered to this many samples, for each conversion costs more than its samples do.
GATHERED = 16_384
# A shift of the phase by 90° keeps two channels from cancelling; the rest keeps pairs of channels from it.
HALF_TURN, PAIR_TURN = 0.5, 0.1
MOST_TURNED = 8


class Mix(StrEnum):
    """How channels become one: as players mix them; with shifted phases, so that none cancels another; one alone.

    That is the loudest where the others cancel it, or each in turn where each has a voice of its own.
    """

    USUAL = "usual"
    TURNED = "turned"
    LOUDEST = "loudest"
    CHANNEL = "channel"


class Converter:
    """Converts frames to `rate` and `layout`; `filters` is what to put before, by the number of channels."""

    def __init__(self, *, rate: int, layout: str, format: str, mix: Mix = Mix.USUAL, loudest: int = 0) -> None:
        self.rate, self.layout, self.format = rate, layout, format
        self.mix, self.loudest = mix, loudest
        self._kind: tuple[int, str, str] | None = None
        self._graph: Graph | None = None

    def convert(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """Convert one frame; the result may be late by a frame."""
        kind = (frame.sample_rate, frame.format.name, frame.layout.name)
        if kind != self._kind:
            yield from self.flush()
            self._kind, self._graph = kind, self._built(frame)
        assert self._graph is not None
        frame.pts = None
        self._graph.push(frame)
        yield from pulled(self._graph)

    def flush(self) -> Iterator[AudioFrame]:
        """Return what is left."""
        if self._graph is not None:
            self._graph.push(None)
            yield from pulled(self._graph)
        self._graph = self._kind = None

    def _built(self, frame: AudioFrame) -> Graph:
        graph = Graph()
        source = graph.add_abuffer(sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name)
        last = self._mixed(graph, source, frame.layout.nb_channels)
        layout = f":channel_layouts={self.layout}" if self.layout else ""
        shape = graph.add("aformat", f"sample_fmts={self.format}:sample_rates={self.rate}{layout}")
        end = graph.add("abuffersink")
        last.link_to(shape)
        shape.link_to(end)
        graph.configure()
        return graph

    def _mixed(
        self, graph: Graph, source: av.filter.context.FilterContext, channels: int
    ) -> av.filter.context.FilterContext:
        if self.mix == Mix.USUAL or channels < 2:
            return source
        if self.mix in (Mix.LOUDEST, Mix.CHANNEL) or channels > MOST_TURNED:
            alone = graph.add("pan", f"mono|c0=c{min(self.loudest, channels - 1)}")
            source.link_to(alone)
            return alone
        return _turned(graph, source, channels)


def _turned(graph: Graph, source: av.filter.context.FilterContext, channels: int) -> av.filter.context.FilterContext:
    split = graph.add("asplit", str(channels))
    joined = graph.add("amix", f"inputs={channels}")
    source.link_to(split)
    for channel in range(channels):
        alone = graph.add("pan", f"mono|c0=c{channel}")
        turn = HALF_TURN * (channel % 2) + PAIR_TURN * (channel // 2)
        turned = graph.add("aphaseshift", f"shift={turn}:order=16")
        split.link_to(alone, channel, 0)
        alone.link_to(turned)
        turned.link_to(joined, 0, channel)
    return joined


def pulled(graph: Graph) -> Iterator[AudioFrame]:
    """Take what a graph has ready."""
    while True:
        try:
            yield graph.pull()  # type: ignore[misc]
        except (av.BlockingIOError, av.EOFError):
            return


class Gatherer:
    """Joins small frames to large ones."""

    def __init__(self) -> None:
        self._fifo: AudioFifo | None = None
        self._kind: tuple[int, str, str] | None = None

    def feed(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """Take a frame; return what is large enough."""
        kind = (frame.sample_rate, frame.format.name, frame.layout.name)
        if kind != self._kind:
            yield from self.flush()
            self._kind, self._fifo = kind, AudioFifo()
        assert self._fifo is not None
        frame.pts = None
        self._fifo.write(frame)
        if self._fifo.samples >= GATHERED:
            yield from self._read()

    def flush(self) -> Iterator[AudioFrame]:
        """Return what is left."""
        if self._fifo is not None and self._fifo.samples:
            yield from self._read()

    def _read(self) -> Iterator[AudioFrame]:
        assert self._fifo is not None
        frame = self._fifo.read(0, partial=True)
        if frame is not None:
            yield frame
