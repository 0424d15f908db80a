"""Encodings, sizes, and files that are no transcripts."""

from __future__ import annotations

import codecs
import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.formats import readers

GERMAN = "Müller: Grüße aus Köln – „schön“.\r\n\r\nSchäfer: Ja, für dich.\r\n"
RUSSIAN = "Анна: Доброе утро, коллеги.\r\n\r\nБорис: Спасибо, начнём.\r\n"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (GERMAN, GERMAN.encode()),
        (GERMAN, GERMAN.encode("utf-8-sig")),
        (GERMAN, GERMAN.encode("utf-16")),
        (GERMAN, GERMAN.encode("utf-16-le")),
        (GERMAN, codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be")),
        (GERMAN, GERMAN.encode("cp1252")),
        (RUSSIAN, RUSSIAN.encode("cp1251")),
        (RUSSIAN, RUSSIAN.encode("utf-16")),
    ],
)
def test_encodings_are_recognised(text: str, content: bytes) -> None:
    found = readers.read(content).segments
    assert [f"{one.speaker}: {one.text}" for one in found] == text.split("\r\n")[:3:2]


def test_a_colon_after_a_word_that_is_no_name_keeps_the_word() -> None:
    text = "We met on Monday.\n\nNote: the minutes are late.\n\nEveryone left at 10:30.\n\nOne more thing was said."
    found = readers.read(text.encode()).segments
    assert [(one.speaker, one.text) for one in found] == [(None, line) for line in text.split("\n\n")]


def test_a_document_with_a_table_is_read_row_by_row() -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for row in (("00:00:05", "Anna", "Hello."), ("00:00:12", "Ben", "Good morning.")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    file = io.BytesIO()
    document.save(file)
    found = readers.read(file.getvalue()).segments
    assert [(one.start_ms, one.speaker, one.text) for one in found] == [
        (5_000, "Anna", "Hello."),
        (12_000, "Ben", "Good morning."),
    ]


def bomb(entries: int, size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(entries):
            archive.writestr(f"word/{number}.xml", b"\0" * size)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "There is no text in this file."),
        (b" \n\n ", "There is no text in this file."),
        (b"x" * (readers.MOST_BYTES + 1), "larger than 8 MB"),
        (b"word " * 200_001, "more than 200,000 words"),
        (b"%PDF-1.7", "PDF file"),
        (b"{\\rtf1 Hello}", "Rich Text file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word document"),
        (b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90", "not text"),
        (b"PK\x03\x04nothing", "not a Word document"),
        (bomb(2_001, 1), "larger inside"),
        (bomb(3, 50 * 1024 * 1024), "larger inside"),
        (bomb(1, 10), "not a Word document"),
        (b'{"segments": [\n{"text": ', "Line 2: This file is not complete JSON."),
        (
            b"1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:0x --> 00:00:04,000\nHo\n",
            "Line 6: this isn’t a subtitle time",
        ),
        (b"Hello\n1\n00:00:01,000 --> 00:00:02,000\nHi\n", "Line 1: there is text before the first time."),
        (b"1\n00:00:01,000 --> soon\nHi\n", "Line 2: this isn’t a subtitle time"),
        (b"WEBVTT\n\n00:01.000 --> soon\nHi\n", "Line 3: this isn’t a subtitle time"),
        (b"999:00:00,000 --> 999:00:01,000\nHi\n", "later than three days"),
        (b'{"version": 99, "segments": [], "notices": []}', "A newer version of Verbatim"),
    ],
)
def test_what_is_no_transcript_is_refused_with_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(readers.Unreadable, match=message):
        readers.read(content)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text(alphabet='[]{}():<>-., \n0123AnnaBen"v/', max_size=200).map(lambda text: f"WEBVTT\n\n{text}".encode()),
        st.text(alphabet="[]():<>-> ,\n0123AnB", max_size=200).map(str.encode),
    )
)
def test_any_file_is_read_or_refused(content: bytes) -> None:
    try:
        document = readers.read(content)
    except readers.Unreadable as refusal:
        assert str(refusal)
    else:
        assert document.segments
        assert all(one.text == " ".join(one.text.split()) for one in document.segments)
