"""Exported documents in programs that others wrote: LibreOffice and Chromium's PDF reader show every word in order."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.formats.reading import pdf_pages, rendered
from tests.support.provider_answers import SCRIPTS
from tests.support.templates import template
from transcripts.document import Segment
from transcripts.formats import Script, Template
from transcripts.formats.documents import templates
from transcripts.formats.documents.turns import DocumentOptions, turns

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = shutil.which("soffice")
MISSING = "There is no LibreOffice: install Debian's package libreoffice-writer-nogui."
DETAILS = (("Date", "28 November 2026"), ("Status", "Approved"))
LATIN, GERMAN, RIGHT_TO_LEFT, HINDI, JAPANESE, CHINESE, THAI = (tuple(script) for script in SCRIPTS[:7])
KOREAN = tuple(SCRIPTS[8])
VALUES = {"title": "محضر 会議 & <minutes>", "date": "28 November 2026", "team": "Desk", "speakers": "", "duration": ""}


def conversation(*scripts: tuple[str, ...], language: str, speakers: int = 2, turns: int = 40) -> Script:
    """Return a conversation with sentences of these scripts, a speaker a turn."""
    chance = random.Random(language)
    segments = []
    for number in range(turns):
        text = " ".join(chance.choices(chance.choice(scripts), k=30))
        segments.append(Segment(text, number * 9_000, number * 9_000 + 8_000, f"Speaker {number % speakers + 1}"))
    return Script(VALUES["title"], language, turns * 9_000, "test", tuple(segments), details=DETAILS)


CONVERSATIONS = {
    "latin": conversation(LATIN, GERMAN, language="de"),
    "right-to-left": conversation(RIGHT_TO_LEFT, language="ar"),
    "mixed-directions": conversation(RIGHT_TO_LEFT, LATIN, language="he"),
    "east-asian": conversation(JAPANESE, CHINESE, KOREAN, language="ja"),
    "south-asian": conversation(HINDI, THAI, language="hi"),
    "fifty-speakers": conversation(LATIN, language="en", speakers=50, turns=150),
}


def words_of(script: Script) -> list[str]:
    """The words of headings and text, in order."""
    shown = []
    for turn in turns(script, DocumentOptions()):
        shown += [turn.heading, *(segment.text for segment in turn.segments)]
    return " ".join(shown).split()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What LibreOffice shows of each document, all opened by one process."""
    if not OFFICE:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    folder = tmp_path_factory.mktemp("office")
    framed = Template(templates.accept(template("{{ date }}", "{{ title }}", "{{ transcript }}", "The end")), VALUES)
    for name, script in CONVERSATIONS.items():
        (folder / f"{name}.docx").write_bytes(rendered("docx", script))
        in_template = Script(script.title, script.language, None, "", script.segments, template=framed)
        (folder / f"{name}-template.docx").write_bytes(rendered("docx", in_template))
    _convert(folder)
    return {path.stem: path.read_text("utf-8-sig") for path in folder.glob("*.txt")}


def _convert(folder: Path) -> None:
    documents = sorted(folder.glob("*.docx"))
    # A profile of its own, so that one that a person has open isn't used
    options = ["--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
    target = ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder)]
    command = [OFFICE or "", *options, *target, *map(str, documents)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.long
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_libreoffice_shows_every_word_of_a_document_in_order(opened: dict[str, str], name: str) -> None:
    script = CONVERSATIONS[name]
    details = [word for pair in DETAILS for text in pair for word in text.split()]
    assert opened[name].split() == [*script.title.split(), *details, *words_of(script)]


@pytest.mark.long
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_libreoffice_shows_every_word_of_a_document_in_a_template(opened: dict[str, str], name: str) -> None:
    script = CONVERSATIONS[name]
    frame = f"{VALUES['date']} {script.title}".split()
    assert opened[f"{name}-template"].split() == [*frame, *words_of(script), "The", "end"]


@pytest.mark.parametrize("name", ["latin", "east-asian", "fifty-speakers"])
def test_a_pdf_file_holds_every_word_in_order(name: str) -> None:
    script = CONVERSATIONS[name]
    pages = pdf_pages(rendered("pdf", script))
    texts = [page.strip().removesuffix(str(number)) for number, page in enumerate(pages, start=1)]
    # Lines are broken inside of words of scripts without spaces, so only the letters are compared
    read, expected = "".join("".join(texts).split()), "".join(words_of(script))
    assert read[-len(expected) :] == expected
    assert len(pages) > 1
