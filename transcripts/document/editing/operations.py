"""What people do to a transcript, as pages send it: JSON objects with an `op`."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from transcripts.document.plain import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MOST_OPERATIONS = 5_000
LONGEST_TEXT = 100_000
# A hundred hours: no recording is longer.
LATEST_MS = 360_000_000
_KEY = re.compile(r"[A-Za-z0-9_-]{1,36}")
UNREADABLE = "This change can’t be read. Reload the page and try again."


class BadOperation(ValueError):
    """An operation that can't be read; the message is for people."""


@dataclass(frozen=True, slots=True)
class SetText:
    """Segment `id` says `text` in place of `was`. `after` and `speaker` place it if it is not there."""

    id: str
    was: str
    text: str
    after: str | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """Segment `id`, which said `was`, is split before code point `at`; what follows is the segment `new`."""

    id: str
    was: str
    at: int
    new: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """Segment `id` is joined to the one before it: `into`, if the page says which one that was."""

    id: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """A new segment behind another; first if `after` is None."""

    id: str
    text: str
    after: str | None = None
    speaker: str = ""
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Segment `id` leaves the text, unless it says something else than `was` by now."""

    id: str
    was: str


@dataclass(frozen=True, slots=True)
class SetSpeaker:
    """The segments are spoken by `speaker`, by no one if that is empty."""

    ids: tuple[str, ...]
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class AddSpeaker:
    """There is another speaker."""

    speaker: str
    label: str


@dataclass(frozen=True, slots=True)
class RenameSpeaker:
    """A speaker is called by another name."""

    speaker: str
    label: str


@dataclass(frozen=True, slots=True)
class MergeSpeakers:
    """All that `speaker` says is said by `into`."""

    speaker: str
    into: str


@dataclass(frozen=True, slots=True)
class SetTimes:
    """Segment `id` is spoken from `start_ms` to `end_ms`."""

    id: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class MoveBoundary:
    """Segment `id` begins, and the one before it ends, at `ms`."""

    id: str
    ms: int


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """Everything is spoken later by so many milliseconds, earlier if they are negative."""

    by_ms: int


@dataclass(frozen=True, slots=True)
class Accept:
    """Words of segment `id` are right: each the code point it began at, and its text."""

    id: str
    words: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """The edit of this number is taken back."""

    edit: int


@dataclass(frozen=True, slots=True)
class Restore:
    """Segments, or all of them, say again what they said after the change `to`."""

    to: int
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """The segments are reviewed, or not if `on` is false.

    `texts` are what they said when their reader declared them right: one that says something else by now is not.
    """

    ids: tuple[str, ...]
    on: bool = True
    texts: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse texts that belong to no segment."""
        if self.texts is not None and len(self.texts) != len(self.ids):
            raise ValueError(len(self.texts))


Operation = (
    SetText | Split | Merge | Insert | Remove | SetSpeaker | AddSpeaker | RenameSpeaker | MergeSpeakers
    | SetTimes | MoveBoundary | ShiftTimes | Accept | Undo | Restore | Tick
)  # fmt: skip
_OPERATIONS: dict[str, type[Any]] = {
    "set_text": SetText, "split": Split, "merge": Merge, "insert": Insert, "remove": Remove,
    "set_speaker": SetSpeaker, "add_speaker": AddSpeaker, "rename_speaker": RenameSpeaker,
    "merge_speakers": MergeSpeakers, "set_times": SetTimes, "move_boundary": MoveBoundary, "shift_times": ShiftTimes,
    "accept": Accept, "undo": Undo, "restore": Restore, "tick": Tick,
}  # fmt: skip

_NAMES = {kind: name for name, kind in _OPERATIONS.items()}


def parse(asked: Sequence[Mapping[str, Any]]) -> list[Operation]:
    """Read the operations of a batch. Raises BadOperation."""
    if not asked or len(asked) > MOST_OPERATIONS:
        raise BadOperation(UNREADABLE)
    return [_operation(one) for one in asked]


def described(operation: Operation) -> dict[str, Any]:
    """Return an operation as JSON, without what no database stores."""
    return {"op": _NAMES[type(operation)], **asdict(operation)}


def keys(operations: Sequence[Operation]) -> Iterator[str]:
    """Yield the keys of the segments that operations name."""
    for operation in operations:
        for name in ("id", "after"):
            if key := getattr(operation, name, None):
                yield key
        yield from getattr(operation, "ids", None) or ()


def _operation(asked: Mapping[str, Any]) -> Operation:
    try:
        kind = _OPERATIONS[asked["op"]]
        values = {one.name: _READERS[one.name](asked[one.name]) for one in fields(kind) if one.name in asked}
        operation: Operation = kind(**values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadOperation(UNREADABLE) from error
    return operation


def _key(value: Any) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    """Read a text: one line, without what no database stores."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError
    return re.sub(r"[\r\n\v\f\x85\u2028\u2029]", " ", storable(value))


def _number(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(value)
        return value

    return read


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _keys(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_OPERATIONS * 10:
        raise ValueError
    return tuple(map(_key, value))


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_OPERATIONS * 10:
        raise ValueError
    return tuple(map(_text, value))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _words(value: Any) -> tuple[tuple[int, str], ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_OPERATIONS:
        raise ValueError
    return tuple((_number(0, LONGEST_TEXT)(at), _text(text)) for at, text in value)


_MS = _number(0, LATEST_MS)
_READERS: dict[str, Callable[[Any], Any]] = {
    "id": _key, "new": _key, "into": _key, "after": _optional(_key), "ids": _optional(_keys),
    "speaker": lambda value: _key(value) if value else "", "was": _text, "text": _text, "words": _words,
    "label": lambda value: " ".join(_text(value).split()), "at": _number(0, LONGEST_TEXT),
    "start_ms": _optional(_MS), "end_ms": _optional(_MS), "ms": _MS, "by_ms": _number(-LATEST_MS, LATEST_MS),
    "edit": _number(1, 1 << 60), "to": _number(0, 1 << 60), "on": _truth, "texts": _optional(_texts),
}  # fmt: skip
