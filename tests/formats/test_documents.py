"""Every format holds every word, and what is special to each: direction, fonts, markup, formulas, shapes."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.reading import docx_text, pdf_text, rendered, text_of
from tests.support.provider_answers import HOSTILE, SCRIPTS
from transcripts import formats
from transcripts.document import Segment, Timing, Word, scripts
from transcripts.document.plain import one_line
from transcripts.formats import Script
from transcripts.formats.documents import fonts
from transcripts.formats.readers import Unreadable, own_json

DETAILS = (("Date", "28 November 2026"), ("Speakers", "Ana, Bo"))


def spoken(text: str, *, start: int = 0, speaker: str | None = None, language: str | None = "en") -> Segment:
    words = tuple(
        Word(word.strip(".,!?"), start + i * 350, start + i * 350 + 300, 0.9, Timing.MEASURED)
        for i, word in enumerate(text.split())
    )
    return Segment(text, words[0].start_ms, words[-1].end_ms, speaker, words, language)


ANA = spoken(
    "When forty winters shall besiege thy brow, and dig deep trenches in thy beauty's field. " * 3, speaker="Ana"
)
BO = spoken("And the ministry had that report?", start=60_000, speaker="Bo")


def script(*segments: Segment, title: str = "A talk", language: str = "en") -> Script:
    return Script(title, language, 90_000, "test", segments, details=DETAILS)


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_no_word_is_lost(name: str) -> None:
    read = " ".join(text_of(name, rendered(name, script(ANA, BO))).split())
    position = 0
    for word in (ANA.text + BO.text).split():
        position = read.find(word, position)
        assert position >= 0, word


@pytest.mark.parametrize("name", sorted(set(formats.FORMATS) - {"whisper"}))
def test_names_that_people_gave_are_in_every_format(name: str) -> None:
    content = rendered(name, script(ANA, BO))
    read = content.decode() if name == "json" else text_of(name, content)
    assert "Ana" in read
    assert "Bo" in read


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_an_empty_transcript_is_a_valid_file(name: str) -> None:
    read = text_of(name, rendered(name, Script("", "", None, "", ())))
    assert read.split() == {
        "vtt": ["WEBVTT"],
        "csv": ["Start", "End", "Speaker", "Language", "Text"],
        "pdf": ["1"],
    }.get(name, [])


words = st.sampled_from([*(word for script in SCRIPTS for word in script), *HOSTILE])
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
segments = st.lists(st.builds(spoken, texts, speaker=st.sampled_from([None, "A", "=B", "ليلى", "\ufffe"])), max_size=4)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(segments)
def test_word_documents_hold_every_paragraph_letter_for_letter(said: list[Segment]) -> None:
    document = docx.Document(io.BytesIO(rendered("docx", script(*said), speakers="no", times="no", details="no")))
    assert [paragraph.text for paragraph in document.paragraphs][1:] == [one_line(segment.text) for segment in said]


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(segments)
def test_csv_holds_every_cell_and_none_is_a_formula(said: list[Segment]) -> None:
    rows = list(csv.reader(io.StringIO(rendered("csv", script(*said)).decode("utf-8-sig"), newline="")))[1:]
    assert [row[4].removeprefix("'") for row in rows] == [one_line(segment.text).removeprefix("'") for segment in said]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "- Hello"])
def test_csv_defuses_what_a_spreadsheet_would_calculate(cell: str) -> None:
    segment = Segment(cell, 0, 1_000, cell)
    [_, row] = csv.reader(io.StringIO(rendered("csv", script(segment)).decode("utf-8-sig"), newline=""))
    assert row == ["00:00:00.000", "00:00:01.000", "'" + cell.strip(), "", "'" + cell.strip()]


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(segments, st.sampled_from(["", "Ein Fluß"]), st.one_of(st.none(), st.integers(0, 10**7)))
def test_json_that_is_read_and_written_again_is_the_same_file(
    said: list[Segment], title: str, duration_ms: int | None
) -> None:
    notices = (formats.Notice("times_clamped", {"count": 3}, "Three times were past the end."),)
    whole = Script(title, "de", duration_ms, "engine 1", tuple(said), notices, 0.75)
    # Half of a surrogate pair is never stored, so no transcript holds one
    clean = replace(whole, segments=tuple(replace(one, text=one_line(one.text), words=()) for one in said))
    for one in (clean, replace(whole, segments=(ANA, BO))):
        content = rendered("json", one)
        assert own_json.read(content) == one
        assert rendered("json", own_json.read(content)) == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"RIFF", "This file is not JSON."),
        (b"[]", "This JSON is not a transcript of Verbatim."),
        (b'{"version": 99, "segments": []}', "A newer version of Verbatim wrote this file."),
        (b'{"version": 1, "segments": [{}]}', "Part of this transcript is missing"),
        (b"[" * 100_000, "This file is not JSON."),
    ],
)
def test_other_json_is_refused_with_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(message)):
        own_json.read(content)


def test_whisper_json_has_the_shape_that_whisper_writes() -> None:
    whole = json.loads(rendered("whisper", script(BO)))
    assert (whole["text"], whole["language"]) == (BO.text, "en")
    [segment] = whole["segments"]
    assert (segment["id"], segment["start"], segment["end"], segment["text"]) == (0, 60.0, 62.05, BO.text)
    assert segment["words"][1] == {"word": " the", "start": 60.35, "end": 60.65, "probability": 0.9}
    assert "".join(word["word"] for word in segment["words"]) == BO.text


def test_markdown_has_headings_and_no_markup_of_a_text_acts() -> None:
    hostile = Segment("# not *a* heading [x](y) <b> 1. no", 0, 1_000, "A_b_")
    read = rendered("md", script(hostile, Segment("1. no list", 1_000, 2_000, "A_b_"), Segment("- no", 0, 1))).decode()
    assert read.startswith("# A talk\n\n- Date: 28 November 2026\n- Speakers: Ana, Bo\n\n")
    assert "**A\\_b\\_** \\[00:00:00\\]\n\n\\# not \\*a\\* heading \\[x\\](y) \\<b\\> 1. no\n\n1\\. no list" in read
    assert read.endswith("\\- no\n")


def test_word_documents_run_from_right_to_left_where_the_text_does() -> None:
    arabic, english = Segment("مرحبا بالعالم", 0, 1_000, "ليلى", (), "ar"), Segment("Hello", 0, 1_000, None, (), "en")
    document = docx.Document(io.BytesIO(rendered("docx", script(arabic, english, language="ar"), times="no")))
    *_, heading, text, other = document.paragraphs
    for paragraph, runs_left in ((heading, True), (text, True), (other, False)):
        assert (paragraph._p.pPr.find(qn("w:bidi")) is not None) == runs_left
        assert (paragraph.runs[0]._r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None) == runs_left


def test_word_documents_name_a_font_that_has_the_letters() -> None:
    document = docx.Document(io.BytesIO(rendered("docx", script(BO, language="ja-JP"))))
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "Yu Gothic"


def test_details_and_headings_of_documents_can_be_left_out() -> None:
    with_all = rendered("docx", script(ANA, BO))
    assert "28 November 2026" in docx_text(with_all)
    assert "00:01:00  Bo" in docx_text(with_all)
    plain = docx_text(rendered("docx", script(ANA, BO), details="no", times="no", speakers="no"))
    assert plain.split("\n") == ["A talk", one_line(ANA.text), BO.text]


@pytest.mark.parametrize("text", ["昨日の夜に川の水が増えた。", "어제 밤에 강물이", "Привет, как!", "Ελληνικά, ñandú"])
def test_pdf_has_the_letters_of_other_scripts(text: str) -> None:
    read = pdf_text(rendered("pdf", script(Segment(text * 9, 0, 1_000))))
    assert "".join((text * 9).split()) in "".join(read.split())


def test_pdf_holds_text_from_right_to_left_in_its_order() -> None:
    hebrew = "שלום עולם, היום אנחנו מדברים על 42 בתים"
    assert hebrew in pdf_text(rendered("pdf", script(Segment(hebrew, 0, 1_000))))


def test_pdf_has_every_letter_of_scripts_that_join_them() -> None:
    arabic = "مرحبا بالعالم"
    read = unicodedata.normalize("NFKC", pdf_text(rendered("pdf", script(Segment(arabic, 0, 1_000)))))
    assert sorted(letter for letter in read if letter in arabic and letter != " ") == sorted(arabic.replace(" ", ""))


def test_pdf_says_which_letters_no_font_has_instead_of_losing_them() -> None:
    with pytest.raises(formats.FormatError, match="no letters for “ខភមរស”"):
        rendered("pdf", script(Segment("ភាសាខ្មែរ", 0, 1_000)))


def test_long_words_are_broken_and_pages_are_numbered() -> None:
    read = pdf_text(rendered("pdf", script(*[Segment("x" * 400, 0, 1_000, "A")] * 40)))
    assert read.count("x") == 16_000
    assert read.split()[-1] == "6"


def test_every_font_is_installed() -> None:
    assert fonts.missing() == []


def test_scripts_without_a_font_of_their_own_are_of_the_first_one() -> None:
    assert [font.name for font in fonts.of("Привет")] == ["latin"]
    assert [font.name for font in fonts.of("川 and 水")] == ["latin", "cjk"]
    assert [font.name for font in fonts.of("川の水 A")] == ["cjk", "latin"]
    assert scripts.is_unspaced("川")
