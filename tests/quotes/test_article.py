"""Which quotations an article has."""

from __future__ import annotations

import pytest

from transcripts.document.quotes import article
from transcripts.document.quotes.article import GAP


def texts(text: str) -> list[str]:
    return [one.text for one in article.read(text).quotes]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said: “We are not done yet.” Then he left.", ["We are not done yet."]),
        ('He said: "We are not done yet." Then he left.', ["We are not done yet."]),
        ("He said: ‘We’re not done yet.’ Then he left.", ["We’re not done yet."]),
        ("He said: 'We're not done yet.' Then he left.", ["We're not done yet."]),
        ("Er sagte: „Das ist gut so.“ Dann ging er.", ["Das ist gut so."]),
        ("Il a dit : « Ce n’est pas fini. »", ["Ce n’est pas fini."]),
        ("彼は「まだ終わりではない」と言った。", ["まだ終わりではない"]),
        ("“One of two things,” he said, “and another of them.”", ["One of two things,", "and another of them."]),
        ("It’s the ministry’s own report, and it isn’t ours.", ["It’s the ministry’s own report, and it isn’t ours."]),
    ],
)
def test_quotations_stand_between_marks(text: str, quoted: list[str]) -> None:
    assert texts(text) == quoted


def test_without_marks_each_paragraph_is_a_quotation() -> None:
    assert texts("We are not done yet.\n\nThere is more to come.\n") == [
        "We are not done yet.",
        "There is more to come.",
    ]


def test_a_mark_that_is_never_closed_quotes_nothing_of_the_next_paragraph() -> None:
    assert texts("“This goes on and on\n\nand “that was all of it”.") == ["that was all of it"]


def test_what_was_left_out_is_a_gap_and_none_at_the_ends() -> None:
    (quote,) = article.read("“… they had it [the report] and … read all of it …”").quotes
    assert quote.words == ("they", "had", "it", GAP, "and", GAP, "read", "all", "of", "it")
    assert quote.size == 8


def test_short_ones_and_those_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "MOST_QUOTES", 1)
    found = article.read("“silt” “all of this silt” “and all of that”")
    assert (len(found.quotes), found.short, found.left_out) == (1, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "“”", "\0", "“" * 5_000, "“[”" * 2_000, "\"'" * 5_000, "…" * 5_000, "\u202e“abc def ghi”"]
)
def test_any_text_is_read(text: str) -> None:
    assert len(article.read(text).quotes) <= 1
