"""Word documents in a template: its look stays, its placeholders are filled, and nothing dangerous is in it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.formats.reading import rendered
from tests.support.templates import parts, repacked, template
from transcripts.document import Segment
from transcripts.formats import Script, Template
from transcripts.formats.documents import templates

VALUES = {"title": "A talk", "date": "28 November 2026", "team": "Desk", "speakers": "Ana, Bo", "duration": "0:01:30"}
SAID = (Segment("Good evening.", 0, 1_000, "Ana"), Segment("Good night.", 2_000, 3_000, "Bo"))
DETAILS = (("Date", "28 November 2026"), ("Speakers", "Ana, Bo"))
SPOKEN = ["00:00:00  Ana", "Good evening.", "00:00:02  Bo", "Good night."]


def exported(content: bytes, said: tuple[Segment, ...] = SAID, **values: str) -> Any:
    """Return the document that an export writes in a template, which was accepted before."""
    known = VALUES | values
    accepted = Template(templates.accept(content), known)
    script = Script(known["title"], "en", 90_000, "test", said, details=DETAILS, template=accepted)
    return docx.Document(io.BytesIO(rendered("docx", script)))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_placeholders_are_filled_in_body_header_and_footer() -> None:
    document = exported(
        template("{{ title }} of {{date}}", "{{ transcript }}", "End", header="{{ team }}", footer="{{ duration }}")
    )
    assert texts(document) == ["A talk of 28 November 2026", *SPOKEN, "End"]
    assert document.sections[0].header.paragraphs[0].text == "Desk"
    assert document.sections[0].footer.paragraphs[0].text == "0:01:30"


def test_a_placeholder_that_word_split_into_runs_is_one() -> None:
    document = exported(template("By {|{ spea|kers }|}, {{ti|tle}}", "{{ tran|script }}"))
    assert texts(document) == ["By Ana, Bo, A talk", *SPOKEN]


def test_what_replaces_a_placeholder_has_its_look() -> None:
    def embolden(document: Any) -> None:
        document.paragraphs[0].runs[1].bold = True

    [paragraph, *_] = exported(template("On |{{ date }}| here", change=embolden)).paragraphs
    assert [(run.text, run.bold) for run in paragraph.runs] == [
        ("On ", None),
        ("28 November 2026", True),
        (" here", None),
    ]


def test_text_of_a_recording_that_looks_like_a_placeholder_is_text() -> None:
    document = exported(template("{{ title }}, {{ unknown }}", "{{ transcript }}"), title="{{ transcript }} {{ date }}")
    assert texts(document) == ["{{ transcript }} {{ date }}, {{ unknown }}", *SPOKEN]


def test_without_a_place_the_transcript_follows_with_its_title_and_details() -> None:
    document = exported(template("Confidential"))
    assert texts(document) == ["Confidential", "A talk", *SPOKEN]
    assert document.paragraphs[1].style.name == "Title"
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [list(row) for row in DETAILS]


def test_a_place_in_a_table_or_a_section_takes_the_transcript() -> None:
    def frame(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "{{ transcript }}"
        document.add_section()

    document = exported(template("{{ title }}, {{ date }}", change=frame))
    cell = document.tables[0].cell(0, 0)
    assert [paragraph.text for paragraph in cell.paragraphs] == SPOKEN
    assert len(document.sections) == 2


def test_an_empty_transcript_leaves_a_valid_cell() -> None:
    def frame(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "{{ transcript }}"

    document = exported(template("{{ title }}, {{ date }}", change=frame), said=())
    assert [paragraph.text for paragraph in document.tables[0].cell(0, 0).paragraphs] == [""]


def test_styles_and_page_of_the_template_are_kept_and_missing_ones_added() -> None:
    def style(document: Any) -> None:
        document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Georgia", Pt(9)
        document.styles.add_style("Transcript Text", WD_STYLE_TYPE.PARAGRAPH).font.italic = True
        title = document.styles["Title"].element
        title.getparent().remove(title)

    document = exported(template("{{ transcript }}", change=style))
    assert round(document.sections[0].page_width.mm) == 100
    assert (document.styles["Normal"].font.name, document.styles["Normal"].font.size) == ("Georgia", Pt(9))
    assert document.styles["Transcript Text"].font.italic
    assert [paragraph.style.name for paragraph in document.paragraphs[:3]] == [
        "Title",
        "Transcript Turn",
        "Transcript Text",
    ]


@pytest.mark.parametrize(("title", "text"), [("محضر الجلسة", "مرحبا بالعالم"), ("פגישה", "שלום עולם")])
def test_text_from_right_to_left_runs_so_in_a_template(title: str, text: str) -> None:
    document = exported(template("{{ title }}", "{{ transcript }}"), (Segment(text, 0, 1_000),), title=title)
    named, *_, last = document.paragraphs
    assert [named.text, last.text] == [title, text]
    for paragraph in (named, last):
        assert paragraph._p.pPr.find(qn("w:bidi")) is not None
        assert paragraph.runs[0]._r.rPr.find(qn("w:rtl")) is not None


def test_east_asian_text_has_a_font_with_its_letters_in_a_template() -> None:
    content = Template(templates.accept(template("{{ transcript }}")), VALUES)
    script = Script("会議", "ja", 90_000, "test", (Segment("昨日の夜に川の水が増えた。", 0, 1_000),), template=content)
    document = docx.Document(io.BytesIO(rendered("docx", script)))
    assert document.paragraphs[-1].text == "昨日の夜に川の水が増えた。"
    assert document.styles["Transcript Text"].element.rPr.rFonts.get(qn("w:eastAsia")) == "Yu Gothic"


# What doesn't belong in a template


def linked(document: Any) -> None:
    """Add a link, a template to attach, an outside picture and a comment."""
    part = document.part
    for reltype, target in (
        ("hyperlink", "https://tracker.example/a"),
        ("image", "https://tracker.example/pixel.png"),
        ("aFChunk", "https://tracker.example/chunk.html"),
    ):
        part.relate_to(target, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{reltype}", True)
    ids = {one.target_ref.rsplit("/")[-1]: name for name, one in part.rels.items() if one.is_external}
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), ids["a"])
    link.append(OxmlElement("w:r"))
    link[0].text = "our page"
    document.paragraphs[0]._p.append(link)
    chunk = OxmlElement("w:altChunk")
    chunk.set(qn("r:id"), ids["chunk.html"])
    document.element.body.insert(0, chunk)
    drawing = OxmlElement("w:drawing")
    drawing.append(OxmlElement("a:blip"))
    drawing[0].set(qn("r:link"), ids["pixel.png"])
    document.paragraphs[1].runs[0]._r.append(drawing)
    document.add_comment(document.paragraphs[1].runs, "Don't send this", "Eve")


def test_targets_outside_of_the_file_and_comments_are_taken_out_and_the_text_stays() -> None:
    accepted = templates.accept(template("See ", "Here", change=linked))
    whole = b"".join(parts(accepted).values())
    for trace in (b"tracker.example", b"TargetMode", b"altChunk", b"w:drawing", b"comment", b"Don't send"):
        assert trace not in whole
    document = docx.Document(io.BytesIO(accepted))
    assert texts(document) == ["See our page", "Here"]


def test_macros_and_embedded_objects_are_taken_out() -> None:
    types = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    macro = (
        b'<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        b'Target="vbaProject.bin"/></Relationships>'
    )

    def add(name: str, part: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return part.replace(b"</Types>", types)
        return part.replace(b"</Relationships>", macro) if name == "word/_rels/document.xml.rels" else part

    accepted = templates.accept(repacked(template("A"), add, {"word/vbaProject.bin": b"Sub AutoOpen()"}))
    assert "word/vbaProject.bin" not in parts(accepted)
    assert b"vbaProject" not in b"".join(parts(accepted).values())


@pytest.mark.parametrize(
    "instruction",
    ["DDEAUTO c:\\\\cmd.exe", ' INCLUDEPICTURE "https://tracker.example/p" ', "I|NCLUDETEXT x", "MACROBUTTON a b", "|"],
)
def test_fields_that_load_or_run_something_are_refused(instruction: str) -> None:
    def field(document: Any) -> None:
        run = document.paragraphs[0].add_run()._r
        for kind in ("begin", *instruction.split("|"), "end"):
            element = OxmlElement("w:fldChar" if kind in ("begin", "end") else "w:instrText")
            if kind in ("begin", "end"):
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = kind
            run.append(element)

    with pytest.raises(templates.UnusableTemplate, match="has a field"):
        templates.accept(template("A", change=field))


def test_numbers_of_pages_are_accepted() -> None:
    def field(document: Any) -> None:
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), " PAGE \\* MERGEFORMAT ")
        document.sections[0].footer.paragraphs[0]._p.append(element)

    assert b"MERGEFORMAT" in b"".join(parts(templates.accept(template("A", change=field))).values())


def bomb() -> bytes:
    return repacked(template("A"), lambda name, part: part, {"word/zeros.xml": bytes(templates.MOST_BYTES_INSIDE)})


def entities() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE w [<!ENTITY e0 "ha">{lines}]>'.encode()

    def declare(name: str, part: bytes) -> bytes:
        if name != "word/document.xml":
            return part
        return re.sub(rb"(<w:document)", declared + rb"\1", part).replace(b">A<", b">&e9;<")

    return repacked(template("A"), declare)


def macro_document() -> bytes:
    macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return repacked(template("A"), lambda name, part: part.replace(plain, macro))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", templates.BROKEN),
        (b"PK\x03\x04 nothing", templates.BROKEN),
        (template("A")[:-400], templates.BROKEN),
        (
            repacked(template("A"), lambda name, part: part[:-9] if name == "word/document.xml" else part),
            templates.BROKEN,
        ),
        (macro_document(), templates.BROKEN),
        (entities(), templates.BROKEN),
        (bytes(templates.MOST_BYTES + 1), templates.TOO_LARGE),
        (bomb(), templates.TOO_LARGE_INSIDE),
    ],
    ids=["empty", "no ZIP file", "cut off", "broken part", "macro document", "entities", "large", "bomb"],
)
def test_what_can_be_no_template_is_refused_with_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(templates.UnusableTemplate) as refused:
        templates.accept(content)
    assert str(refused.value) == message


def test_a_template_that_is_accepted_again_stays_the_same() -> None:
    once = templates.accept(template("{{ title }}", "{{ transcript }}", header="{{ team }}", change=linked))
    assert parts(templates.accept(once)) == parts(once)


def test_a_transcript_without_a_template_has_the_ordinary_look() -> None:
    script = Script("A talk", "en", 90_000, "test", SAID)
    assert rendered("docx", script)[:2] == b"PK"
    document = docx.Document(io.BytesIO(rendered("docx", replace(script, template=None))))
    assert document.styles["Normal"].font.name == "Calibri"
