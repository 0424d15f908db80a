"""What the answers of OpenAI's models and of the servers that speak its API are read as."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.providers.parsing_contract import generated, loses_no_word, parsed, reads_whatever_comes, spoiled
from tests.support.provider_answers import segment_lists, word_lists


def test_punctuation_is_recovered_from_the_segments() -> None:
    words = [{"word": "Hello", "start": 0.0, "end": 0.5}, {"word": "world", "start": 0.5, "end": 1.0}]
    segments = [{"id": 0, "start": 0.0, "end": 1.0, "text": " Hello, world.", "avg_logprob": -0.2}]
    told = {"text": "Hello, world.", "language": "english", "duration": 2.0, "segments": segments, "words": words}
    document = parsed("openai", told)
    [segment] = document.segments
    said = [(word.text, word.start_ms, word.confidence) for word in segment.words]
    assert (segment.text, said) == ("Hello, world.", [("Hello,", 0, None), ("world.", 500, None)])
    assert (document.language, document.duration_ms, document.engine) == ("en", 2_000, "OpenAI gpt-transcribe")


def test_words_within_segments_have_their_probability() -> None:
    words = [{"word": " Hi", "start": 0.1, "end": 0.5, "probability": 0.75}]
    told = {
        "text": "Hi",
        "segments": [{"start": 0, "end": 1, "text": " Hi", "words": words}],
        "detected_language": "german",
        "detected_language_probability": 0.5,
    }
    document = parsed("whispercpp", told)
    assert [(word.text, word.confidence) for word in document.segments[0].words] == [("Hi", 0.75)]
    assert (document.language, document.language_probability) == ("de", 0.5)


def test_the_names_of_speakers_are_no_words() -> None:
    lines = [("A", "Hello"), ("B", "A: not a name")]
    segments = [
        {"type": "transcript.text.segment", "start": at, "end": at + 1.0, "text": text, "speaker": speaker}
        for at, (speaker, text) in enumerate(lines)
    ]
    told = {"text": "\n".join(f"{name}: {text}" for name, text in lines), "segments": segments, "duration": 2.0}
    document = parsed("openai", told)
    assert [(one.speaker, one.text) for one in document.segments] == lines


def test_text_alone_is_one_segment_without_times() -> None:
    usage = {"type": "duration", "seconds": 2}
    document = parsed("openai", {"text": "Hello world.", "languages": [{"code": "en"}], "usage": usage})
    assert [(one.text, one.start_ms) for one in document.segments] == [("Hello world.", None)]
    assert (document.language, document.duration_ms) == ("en", 2_000)
    tokens = {"type": "tokens", "input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    bare = parsed("openai", {"text": "", "languages": [], "usage": tokens})
    assert (bare.segments, bare.language, bare.duration_ms) == ((), None, None)


answers = st.builds(
    lambda words, segments: {
        "text": " ".join(item["word"] for item in words),
        "words": words,
        **({"segments": segments} if segments else {}),
    },
    word_lists,
    st.just([]) | segment_lists(),
)


@generated
@given(answers)
def test_no_word_of_an_answer_is_lost(told: dict[str, Any]) -> None:
    for segment in told.get("segments", []):
        segment.pop("speaker", None)
    words = [item["word"] for item in told["words"]]
    loses_no_word("openai", told, words, [item["text"] for item in told.get("segments", [])])


@generated
@given(spoiled(answers))
def test_any_answer_is_a_document_or_a_bad_answer(told: Any) -> None:
    reads_whatever_comes("openai", told)


def test_empty_lines_of_an_answer_are_read_in_one_pass() -> None:
    told = {"text": "\n" * 200_000 + "x", "segments": [{"speaker": "A", "text": "x"}]}
    assert parsed("openai", told).text == "x"
