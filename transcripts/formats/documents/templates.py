"""Word templates of teams: what is accepted, and what is taken out of it.

A template comes from a person and goes out to others in each export. So only what makes up the look of a document
stays in it: text, styles, numbering, headers, footers, notes and images. Macros, embedded objects, and every target
outside of the file are removed, and fields that load or run something are refused.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn

from transcripts.formats.documents import docx, packages
from transcripts.formats.script import Script, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES, MOST_BYTES_INSIDE = 4 * 1024 * 1024, 16 * 1024 * 1024
NAMES = ("title", "date", "team", "speakers", "duration")

TOO_LARGE = "This file is larger than 4 MiB. Use smaller images in the template, and upload it again."
TOO_LARGE_INSIDE = "This file is larger inside than a template can be. Use smaller images, and upload it again."
BROKEN = "This file is not a Word document that can be used as a template. Save it as .docx, and upload it again."
FIELD = "This template has a field “{name}”, which can load or run something. Remove it in Word, and upload it again."

_KEPT = {
    RELATIONSHIP_TYPE.CORE_PROPERTIES,
    RELATIONSHIP_TYPE.ENDNOTES,
    RELATIONSHIP_TYPE.FOOTER,
    RELATIONSHIP_TYPE.FOOTNOTES,
    RELATIONSHIP_TYPE.HEADER,
    RELATIONSHIP_TYPE.IMAGE,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.THEME,
}
# Fields that show what the document itself knows
_KNOWING = (
    "PAGE PAGEREF NUMPAGES SECTION SECTIONPAGES NUMWORDS NUMCHARS DATE TIME CREATEDATE SAVEDATE PRINTDATE EDITTIME "
    "REVNUM TITLE SUBJECT AUTHOR KEYWORDS COMMENTS LASTSAVEDBY FILENAME FILESIZE DOCPROPERTY STYLEREF REF NOTEREF SEQ "
    "TOC TC XE INDEX SYMBOL = IF FORMTEXT FORMCHECKBOX FORMDROPDOWN LISTNUM"
)
_FIELDS = frozenset(_KNOWING.split())
_COMMENTS = ("w:commentReference", "w:commentRangeStart", "w:commentRangeEnd")
# What shows something that is elsewhere, and is removed as a whole
_SHOWS = ("w:drawing", "w:pict", "w:object", "w:control")
_REFERENCE = f"{{{nsmap['r']}}}"


class UnusableTemplate(ValueError):
    """The file can't be a template; the message says why and what to do."""


def accept(content: bytes) -> bytes:
    """Return the template without what doesn't belong in it. Raises UnusableTemplate."""
    if len(content) > MOST_BYTES:
        raise UnusableTemplate(TOO_LARGE)
    try:
        packages.require_bounded(content, MOST_BYTES_INSIDE)
        cleaned = _cleaned(content)
        # What can't be exported with is refused now, and not when someone needs the export
        template = Template(cleaned, dict.fromkeys(NAMES, "A"))
        docx.render(Script("A", "", None, "", (), details=(("A", "A"),), template=template), docx.Options())
    except packages.LargePackage as error:
        raise UnusableTemplate(TOO_LARGE_INSIDE) from error
    except UnusableTemplate:
        raise
    # python-docx and lxml have no common error for what is no document
    except Exception as error:
        raise UnusableTemplate(BROKEN) from error
    return cleaned


def _cleaned(content: bytes) -> bytes:
    document = Document(io.BytesIO(content))
    package = document.part.package
    _drop_relations(package)
    for part in list(package.iter_parts()):
        dropped = _drop_relations(part)
        if isinstance(part, XmlPart):
            _clean(part.element, dropped)
        elif part.content_type.endswith("xml") and not part.content_type.startswith("image/"):
            root = parse_xml(part.blob)
            _clean(root, dropped)
            part._blob = serialize_part_xml(root)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _drop_relations(source: Any) -> set[str]:
    """Drop relations to what is outside of the file or isn't kept; return their ids."""
    dropped = {name for name, relation in source.rels.items() if not _is_kept(relation)}
    for name in dropped:
        del source.rels[name]
    return dropped


def _is_kept(relation: Any) -> bool:
    if relation.is_external or relation.reltype not in _KEPT:
        return False
    is_image = relation.target_part.content_type.startswith("image/")
    return bool(is_image == (relation.reltype == RELATIONSHIP_TYPE.IMAGE))


def _clean(root: Any, dropped: set[str]) -> None:
    """Remove comments and all that refers to dropped relations from a part. Raises UnusableTemplate."""
    # Word writes no document types, in which entities are declared
    if root.getroottree().docinfo.doctype:
        raise UnusableTemplate(BROKEN)
    for name in _field_names(root):
        if name not in _FIELDS:
            raise UnusableTemplate(FIELD.format(name=name[:40]))
    for element in list(root.iter(*map(qn, _COMMENTS))):
        element.getparent().remove(element)
    for element in [one for one in root.iter("{*}*") if _references(one) & dropped]:
        _remove_reference(element, dropped)


def _references(element: Any) -> set[str]:
    return {value for name, value in element.attrib.items() if name.startswith(_REFERENCE)}


def _remove_reference(element: Any, dropped: set[str]) -> None:
    """Remove an element that refers to what was dropped; a link stays as its text, an image that is here stays."""
    for name, value in list(element.attrib.items()):
        if name.startswith(_REFERENCE) and value in dropped:
            del element.attrib[name]
    if element.tag == qn("w:hyperlink") or _references(element):
        return
    shown = element
    if not element.tag.endswith(("}hlinkClick", "}hlinkHover")):
        shown = next(element.iterancestors(*map(qn, _SHOWS)), element)
    if shown.getparent() is not None:
        shown.getparent().remove(shown)


def _field_names(root: Any) -> Iterator[str]:
    """Yield the first word of each field, in capitals; "?" for one that begins with another field."""
    for simple in root.iter(qn("w:fldSimple")):
        yield _first_word(simple.get(qn("w:instr"), ""))
    text: str | None = None
    for element in root.iter(qn("w:fldChar"), qn("w:instrText")):
        if element.tag == qn("w:instrText"):
            text = None if text is None else text + (element.text or "")
        else:
            if text is not None:
                yield _first_word(text)
            text = "" if element.get(qn("w:fldCharType")) == "begin" else None


def _first_word(text: str) -> str:
    words = text.split() or ["?"]
    # A table of contents has links to its own headings
    is_inner_link = words[0].upper() == "HYPERLINK" and words[1:2] == ["\\l"]
    return "REF" if is_inner_link else words[0].upper()
