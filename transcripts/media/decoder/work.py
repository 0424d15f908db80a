"""Prepare a file: choose its tracks, decode them, and tell what was made and what could not be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av

from transcripts.media import channels, errors, tracks
from transcripts.media.decoder.decoding import Run, Source, decode, run_for
from transcripts.media.decoder.describe import Facts, describe, refuse_known, unreadable
from transcripts.media.decoder.encoding import Encoder, silence
from transcripts.media.decoder.joining import join
from transcripts.media.decoder.mixing import Mix
from transcripts.media.decoder.opening import opened, parts_of
from transcripts.media.decoder.outputs import RATE, Copy, Mono
from transcripts.media.decoder.reading import Complaints
from transcripts.media.names import AUDIO_NAME, PEAKS_NAME, PLAYBACK_NAME
from transcripts.media.peaks import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from transcripts.media.decoder.levels import Levels
    from transcripts.media.tracks import Choice, Track

# Silence between tracks that are laid one after the other, so that no word runs from one into the next.
PAUSE_MS = 2_000
# Headers round, and pictures continue a little; a loss that is shorter is not worth a notice.
WORTH_SAYING_MS, WORTH_SAYING_OF_END_MS = 250, 1_000
# A header may be off by rounding, padding or a lost frame; more than this and browsers would show a wrong length.
LENGTH_SLACK_MS = 2_000
LIMIT_SLACK_S = 5.0


@dataclass(slots=True)
class Progress:
    """Tells how far the work is over all its passes through the file; None if the file doesn't say how long it is."""

    say: Callable[[dict[str, Any]], None]
    claimed_ms: int | None
    passes: int = 1
    passed: int = 0

    def tell(self, done_s: float) -> None:
        """Say how much of the present pass is done."""
        if not self.claimed_ms:
            self.say({"share": None})
            return
        done = self.passed + min(1.0, done_s * 1000 / self.claimed_ms)
        self.say({"share": min(1.0, done / max(self.passes, self.passed))})


@dataclass(frozen=True, slots=True)
class Work:
    """A file to prepare, and how much of it at most; with `splits`, voices in channels of their own are laid apart."""

    source: Source
    folder: Path
    facts: Facts
    most_ms: int
    progress: Progress
    splits: bool = False

    @property
    def most_samples(self) -> int:
        """How long any output may be."""
        return self.most_ms * RATE // 1000


@dataclass(frozen=True, slots=True)
class Laid:
    """A track in the provider audio: what of it was decoded, and where it begins there."""

    track: Track
    run: Run

    @property
    def span(self) -> tuple[int, int]:
        """The first sample and how many there are."""
        return self.run.base, self.run.mono.samples - self.run.base


