"""What every adapter's `parse` owes, whatever the answer: a document or BadAnswer, in order, and no word lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.support.whole_texts import keys, lacking, times_only_grow, words_are_the_text
from transcripts.document.timing import timed
from transcripts.providers.base import Connection
from transcripts.providers.errors import BadAnswer
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from transcripts.document import Document

generated = settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-9, 10**6), st.floats(), st.text(max_size=8))
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
)


def spoiled(answers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An answer of the right shape, in which any values are something else."""
    spoils = st.lists(st.tuples(st.integers(0, 60), anything), max_size=4)
    return st.builds(_with_spoils, answers, spoils) | anything


def _with_spoils(answer: Any, spoils: list[tuple[int, Any]]) -> Any:
    copy = json.loads(json.dumps(answer))
    for number, value in spoils:
        if places := list(_places(copy)):
            holder, name = places[number % len(places)]
            holder[name] = value
    return copy


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    names = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        yield value, name
        yield from _places(value[name])


def parsed(kind: str, answer: Any) -> Document:
    """Read an answer as the kind's adapter does."""
    return build(kind, Connection("http://127.0.0.1", "key")).parse(json.dumps(answer).encode())


def reads_whatever_comes(kind: str, answer: Any) -> None:
    """Any JSON is a document that keeps its invariants, or a BadAnswer."""
    try:
        document = parsed(kind, answer)
    except BadAnswer:
        return
    _keeps_its_invariants(document)


def loses_no_word(kind: str, answer: Any, *lists: Iterable[str]) -> None:
    """Each of these lists of texts is in the document whole."""
    document = parsed(kind, answer)
    _keeps_its_invariants(document)
    for texts in lists:
        assert not lacking(sum(map(keys, texts), Counter[str]()), document.segments)


def _keeps_its_invariants(document: Document) -> None:
    words = [word for segment in document.segments for word in segment.words]
    assert all(word.confidence is None or 0 <= word.confidence <= 1 for word in words)
    segments = timed(document.segments, document.duration_ms).segments
    words_are_the_text(segments)
    times_only_grow(segments, document.duration_ms)
