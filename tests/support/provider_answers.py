"""Answers of a provider as nobody would write them: any script, times missing, as text, reversed, overlapping."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

SCRIPTS = (
    ("the", "river", "rose", "Hello,", "don't", "A", "--", "-->", "<b>", "&amp;", "naïve", "42", "7.", "well-known"),
    ("der", "Straße", "über", "ist", "„Ja“", "GRÖSSE", "é", "İstanbul"),
    ("مرحبا", "بالعالم،", "می‌خواهم", "שלום", "!עולם"),
    ("क्षत्रिय", "राजा", "है।", "தமிழ்"),
    ("川", "の水が", "増えた。", "「はい」", "ちゃっ", "ー", "コーヒー", "渡らずに"),
    ("中文", "没有", "空格，", "。"),
    ("เมื่อวาน", "นี้", "ฝนตก", "ๆ", "น้ำ"),
    ("ភាសា", "ខ្មែរ", "ພາສາ", "ລາວ", "မြန်မာ", "ဘာသာ။"),
    ("안녕하세요", "여러분", "세계"),
    ("👩‍👩‍👧", "🇩🇪", "♪", "x" * 50, "หนัก" * 30),
)
# What neither a database nor a file may be broken by.
HOSTILE = ("a\u2028b", "c\0d", "\u202ee", "f\n\ng", "\ud800h")

word_texts = st.sampled_from(SCRIPTS).flatmap(lambda words: st.sampled_from(words))
any_texts = st.one_of(word_texts, word_texts, word_texts, st.sampled_from(HOSTILE))
seconds = st.integers(0, 400).map(lambda number: number / 10)
times = st.one_of(
    seconds,
    seconds,
    seconds.map(str),
    seconds.map(lambda number: f"{number}s"),
    st.sampled_from([None, True, "soon", float("nan"), float("inf"), -3, 1e30, "0:00:07.5", 0, ""]),
)
speakers = st.sampled_from([None, None, "A", "A --> B", 0, "C\nD", "<v E>"])


@st.composite
def items(draw: st.DrawFn, name: str, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    """One word or segment: its text and some of its times."""
    item: dict[str, Any] = {name: draw(texts)}
    for key, present in (("start", 9), ("end", 8)):
        if draw(st.integers(0, 9)) < present:
            item[key] = draw(times)
    if draw(st.booleans()):
        item["speaker"] = draw(speakers)
    return item


lines = st.lists(any_texts, min_size=1, max_size=12).map(" ".join)
word_lists = st.lists(items("word", any_texts), max_size=14)


@st.composite
def segment_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Segments, some with words that are not quite those of their text."""
    found = draw(st.lists(items("text", lines), min_size=1, max_size=6))
    for segment in found:
        if draw(st.booleans()):
            said = [
                {"word": text} | draw(items("word", any_texts)) | {"word": text} for text in segment["text"].split()
            ]
            segment["words"] = [word for word in said if draw(st.integers(0, 9)) < 8]
    return found


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """A completed answer, whose full text is missing, all that is listed, or more."""
    answer: dict[str, Any] = {"status": "completed"}
    kind = draw(st.sampled_from(["words", "segments", "text"]))
    listed: list[str] = []
    if kind == "words":
        answer["words"] = draw(word_lists)
        listed = [item["word"] for item in answer["words"]]
    elif kind == "segments":
        answer["segments"] = draw(segment_lists())
        listed = [item["text"] for item in answer["segments"]]
    if kind == "text" or not listed or draw(st.booleans()):
        for _ in range(draw(st.integers(0, 3))):
            listed.insert(draw(st.integers(0, len(listed))), draw(lines))
        answer["transcription"] = " ".join(listed)
    return answer
