"""A bulk act as a page shows it: what it did, how far it is, and what could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.formats import date_format

from transcripts import clock
from transcripts.models import BulkAct
from transcripts.models.library.bulk_choices import BulkStatus, ItemOutcome, UndoOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

MOST_ACTS = 50
# So many titles are named for each reason.
NAMED = 20

# What is in progress, and what was done, with how many recordings and the name of the folder, tag or person
WORDS: dict[str, tuple[str, str]] = {
    "move": ("Moving {many} to “{name}”", "Moved {many} to “{name}”"),
    "tag": ("Adding the tag “{name}” to {many}", "Added the tag “{name}” to {many}"),
    "untag": ("Removing the tag “{name}” from {many}", "Removed the tag “{name}” from {many}"),
    "assign": ("Assigning {many} to {name}", "Assigned {many} to {name}"),
    "retranscribe": ("Starting to transcribe {many} again", "Started to transcribe {many} again"),
    "delete": ("Moving {many} to the trash", "Moved {many} to the trash"),
}
# Of those verbs that can name nothing
NAMELESS: dict[str, tuple[str, str]] = {
    "move": ("Taking {many} out of their folders", "Took {many} out of their folders"),
    "assign": ("Withdrawing the assignment of {many}", "Withdrew the assignment of {many}"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why recordings are as they were, with the titles of some of them."""

    message: str
    count: int
    titles: list[str]

    @property
    def others(self) -> int:
        """How many are not named."""
        return self.count - len(self.titles)


@dataclass(frozen=True, slots=True)
class Shown:
    """An act, its sentence, and its counts. `unchanged` were so already, `kept` stay as they are after an undo."""

    act: BulkAct
    sentence: str
    percent: int
    done: int
    unchanged: int
    refused: int
    undone: int
    kept: int

    @property
    def can_undo(self) -> bool:
        """Whether it can be taken back now."""
        act = self.act
        is_open = not act.is_undo or act.status == BulkStatus.FAILED
        return is_open and not act.is_active and self.done > 0 and act.undo_until > clock.now()


def shown(act: BulkAct) -> Shown:
    """Return an act as a page shows it."""
    return _shown(act, {outcomes[1:]: count for outcomes, count in _counts([act]).items()})


def recent(user: User) -> list[Shown]:
    """Return what a person did last, the newest first."""
    acts = list(BulkAct.objects.filter(actor=user).order_by("-created_at")[:MOST_ACTS])
    counts = _counts(acts)
    mine = {act.pk: {key[1:]: count for key, count in counts.items() if key[0] == act.pk} for act in acts}
    return [_shown(act, mine[act.pk]) for act in acts]


def reasons(act: BulkAct) -> list[Reason]:
    """Return why some recordings are as they were, the most frequent reason first."""
    found = act.items.exclude(message="").order_by("title").values_list("message", "title")
    titles: dict[str, list[str]] = {}
    for message, title in found:
        titles.setdefault(message, []).append(title)
    ordered = sorted(titles.items(), key=lambda one: -len(one[1]))
    return [Reason(message, len(named), named[:NAMED]) for message, named in ordered]


def _counts(acts: Iterable[BulkAct]) -> dict[tuple[object, str, str], int]:
    """Return how many recordings of each act have which outcomes."""
    items = BulkAct.objects.filter(pk__in=[act.pk for act in acts]).order_by()
    grouped = items.values_list("pk", "items__outcome", "items__undo_outcome").annotate(count=Count("items"))
    return {(pk, outcome, undo): count for pk, outcome, undo, count in grouped}


def _shown(act: BulkAct, counts: dict[tuple[str, str], int]) -> Shown:
    def of(outcome: str) -> int:
        return sum(count for (one, _), count in counts.items() if one == outcome)

    done, waiting = of(ItemOutcome.DONE), of("")
    undone, kept = (counts.get((ItemOutcome.DONE, one), 0) for one in (UndoOutcome.UNDONE, UndoOutcome.KEPT))
    whole, ready = (done, undone + kept) if act.is_undo else (act.total, act.total - waiting)
    return Shown(
        act=act,
        sentence=_sentence(act, done, undone),
        percent=100 * ready // whole if whole else 100,
        done=done,
        unchanged=of(ItemOutcome.UNCHANGED),
        refused=of(ItemOutcome.REFUSED),
        undone=undone,
        kept=kept,
    )


def _sentence(act: BulkAct, done: int, undone: int) -> str:
    name = act.parameters.get("name", "")
    words = WORDS if name or act.verb not in NAMELESS else NAMELESS
    doing, did = words[act.verb]
    if act.is_undo:
        what = did.format(many=_many(done), name=name)
        what = what[0].lower() + what[1:]
        return f"Undoing: {what}" if act.is_active else f"Undone for {_many(undone)}: {what}"
    sentence = (
        doing.format(many=_many(act.total), name=name) if act.is_active else did.format(many=_many(done), name=name)
    )
    due = act.parameters.get("due_on")
    return f"{sentence}, due {date_format(date.fromisoformat(due), 'j M')}" if due else sentence


def _many(count: int) -> str:
    return f"{count:,} recording" if count == 1 else f"{count:,} recordings"
