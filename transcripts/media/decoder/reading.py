"""Decode the audio tracks of a file, past whatever is damaged in it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import av
from av.audio.frame import AudioFrame
from av.stream import Discard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

# A demuxer that fails this often without a packet between will not recover.
MOST_FAILURES = 50
# Codecs fill their last frame up; more than this behind the end is audio.
MOST_PADDING_S = 0.1
CUT_OFF = ("file ended prematurely", "partial file", "truncated")
USUAL_LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded frame of the track at `ordinal`.

    `at_s` is its presentation time counted from the container's zero, None if the file doesn't say. `failed_s` is how
    much could not be decoded since the frame before it, `is_after_damage` whether anything could not be read there,
    and `complaints` how many there were so far.
    """

    ordinal: int
    frame: AudioFrame
    at_s: float | None
    length_s: float
    failed_s: float
    is_after_damage: bool
    complaints: int


class Complaints(logging.Handler):
    """Listens to libav: how much it complains, and whether of a file that ends in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.is_cut_off = False
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take a message."""
        self.count += 1
        self.is_cut_off |= any(phrase in record.getMessage().lower() for phrase in CUT_OFF)

    @classmethod
    def listening(cls) -> Complaints:
        """Begin to listen, in place of the log."""
        complaints, logger = cls(), logging.getLogger("libav")
        logger.handlers, logger.propagate = [complaints], False
        av.logging.set_level(av.logging.ERROR)
        av.logging.set_skip_repeated(False)
        return complaints


class Reader:
    """Reads some audio tracks of an open container. `failed_s` holds, by track, what failed since its last frame.

    `complaints` counts what libav complained of so far: a demuxer that skips damage tells only its log.
    """

    def __init__(self, container: InputContainer, ordinals: Sequence[int], complaints: Callable[[], int]) -> None:
        self.container = container
        self.streams: list[AudioStream] = [container.streams.audio[ordinal] for ordinal in ordinals]
        self.ordinals = {stream.index: ordinal for stream, ordinal in zip(self.streams, ordinals, strict=True)}
        self.failed_s = dict.fromkeys(ordinals, 0.0)
        self.is_damaged = dict.fromkeys(ordinals, False)
        self.failures = 0
        self._complaints = complaints
        self._zero_s: float = (container.start_time or 0) / av.time_base
        self._usual_s = dict.fromkeys(ordinals, 0.0)
        for stream in container.streams:
            if stream.index not in self.ordinals:
                # A demuxer that can skip pictures, which are most of a video, doesn't read them
                stream.discard = Discard.all
        for stream in self.streams:
            _set_up(stream)
        self._ends_s = {ordinal: self._end_s(container.streams.audio[ordinal]) for ordinal in ordinals}

    def frames(self) -> Iterator[Decoded]:
        """Decode to the end, whatever can't be read on the way."""
        for packet in self._packets():
            ordinal = self.ordinals.get(packet.stream_index)
            if ordinal is None:
                continue
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self._note_failure(ordinal, packet)
                continue
            for frame in frames:
                if isinstance(frame, AudioFrame) and frame.samples:
                    yield self._trimmed(self._decoded(ordinal, frame))

    def _packets(self) -> Iterator[Packet[Any]]:
        failures = 0
        while failures < MOST_FAILURES:
            try:
                for packet in self.container.demux(self.streams):
                    failures = 0
                    yield packet
            except av.FFmpegError:
                failures += 1
                self.is_damaged = dict.fromkeys(self.is_damaged, True)
            else:
                return

    def _note_failure(self, ordinal: int, packet: Packet[Any]) -> None:
        length_s = float(packet.duration * packet.time_base) if packet.duration and packet.time_base else 0.0
        self.failures += 1
        self.failed_s[ordinal] += length_s or self._usual_s[ordinal]
        self.is_damaged[ordinal] = True

    def _decoded(self, ordinal: int, frame: AudioFrame) -> Decoded:
        length_s = frame.samples / frame.sample_rate
        at_s = None
        if frame.pts is not None and frame.time_base:
            at_s = frame.pts * frame.time_base.numerator / frame.time_base.denominator - self._zero_s
        failed_s, damaged = self.failed_s[ordinal], self.is_damaged[ordinal]
        self.failed_s[ordinal], self.is_damaged[ordinal], self._usual_s[ordinal] = 0.0, False, length_s
        return Decoded(ordinal, frame, at_s, length_s, failed_s, damaged, self._complaints())

    def _end_s(self, stream: AudioStream) -> float | None:
        """Return where an index says that the track ends; what a codec pads its last frame with is behind it."""
        if not stream.duration or not stream.time_base or "mp4" not in self.container.format.name:
            return None
        return float((stream.duration + (stream.start_time or 0)) * stream.time_base) - float(self._zero_s)

    def _trimmed(self, decoded: Decoded) -> Decoded:
        end_s = self._ends_s[decoded.ordinal]
        if end_s is None or decoded.at_s is None or not 0 < decoded.at_s + decoded.length_s - end_s < MOST_PADDING_S:
            return decoded
        samples = round((end_s - decoded.at_s) * decoded.frame.sample_rate)
        if not 0 < samples < decoded.frame.samples:
            return decoded
        frame = _first(decoded.frame, samples)
        return replace(decoded, frame=frame, length_s=samples / frame.sample_rate)


def _first(frame: AudioFrame, samples: int) -> AudioFrame:
    fifo = av.AudioFifo()
    frame.pts = None
    fifo.write(frame)
    first: AudioFrame | None = fifo.read(samples)
    assert first is not None
    return first


def _set_up(stream: AudioStream) -> None:
    context = stream.codec_context
    context.thread_count = 1
    # Some containers only count channels; they are then what players take them for.
    if context.layout.name.endswith("channels") and context.channels in USUAL_LAYOUTS:
        context.layout = USUAL_LAYOUTS[context.channels]