def prepare(order: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Prepare the order's `source` in its `folder`; return what was made. Raises a MediaError."""
    path = Path(order["source"])
    facts = facts_of(path)
    complaints = Complaints.listening()
    limit_s = order["most_ms"] / 1000
    parts = parts_of(path)
    if facts.claimed_ms and len(parts) == 1:
        limit_s = min(limit_s, facts.claimed_ms / 1000 + LIMIT_SLACK_S)
    progress = Progress(say, facts.claimed_ms)
    source = Source(path, parts, limit_s, progress.tell, lambda: complaints.count)
    work = Work(source, Path(order["folder"]), facts, order["most_ms"], progress, order.get("splits", False))
    choice, measured = _chosen(work, order["wanted"])
    has_first_alone = {track.stream for track in choice.used} == {0}
    original_type = facts.playable_type if len(parts) == 1 and has_first_alone else ""
    with_copy = not original_type and len({track.stream for track in choice.used}) == 1
    choice, laid, digest = _lay(work, choice, measured, with_copy=with_copy)
    if not any(one.span[1] for one in laid):
        raise errors.Undecodable if any(one.run.failures for one in laid) else errors.NoSound
    progress.tell(math.inf)
    made = _finish(work, choice, laid, original_type, is_cut_off=complaints.is_cut_off)
    return made | {"audio_sha256": digest}


def facts_of(path: Path) -> Facts:
    """Describe a file. Raises a MediaError if it is nothing that can be transcribed."""
    refuse_known(path)
    try:
        container = opened(path, parts_of(path)[0])
    except (av.FFmpegError, ValueError, OSError):
        raise unreadable(path) from None
    with container:
        return describe(container, path)


def _chosen(work: Work, wanted: list[int]) -> tuple[Choice, Mapping[int, Levels]]:
    """Choose the tracks; if there are several, by analysing all of them first."""
    readable = [track for track in work.facts.tracks if track.codec]
    if len(readable) == 1:
        return channels.wanted(readable[0], wanted), {}
    runs = {
        track.number - 1: run_for(work.source, Mono(None, mix=Mix.USUAL, loudest=0, most_samples=work.most_samples))
        for track in readable
    }
    work.progress.passes = 1 + len(readable)
    decode(work.source, runs)
    work.progress.passed = 1
    levels = {ordinal + 1: run.mono.levels for ordinal, run in runs.items()}
    length_ms = max(run.length_ms for run in runs.values())
    loudness = [levels[track.number].mix for track in readable]
    return tracks.choose(readable, loudness, wanted, work.most_ms, length_ms), levels


def _lay(
    work: Work, choice: Choice, measured: Mapping[int, Levels], *, with_copy: bool
) -> tuple[Choice, list[Laid], str]:
    """Decode the chosen tracks to the provider audio, one after the other; again if channels cancel or are voices.

    Return the choice, what was laid where, and the SHA-256 of all samples.
    """
    first = choice.used[0]
    if len(choice.used) > 1 or first.number in measured or first.channel is not None:
        mixes = {number: Mix.TURNED if level.is_cancelled else Mix.USUAL for number, level in measured.items()}
        return choice, *_encode(work, choice, mixes, measured, with_copy=with_copy)
    laid, digest = _encode(work, choice, {}, {}, with_copy=with_copy)
    if laid[0].run.mono.levels.has_voice_a_channel and not choice.left_out:
        choice = channels.found(first, splits=work.splits and 2 * laid[0].run.length_ms <= work.most_ms)
        if len(choice.used) > 1:
            return choice, *_encode(work, choice, {}, {}, with_copy=False)
        return choice, laid, digest
    for mix in (Mix.TURNED, Mix.LOUDEST):
        levels = laid[0].run.mono.levels
        if not levels.is_cancelled:
            break
        laid, digest = _encode(work, choice, {first.number: mix}, {first.number: levels}, with_copy=False)
    return choice, laid, digest


def _encode(
    work: Work, choice: Choice, mixes: Mapping[int, Mix], levels: Mapping[int, Levels], *, with_copy: bool
) -> tuple[list[Laid], str]:
    work.progress.passes = work.progress.passed + len(choice.used)
    encoder = Encoder(work.folder / AUDIO_NAME, "flac", rate=RATE, layout="mono")
    laid: list[Laid] = []
    for track in choice.used:
        for frame in silence(PAUSE_MS * RATE // 1000 if laid else 0, rate=RATE, format="s16", layout="mono"):
            encoder.write(frame)
        loudest = levels[track.number].loudest_channel if track.number in levels else 0
        mono = Mono(
            encoder,
            mix=mixes.get(track.number, Mix.USUAL) if track.channel is None else Mix.CHANNEL,
            loudest=loudest if track.channel is None else track.channel,
            most_samples=encoder.samples + work.most_samples,
        )
        copy = Copy(work.folder / PLAYBACK_NAME, source_rate=track.sample_rate) if with_copy else None
        run = run_for(work.source, mono, copy)
        decode(work.source, {track.stream: run})
        work.progress.passed += 1
        laid.append(Laid(track, run))
    encoder.close()
    return laid, encoder.digest.hexdigest()


def _finish(work: Work, choice: Choice, laid: list[Laid], original_type: str, *, is_cut_off: bool) -> dict[str, Any]:
    duration_ms = max(one.run.length_ms for one in laid)
    if duration_ms > work.most_ms:
        raise errors.TooLong
    unread_ms = max(_unread_ms(work, one) for one in laid)
    has_one_clock = not is_cut_off and unread_ms == 0 and not any(one.run.timeline.restarts for one in laid)
    if original_type and not (has_one_clock and _is_believable(work.facts, laid[0], duration_ms)):
        original_type = ""
    playback = work.folder / PLAYBACK_NAME
    if not original_type and not (playback.exists() and len({one.track.stream for one in laid}) == 1):
        join(work.folder / AUDIO_NAME, [one.span for one in laid], playback, lambda: work.source.progress(math.inf))
    (work.folder / PEAKS_NAME).write_bytes(merged([one.run.mono.peaks for one in laid]).as_json())
    return {
        "duration_ms": duration_ms,
        "has_video": bool(work.facts.video),
        "original_type": original_type,
        "tracks": _told(work.facts, choice),
        "layout": [
            {
                "label": one.track.label,
                "start_ms": one.span[0] * 1000 // RATE,
                "end_ms": sum(one.span) * 1000 // RATE,
            }
            for one in laid
        ],
        "notices": [
            *_losses(unread_ms, is_cut_off=is_cut_off),
            *_closed(laid),
            *_choices(work.facts, choice),
            *_cancelled(laid),
        ],
    }


def _unread_ms(work: Work, one: Laid) -> int:
    """How much of a track could not be read: what failed, and what is missing at the end of what was promised."""
    lost_ms = round(one.run.lost_s * 1000)
    [part, *more] = work.source.parts
    promised_ms = None if more else part.promised_ms or work.facts.claimed_end_ms(one.track)
    missing_ms = max((promised_ms or 0) - one.run.length_ms, round(part.missing_share * one.run.length_ms))
    is_missing = WORTH_SAYING_OF_END_MS <= missing_ms <= work.most_ms
    return (lost_ms if lost_ms >= WORTH_SAYING_MS else 0) + (missing_ms if is_missing else 0)


def _is_believable(facts: Facts, one: Laid, duration_ms: int) -> bool:
    """Tell whether players will show this file as long as its audio is; pictures may continue after it."""
    if facts.claimed_ms is None or duration_ms > facts.claimed_ms + LENGTH_SLACK_MS:
        return False
    end_ms = facts.claimed_end_ms(one.track) or facts.claimed_ms
    return abs(end_ms - duration_ms) <= LENGTH_SLACK_MS or bool(facts.video)


def _told(facts: Facts, choice: Choice) -> list[dict[str, Any]]:
    return [
        {
            "number": track.number,
            "label": track.label,
            "language": track.language,
            "is_used": track.number in {one.number for one in choice.used},
            "left_out": choice.left_out.get(track.number, ""),
            **({} if track.channel is None else {"channel": track.channel}),
        }
        for track in channels.beside(facts.tracks, choice)
    ]


def _losses(unread_ms: int, *, is_cut_off: bool) -> list[dict[str, Any]]:
    if unread_ms:
        return [{"code": "unread_audio", "values": {"about_ms": unread_ms}}]
    return [{"code": "cut_off", "values": {}}] if is_cut_off else []


def _closed(laid: list[Laid]) -> list[dict[str, Any]]:
    closed_ms = round(max(one.run.timeline.closed_s for one in laid) * 1000)
    return [{"code": "gap_closed", "values": {"about_ms": closed_ms}}] if closed_ms else []


def _choices(facts: Facts, choice: Choice) -> list[dict[str, Any]]:
    labels = {track.number: track.label for track in channels.beside(facts.tracks, choice)}
    kept = [labels[track.number] for track in choice.used]
    # That a provider tells speakers apart in the mix is what people expect
    reasons = dict.fromkeys(why for why in choice.left_out.values() if why != "speakers")
    return [
        {"code": "tracks_left_out", "values": {"kept": kept, "left_out": _of(choice, why, labels), "why": why}}
        for why in reasons
    ]


def _of(choice: Choice, why: str, labels: Mapping[int, str]) -> list[str]:
    return [labels[number] for number, reason in choice.left_out.items() if reason == why]


def _cancelled(laid: list[Laid]) -> list[dict[str, Any]]:
    is_turned = any(one.run.mono.mix in (Mix.TURNED, Mix.LOUDEST) for one in laid)
    return [{"code": "channels_cancel", "values": {}}] if is_turned else []
