"""No answer of a provider, however it was garbled, breaks anything but its own reading, and none loses a word."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.provider_answers import any_texts, speakers
from transcripts.document import scripts
from transcripts.document.plain import one_line
from transcripts.document.timing import timed
from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import ProviderError
from transcripts.providers.live import Final
from transcripts.providers.registry import build, live_codec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transcripts.document import Segment

    # What an answer holds, as the provider's JSON and as the texts in it.
    Wording = tuple[dict[str, Any], list[str]]

KINDS = ["assemblyai", "rev", "speechmatics"]
CONNECTION = Connection("http://127.0.0.1:9", "key")
generated = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# The names that the providers give their fields, so that what is generated is not passed over.
FIELDS = """
status text words utterances start end confidence speaker language_code audio_duration monologues elements type value
ts end_ts results alternatives content start_time end_time is_eos job id metadata transcript turn_order end_of_turn
turn_is_formatted message error detail reason speaker_id
"""
NAMES = st.sampled_from(FIELDS.split())
numbers = st.one_of(st.integers(), st.floats(), st.integers(-5, 100_000))
leaves = st.one_of(
    st.none(), st.booleans(), numbers, any_texts, st.sampled_from(["word", "punctuation", "Turn", "final"])
)
anything = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=25,
)
milliseconds = st.one_of(st.integers(0, 40_000), st.none(), st.just("soon"), st.just(-3), st.just(10**30))
entries = st.lists(
    st.tuples(any_texts, milliseconds, milliseconds, speakers, st.sampled_from(["", ".", ",", "?"])), max_size=14
)


def assemblyai(said: list[tuple[Any, ...]]) -> Wording:
    words = [{"text": text + mark, "start": start, "end": end, "speaker": who} for text, start, end, who, mark in said]
    texts = [word["text"] for word in words]
    return {"status": "completed", "text": " ".join(texts), "words": words, "utterances": None}, texts


def rev(said: list[tuple[Any, ...]]) -> Wording:
    monologues, texts = [], []
    for text, start, end, who, mark in said:
        times = {"ts": start and start / 1000, "end_ts": end} if isinstance(start, int) else {"ts": start}
        word, sign = {"type": "text", "value": text, **times}, {"type": "punct", "value": mark + " "}
        monologues.append({"speaker": who, "elements": [word, sign]})
        texts.append(text + mark)
    return {"monologues": monologues}, texts


def speechmatics(said: list[tuple[Any, ...]]) -> Wording:
    results: list[dict[str, Any]] = []
    for text, start, end, who, mark in said:
        best = [{"content": text, "speaker": who}]
        results.append({"type": "word", "start_time": start, "end_time": end, "alternatives": best})
        results.append({"type": "punctuation", "attaches_to": "previous", "alternatives": [{"content": mark}]})
    return {"results": results}, [text + mark for text, _, _, _, mark in said]


WORDINGS: dict[str, Callable[[list[tuple[Any, ...]]], Wording]] = {
    "assemblyai": assemblyai,
    "rev": rev,
    "speechmatics": speechmatics,
}


@pytest.mark.parametrize("kind", KINDS)
@generated
@given(answer=anything)
def test_any_json_is_a_document_or_a_provider_error(kind: str, answer: Any) -> None:
    provider = build(kind, CONNECTION)
    with contextlib.suppress(ProviderError):
        holds_its_invariants(timed(provider.parse(json.dumps(answer).encode()).segments, None).segments)


@pytest.mark.parametrize("kind", KINDS)
@generated
@given(said=entries)
def test_no_word_of_an_answer_is_lost(kind: str, said: list[tuple[Any, ...]]) -> None:
    answer, texts = WORDINGS[kind](said)
    segments = timed(build(kind, CONNECTION).parse(json.dumps(answer).encode()).segments, None).segments
    holds_its_invariants(segments)
    wanted = Counter(spoken(texts))
    assert not wanted - Counter(spoken(segment.text for segment in segments))


@pytest.mark.parametrize("kind", KINDS)
@generated
@given(messages=st.lists(anything, max_size=5))
def test_any_live_message_is_events_or_a_provider_error(kind: str, messages: list[Any]) -> None:
    codec = live_codec(kind, CONNECTION, Options("en"))
    for message in messages:
        with contextlib.suppress(ProviderError):
            events = codec.decode(json.dumps(message))
            assert all(event.segment.text for event in events if isinstance(event, Final))


def holds_its_invariants(segments: list[Segment]) -> None:
    """Segments and words are in the order of time, and the words of each are its text."""
    starts = [segment.start_ms or 0 for segment in segments]
    assert starts == sorted(starts)
    for segment in segments:
        assert segment.text == one_line(segment.text)
        assert segment.text
        assert list(spoken(word.text for word in segment.words)) == list(spoken([segment.text]))
        spans = [(word.start_ms or 0, word.end_ms or 0) for word in segment.words]
        assert all(0 <= start <= end for start, end in spans)
        assert spans == sorted(spans, key=lambda span: span[0])


def spoken(texts: Any) -> Iterator[str]:
    """The letters of words, one by one."""
    return (letter for text in texts for letter in one_line(text) if scripts.is_spoken(letter))
