"""Which languages a transcript is in, by how much is said in each."""

from __future__ import annotations

import pytest

from transcripts.document import Segment
from transcripts.document.languages import by_share, is_same, most_spoken
from transcripts.document.merging.merge import Base, merge
from transcripts.document.segmentation.completion import completed


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ([], []),
        ([("", "words without a language")], []),
        ([("en", "Good morning."), ("de", "Guten Morgen zusammen.")], ["de", "en"]),
        # What has a tag but no text is spoken in no language
        ([("en", " "), ("de", "Ja.")], ["de"]),
        # Regions of one language count together, by the name that most of it has
        ([("de", "Ja."), ("fr", "Bonjour, Paris."), ("de-AT", "Grüß Gott zusammen.")], ["de-AT", "fr"]),
        ([("en", "four"), ("de-AT", "ja"), ("de", "nein")], ["de", "en"]),
    ],
)
def test_languages_come_by_how_much_is_said_in_them(spoken: list[tuple[str, str]], expected: list[str]) -> None:
    assert by_share((tag, len(text.strip())) for tag, text in spoken) == expected


def test_regions_do_not_make_another_language() -> None:
    assert is_same("pt-BR", "pt")
    assert is_same("DE", "de-at")
    assert not is_same("nb", "nn")


def test_no_segment_with_a_language_is_no_language() -> None:
    assert most_spoken([Segment("hello")]) is None


def test_what_only_the_full_text_holds_is_in_the_language_around_it() -> None:
    segments = [Segment("eins zwei", language="de"), Segment("three four", language="en")]
    found = completed(segments, "null eins zwei mehr three four")
    # Between two languages it could be either
    assert [(one.text, one.language) for one in found] == [
        ("null", "de"),
        ("eins zwei", "de"),
        ("mehr", None),
        ("three four", "en"),
    ]


def test_a_corrected_segment_stays_in_its_language() -> None:
    present, machine = Segment("Guten Tag", 0, 1_000, language="de"), Segment("Gute Tag", 0, 1_000)
    merged = merge([Base(present, machine)], [Segment("Good day", 0, 1_000, language="en")])
    assert [one.segment.language for one in merged.segments] == ["de"]
