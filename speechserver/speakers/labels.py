"""Label segments with their speakers, split where the speaker changes, without losing a character."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from speechserver.speakers.turns import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from speechserver.speakers.turns import Turn

# A change of speaker is only known to a fraction of a second: it is moved to the nearest end of a sentence or pause.
REACH_WORDS = 3
REACH_S = 0.9
PAUSE_S = 0.3
PAUSE_STRAIN = 1.5
# Less than this inside another speaker's words is more often a mistake than an interjection.
SHORTEST_S = 0.5
SENTENCE_ENDS = tuple(".!?…。！？।؟։።")
OPENING = "\"'“‘«‹([{「『（【《¿¡"
CLOSING = "\"'”’»)]}」』）】》"


def label(segments: list[dict[str, Any]], turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Return the segments with `speaker` set, split between words where the speaker changes.

    Speakers are "1", "2", … in order of their first segment, or None in all of them if there are no two speakers.
    """
    if not turns:
        return [{**segment, "speaker": None} for segment in segments]
    timeline = Timeline(turns)
    return _numbered([part for segment in segments for part in _parts(segment, timeline)])


def _numbered(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers: dict[int, str] = {}
    for segment in segments:
        numbers.setdefault(segment["speaker"], str(len(numbers) + 1))
    if len(numbers) < 2:
        return [{**segment, "speaker": None} for segment in segments]
    return [{**segment, "speaker": numbers[segment["speaker"]]} for segment in segments]


@dataclass(slots=True)
class _Run:
    """Consecutive words of one speaker: from the word `first` up to, without it, the word `last`."""

    first: int
    last: int
    speaker: int


def _parts(segment: dict[str, Any], timeline: Timeline) -> Iterator[dict[str, Any]]:
    words = segment.get("words") or []
    pieces = pieces_of(segment["text"], [word["word"] for word in words])
    runs = _runs(words, timeline) if pieces else []
    if len(runs) < 2:
        speaker = runs[0].speaker if runs else timeline.speaker_of(segment["start"], segment["end"])
        yield {**segment, "speaker": speaker}
        return
    for run in runs:
        own = words[run.first : run.last]
        yield {
            **segment,
            "speaker": run.speaker,
            "start": segment["start"] if run is runs[0] else own[0]["start"],
            "end": segment["end"] if run is runs[-1] else max(own[0]["start"], own[-1]["end"]),
            "text": "".join(pieces[run.first : run.last]).strip(),
            "words": own,
        }


def pieces_of(text: str, words: Sequence[str]) -> list[str]:
    """Cut the text before each word but the first; joined, the pieces are the text.

    Empty if a word is not found in the text.
    """
    cuts, at = [], 0
    for word in words:
        found = text.find(word, at)
        if found < 0:
            return []
        cuts.append(_cut(text, at, found))
        at = found + len(word)
    edges = [0, *cuts[1:], len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)] if words else []


def _cut(text: str, after: int, before: int) -> int:
    """Return where to cut between two words: behind the last space, before what opens a quotation or a bracket."""
    between = text[after:before]
    spaces = [at for at, character in enumerate(between) if character.isspace()]
    if spaces:
        return after + spaces[-1] + 1
    return before - (len(between) - len(between.rstrip(OPENING)))


def _runs(words: list[dict[str, Any]], timeline: Timeline) -> list[_Run]:
    speakers = [timeline.speaker_of(word["start"], word["end"]) for word in words]
    runs = _grouped(speakers)
    for earlier, later in itertools.pairwise(runs):
        # Not past the change before or after it, which would drop the words between.
        lowest = earlier.first + 1 if earlier.first else 0
        highest = later.last - 1 if later.last < len(words) else len(words)
        earlier.last = later.first = _nearest_break(words, later.first, lowest, highest)
    for run in runs:
        speakers[run.first : run.last] = [run.speaker] * max(0, run.last - run.first)
    return _without_flicker(words, _grouped(speakers))


def _grouped(speakers: Sequence[int]) -> list[_Run]:
    runs: list[_Run] = []
    for at, speaker in enumerate(speakers):
        if runs and runs[-1].speaker == speaker:
            runs[-1].last = at + 1
        else:
            runs.append(_Run(at, at + 1, speaker))
    return runs


def _nearest_break(words: list[dict[str, Any]], change: int, lowest: int, highest: int) -> int:
    """Return where the sentence or the breath nearest to a change of speaker ends, or the change if none is near."""
    reachable = range(max(lowest, change - REACH_WORDS), min(highest, change + REACH_WORDS) + 1)
    breaks = {at: _strain(words, at) for at in reachable if _is_near(words, at, change)}
    costs = {at: abs(at - change) + strain for at, strain in breaks.items() if strain is not None}
    return min(costs, key=lambda at: (costs[at], at), default=change)


def _is_near(words: list[dict[str, Any]], at: int, change: int) -> bool:
    first, last = sorted((at, change))
    return first == last or words[last - 1]["end"] - words[first]["start"] <= REACH_S


def _strain(words: list[dict[str, Any]], at: int) -> float | None:
    """Return how unlikely a change is before the word `at`, in words of distance, or None if there is no break.

    Sentences end where speakers change, and segments where sentences end; pauses are often within a sentence.
    """
    if at in (0, len(words)) or _ends_sentence(words[at - 1]["word"]):
        return 0.0
    return PAUSE_STRAIN if words[at]["start"] - words[at - 1]["end"] >= PAUSE_S else None


def _ends_sentence(word: str) -> bool:
    return word.rstrip(CLOSING).endswith(SENTENCE_ENDS)


def _without_flicker(words: list[dict[str, Any]], runs: list[_Run]) -> list[_Run]:
    """Give what is too short to be a turn to its longer neighbour, the shortest first."""
    while len(runs) > 1:
        brief = [run for run in runs if _is_flicker(words, run)]
        if not brief:
            break
        at = runs.index(min(brief, key=lambda run: _seconds(words, run)))
        neighbours = [run for run in (runs[at - 1] if at else None, *runs[at + 1 : at + 2]) if run is not None]
        runs[at].speaker = max(neighbours, key=lambda run: _seconds(words, run)).speaker
        runs = _grouped([run.speaker for run in runs for _ in range(run.first, run.last)])
    return runs


def _is_flicker(words: list[dict[str, Any]], run: _Run) -> bool:
    if _seconds(words, run) < SHORTEST_S:
        return True
    alone = run.first == 0 or _ends_sentence(words[run.first - 1]["word"])
    return run.last - run.first == 1 and not (alone and _ends_sentence(words[run.first]["word"]))


def _seconds(words: list[dict[str, Any]], run: _Run) -> float:
    return float(words[run.last - 1]["end"] - words[run.first]["start"])
