"""Any two sequences are aligned truly, as well as they can be while that is cheap, and in bounded work."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from transcripts.document import diff
from transcripts.document.diff import Change, changes

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 10_000


def rebuilt(old: Sequence[object], new: Sequence[object], found: Sequence[Change]) -> int:
    """Check that the changes lead from one sequence to the other, gapless; return how many items stay."""
    at = to = same = 0
    for change in found:
        assert (change.first, change.begin) == (at, to)
        assert (change.first < change.last) == (change.tag != "insert")
        assert (change.begin < change.end) == (change.tag != "delete")
        if change.tag == "equal":
            assert list(old[change.first : change.last]) == list(new[change.begin : change.end])
            same += change.last - change.first
        at, to = change.last, change.end
    assert (at, to) == (len(old), len(new))
    return same


def common(old: Sequence[object], new: Sequence[object]) -> int:
    """The length of the longest common subsequence, by the book."""
    row = [0] * (len(new) + 1)
    for item in old:
        corner = 0
        for index, other in enumerate(new):
            corner, row[index + 1] = row[index + 1], corner + 1 if item == other else max(row[index : index + 2])
    return row[-1]


def test_as_much_stays_as_can() -> None:
    chance = random.Random(1)
    for _ in range(800):
        old, new = (chance.choices("abcd", k=chance.randrange(13)) for _ in range(2))
        assert rebuilt(old, new, changes(old, new)) == common(old, new)


@pytest.mark.parametrize("budget", [0, 50, 500, 5_000])
def test_a_small_budget_gives_worse_answers_but_never_wrong_ones(budget: int) -> None:
    chance = random.Random(budget)
    for _ in range(60):
        old, new = (chance.choices(range(300), k=chance.randrange(400)) for _ in range(2))
        assert rebuilt(old, new, changes(old, new, budget=budget)) <= min(len(old), len(new))


def test_a_long_text_with_many_corrections_keeps_all_that_was_not_corrected() -> None:
    chance = random.Random(2)
    old = [f"word{number}" for number in range(MANY)]
    new = [f"other{number}" if chance.random() < 0.3 else old[number] for number in range(MANY)]
    kept = sum(mine == theirs for mine, theirs in zip(old, new, strict=True))
    assert rebuilt(old, new, changes(old, new)) > 0.95 * kept


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["x"] * MANY, ["y"] * MANY),
        (["x"] * 2 * MANY, ["x", "y"] * MANY),
        (list(range(MANY)), list(range(MANY))[::-1]),
        (list(range(MANY)), [number ^ 1 for number in range(MANY)]),
        (list("ab") * MANY, list("abc") * MANY),
        (random.Random(3).choices("ab", k=2 * MANY), random.Random(4).choices("ab", k=2 * MANY)),
        (random.Random(5).sample(range(MANY), MANY), random.Random(6).sample(range(MANY), MANY)),
    ],
    ids=["nothing in common", "every other", "reversed", "swapped", "periodic", "two letters", "shuffled"],
)
def test_the_work_is_bounded_whatever_the_texts_are(
    old: list[object], new: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[int] = []
    pay = diff._Purse.pay

    def counted(purse: diff._Purse, steps: int) -> bool:
        paid = pay(purse, steps)
        spent.append(steps if paid else 0)
        return paid

    monkeypatch.setattr(diff._Purse, "pay", counted)
    rebuilt(old, new, changes(old, new))
    assert sum(spent) <= diff.BUDGET
    # What is not paid for is a bounded number of attempts, none of them longer than one pass.
    assert spent.count(0) < len(spent) / 2 + 10
