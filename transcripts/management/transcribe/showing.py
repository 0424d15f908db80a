"""What a terminal shows of many files: one progress, and one table at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat

from transcripts.management.terminal import ProgressBar, in_columns
from transcripts.management.transcribe.items import Item, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADINGS = ("File", "Length", "Status", "Language", "Words", "To check", "Written to")


class Progress:
    """One line for all files: how many are done, failed and waiting, how much was sent, and what is being done."""

    def __init__(self, bar: ProgressBar | None = None) -> None:
        self.bar = bar or ProgressBar()

    def show(self, items: Sequence[Item], doing: str) -> None:
        """Show how far everything is. Bytes change all the time: a log doesn't see them."""
        whole = sum(item.length for item in items)
        sent = sum(item.sent for item in items)
        more = f" {filesizeformat(sent)} of {filesizeformat(whole)}"
        self.bar.show(f"{counted(items)}. {doing}", sent * 100 // whole if whole else None, more=more)

    def done(self) -> None:
        """Leave the terminal clean for what follows."""
        self.bar.done()


def counted(items: Sequence[Item]) -> str:
    """Say how many files are done, failed, in progress and waiting."""
    states = [item.state for item in items]
    said = [f"{states.count(State.WRITTEN)} of {len(items)} transcribed"]
    counts = {"failed": State.FAILED, "in progress": State.SENT, "waiting": State.WAITING}
    said += [f"{states.count(state)} {word}" for word, state in counts.items() if state in states]
    return ", ".join(said)


def table_of(items: Sequence[Item]) -> Iterator[str]:
    """Return the lines of the table, a file each."""
    return in_columns([HEADINGS, *map(_row, items)])


def _row(item: Item) -> tuple[str, ...]:
    length = "" if item.duration_ms is None else str(timedelta(seconds=item.duration_ms // 1000))
    numbers = ["" if number is None else f"{number}" for number in (item.words, item.doubtful_words)]
    where = ", ".join(str(path) for path in item.written)
    return (item.name, length, item.status, item.language, *numbers, where or item.reason)
