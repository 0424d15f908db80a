"""Which audio tracks of a file are transcribed: all that hold something of their own, unless a person chose."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Why = Literal["silent", "same", "mixed", "language", "too_many", "choice", "channels", "speakers"]

MOST_TRACKS = 8
LONGEST_LABEL = 80
# Levels that are this close (3 dB) in nearly all windows are of one recording.
CLOSE, NEARLY_ALL = 10**0.3, 0.9
AUDIBLE = 32768**2 * 1e-6
# What programs write where a person would write a title.
NO_TITLES = re.compile(
    r"(sound|audio|core media|mainconcept|gpac|iso|l-smash|apple).*|.*(handler|media)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Track:
    """An audio track as the file describes it, or one `channel` of the only one. `number` counts them from 1."""

    number: int
    codec: str
    channels: int
    sample_rate: int
    title: str = ""
    language: str = ""
    is_default: bool = False
    end_ms: int | None = None
    channel: int | None = None

    @property
    def label(self) -> str:
        """What people call the track."""
        if self.channel is not None:
            return f"Channel {self.channel + 1}"
        return self.title or f"Track {self.number}"

    @property
    def stream(self) -> int:
        """Which of the file's audio streams it is, from 0."""
        return self.number - 1 if self.channel is None else 0


Rule = Callable[[list[Track], Mapping[int, Sequence[float]]], set[int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The tracks to transcribe, in order, and why each of the others is left out."""

    used: list[Track]
    left_out: dict[int, Why] = field(default_factory=dict)


def title_of(tags: dict[str, str]) -> str:
    """Return a track's title from its tags, empty if it has none that a person gave it."""
    tags = {name.lower(): value for name, value in tags.items()}
    title = "".join(letter for letter in tags.get("title", "") if letter.isprintable()).strip()[:LONGEST_LABEL]
    if title:
        return title
    handler = "".join(letter for letter in tags.get("handler_name", "") if letter.isprintable()).strip()
    return "" if NO_TITLES.fullmatch(handler) else handler[:LONGEST_LABEL]


def language_of(tags: dict[str, str]) -> str:
    """Return a track's language tag, empty if the file doesn't know it."""
    language = {name.lower(): value for name, value in tags.items()}.get("language", "")
    return (
        "" if language in ("und", "mis", "mul", "zxx") or not re.fullmatch(r"[A-Za-z-]{2,35}", language) else language
    )


def by_default(tracks: Sequence[Track]) -> Track:
    """Return the track that players play."""
    return next((track for track in tracks if track.is_default), tracks[0])


def choose(
    tracks: Sequence[Track], levels: Sequence[Sequence[float]], wanted: Sequence[int], longest_ms: int, length_ms: int
) -> Choice:
    """Choose among the tracks by how loud each is over time; by what a person wanted, if that can be done.

    They are laid one after the other for the provider, so together they are at most `longest_ms`.
    """
    chosen = [track for track in tracks if track.number in wanted]
    if chosen:
        return Choice(chosen, {track.number: "choice" for track in tracks if track not in chosen})
    loud = {track.number: level for track, level in zip(tracks, levels, strict=True) if max(level, default=0) > AUDIBLE}
    if not loud:
        used = by_default(tracks)
        return Choice([used], {track.number: "silent" for track in tracks if track != used})
    left: dict[int, Why] = {track.number: "silent" for track in tracks if track.number not in loud}
    rest = [track for track in tracks if track.number in loud]
    rules: list[tuple[Rule, Why]] = [(_other_languages, "language"), (_same, "same"), (_mixes, "mixed")]
    for leave, why in rules:
        out = leave(rest, loud)
        left |= dict.fromkeys(out, why)
        rest = [track for track in rest if track.number not in out]
    fits = min(MOST_TRACKS, max(1, longest_ms // max(length_ms, 1)))
    left |= {track.number: "too_many" for track in rest[fits:]}
    return Choice(rest[:fits], left)


def _other_languages(tracks: list[Track], levels: Mapping[int, Sequence[float]]) -> set[int]:
    """Dubs: if tracks name different languages, those in another one than the default track's."""
    spoken = by_default(tracks).language
    if not spoken:
        return set()
    return {track.number for track in tracks if track.language and track.language != spoken}


def _same(tracks: list[Track], levels: Mapping[int, Sequence[float]]) -> set[int]:
    """Tracks that hold what another one holds."""
    default = by_default(tracks)
    kept: list[Track] = [default]
    for track in tracks:
        if track is not default and not any(_alike(levels[track.number], levels[one.number]) for one in kept):
            kept.append(track)
    return {track.number for track in tracks if track not in kept}


def _mixes(tracks: list[Track], levels: Mapping[int, Sequence[float]]) -> set[int]:
    """The one track that is all others mixed, as programs record it beside them."""
    if len(tracks) < 3:
        return set()
    for track in tracks:
        others = [levels[one.number] for one in tracks if one is not track]
        longest = max(len(level) for level in others)
        total = [sum(level[at] for level in others if at < len(level)) for at in range(longest)]
        if _alike(levels[track.number], total):
            return {track.number}
    return set()


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether two tracks are as loud as each other nearly all the time that one of them is audible."""
    length = max(len(one), len(other))
    pairs = [(_at(one, at), _at(other, at)) for at in range(length)]
    heard = [pair for pair in pairs if max(pair) > AUDIBLE]
    close = sum(max(pair) <= CLOSE * min(pair) for pair in heard)
    return close >= NEARLY_ALL * len(heard)


def _at(level: Sequence[float], at: int) -> float:
    return level[at] if at < len(level) else 0.0
