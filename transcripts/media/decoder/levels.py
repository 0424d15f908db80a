"""How loud a track is over time, and whether its channels survive being mixed.

Levels are mean squares of 16-bit samples in windows, of a tenth of a second if nothing else is said. Only every
seventh sample is looked at:
cheap for hours of audio, and exact in what is compared, for mix and channels are sampled at the same moments.
"""

from __future__ import annotations

from array import array
from operator import mul

# Of 16 kHz; every seventh sample, for of every eighth a tone of 1 kHz might show its zeros alone.
WINDOW, EVERY = 1600, 7
# Mean squares of -60 dB and -50 dB of full scale
AUDIBLE, CLEAR = 32768**2 * 1e-6, 32768**2 * 1e-5
# A mix below its loudest channel by 15 dB has lost it: one silent channel of two costs 6 dB.
LOST = 10**-1.5
# Someone speaks into one of two channels if it is louder than the other by 10 dB: microphones pick each other up a
# little. In a room with two microphones, and in music, the channels are closer than that most of the time.
APART, NEARLY_ALWAYS = 10.0, 0.8
# Each has a voice if that is so for 30 s, for 5 s and a twentieth of the time in either
LEAST, LEAST_OF_ONE, SHARE_OF_ONE = 300, 50, 0.05
# No room has channels 30 dB apart: half a second of that in either is enough, though both speak half of the time
FAR, LEAST_FAR, SHARE_FAR, HALF = 1000.0, 5, 0.1, 0.5
# A second in which channels cancel counts, if it is not a moment in hours.
MANY, SHARE = 10, 0.01


class Levels:
    """Collects the levels of one track: of its mix, and of its channels if it has several."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self.mix = array("f")
        self.lost = 0
        self.clear = 0
        self.by_channel: list[float] = []
        self.alone: list[int] = []
        self.far: list[int] = []
        self._rests: list[array[int]] = []

    def feed(self, mix: array[int], channels: list[array[int]]) -> None:
        """Take samples at 16 kHz of the mix and, as many, of the channels it was made of."""
        if len(self._rests) != 1 + len(channels):
            self._rests = [array("h") for _ in range(1 + len(channels))]
        for rest, samples in zip(self._rests, (mix, *channels), strict=True):
            rest.extend(samples)
        shortest = min(len(rest) for rest in self._rests)
        whole = shortest - shortest % self._window
        for start in range(0, whole, self._window):
            self._measure([rest[start : start + self._window : EVERY] for rest in self._rests])
        for rest in self._rests:
            del rest[:whole]

    def finish(self) -> None:
        """Measure what is left of the last window."""
        if self._rests and all(self._rests):
            self._measure([rest[::EVERY] for rest in self._rests])
        self._rests = []

    def silence(self, seconds: float) -> None:
        """Take silence that is not part of the file."""
        self.mix.extend([0.0] * round(seconds * 16_000 / self._window))

    @property
    def loudest_channel(self) -> int:
        """The index of the channel with the most energy."""
        return max(range(len(self.by_channel)), key=self.by_channel.__getitem__, default=0)

    @property
    def is_cancelled(self) -> bool:
        """Whether channels cancel each other out in the mix, throughout or for more than moments."""
        return bool(self.lost) and self.lost >= min(MANY, self.clear * 0.3) and self.lost >= self.clear * SHARE

    @property
    def has_voice_a_channel(self) -> bool:
        """Whether there are two channels, and nearly always someone is heard in one of them alone, in each at times."""
        if len(self.alone) != 2:
            return False
        fewest, farthest, alone = min(self.alone), min(self.far), sum(self.alone)
        is_line_each = farthest >= max(LEAST_FAR, SHARE_FAR * self.clear) and alone >= HALF * self.clear
        is_each_used = self.clear >= LEAST and fewest >= max(LEAST_OF_ONE, SHARE_OF_ONE * self.clear)
        return is_line_each or (is_each_used and alone >= NEARLY_ALWAYS * self.clear)

    def _measure(self, windows: list[array[int]]) -> None:
        mix, *channels = [sum(map(mul, window, window)) / max(len(window), 1) for window in windows]
        self.mix.append(mix)
        if len(self.by_channel) < len(channels):
            self.by_channel += [0.0] * (len(channels) - len(self.by_channel))
            self.alone += [0] * (len(channels) - len(self.alone))
            self.far += [0] * (len(channels) - len(self.far))
        for index, level in enumerate(channels):
            self.by_channel[index] += level
        if channels and max(channels) > CLEAR:
            self.clear += 1
            loudest = max(range(len(channels)), key=channels.__getitem__)
            second = max((level for index, level in enumerate(channels) if index != loudest), default=0.0)
            self.alone[loudest] += len(channels) > 1 and channels[loudest] >= APART * second
            self.far[loudest] += len(channels) > 1 and channels[loudest] >= FAR * second
            self.lost += mix < max(channels) * LOST
