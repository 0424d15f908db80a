"""Pages, messages and scripts use the words of docs/glossary.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
# The rooms whose strings people read. Migrations repeat what a model once said and are never edited.
PYTHON = ("transcripts", "accounts", "project")
# Strings that may hold such a word: a heading that everyone knows, the names that programs write into files, a type.
ALLOWED = {
    "templates/500.html": "Something went wrong",
    "transcripts/media/tracks.py": "(sound|audio|core media|",
    "transcripts/media/decoder/timeline.py": "Sound",
}
EXPRESSION = re.compile(r"`([^`]+)`")
# What a reader of a page gets: text between tags, and the attributes that are read out or shown.
MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(?:script|style)\b.*?</(?:script|style)>", re.DOTALL)
SPOKEN = re.compile(
    r"""\b(?:aria-label|aria-description|title|placeholder|alt|content|label|download|value)="([^"]*)\""""
)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
# A comment is matched first, so that a quotation mark in it opens no string.
SCRIPT = re.compile(r"""//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""", re.DOTALL)


def words_to_avoid() -> list[str]:
    """Read the first column of the table under "Words to avoid"."""
    section = GLOSSARY.read_text().partition("## Words to avoid")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [word for row in rows for word in EXPRESSION.findall(row)]


def avoided() -> re.Pattern[str]:
    words = (r"\s+".join(map(re.escape, word.split())) for word in words_to_avoid())
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


def texts_of_template(source: str) -> Iterator[str]:
    """Yield what a person reads on the page."""
    plain = MARKUP.sub(" ", source)
    yield from SPOKEN.findall(plain)
    yield from (text for text in TAG.split(plain) if text.strip())


def texts_of_python(source: str) -> Iterator[str]:
    """Yield strings that read as text: with a space or a capital, and no docstring."""
    tree = ast.parse(source)
    docstrings = {id(_docstring(node)) for node in ast.walk(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from _if_text(node.value)


def _docstring(node: ast.AST) -> ast.expr | None:
    body = node.body if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else []
    return body[0].value if body and isinstance(body[0], ast.Expr) else None


def _if_text(text: str) -> Iterator[str]:
    if " " in text or text[:1].isupper():
        yield text


def texts_of_script(source: str) -> Iterator[str]:
    """Yield string and template literals that read as text."""
    for literal in SCRIPT.findall(source):
        yield from _if_text(re.sub(r"\$\{[^}]*\}", " ", literal[1:-1]))


READERS = {".html": texts_of_template, ".jinja": texts_of_template, ".py": texts_of_python, ".js": texts_of_script}


def sources() -> list[Path]:
    kinds = {"templates": ("*.html", "*.jinja"), "static/js": ("*.js",)}
    found = [path for folder, names in kinds.items() for name in names for path in (ROOT / folder).rglob(name)]
    for room in PYTHON:
        found += [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    return sorted(found)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_use_the_words_of_the_glossary(path: Path) -> None:
    pattern = avoided()
    allowed = ALLOWED.get(str(path.relative_to(ROOT)), "\0")
    texts = (text.replace(allowed, "") for text in READERS[path.suffix](path.read_text()))
    found = {f"“{match[0]}” in “{' '.join(text.split())}”" for text in texts for match in pattern.finditer(text)}
    assert not found, f"docs/glossary.md has better words: {sorted(found)}"


def test_the_glossary_names_words_to_avoid_and_what_to_say_instead() -> None:
    assert {"whoever", "sound", "for good"} <= set(words_to_avoid())


@pytest.mark.parametrize(
    ("suffix", "source", "texts"),
    [
        (".html", '<p class="sound" title="A title">Read {{ it }} {# sound #}</p>', ["A title", "Read    "]),
        (".py", '"""Sound."""\nname = "sound"\nraise Error("No sound", f"in {name} now")', ["No sound", "in ", " now"]),
        (".js", '// Don\'t\nsay("No sound"); part("sound"); say(`It is ${sound}.`)', ["No sound", "It is  ."]),
    ],
)
def test_only_what_people_read_is_read(suffix: str, source: str, texts: list[str]) -> None:
    assert list(READERS[suffix](source)) == texts
