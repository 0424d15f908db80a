"""The structure of the source: no module imports itself through others, and folders, files and functions stay small."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from tests.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ROOMS = ("accounts", "bench", "project", "scripts", "speechserver", "transcripts")
MOST_MODULES, MOST_LINES, LONGEST_FUNCTION = 15, 300, 60


@cache
def sources(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path, modules: set[str]) -> set[str]:
    """The modules that a file imports, those for type checking included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (named & modules) or ({node.module} & modules)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & modules
    return found - {name_of(path)}


def test_no_module_imports_itself_through_others() -> None:
    """A circle is what remains after removing, again and again, the modules that import none of the others."""
    paths = {name_of(path): path for path in sources(*ROOMS)}
    imports = {name: imports_of(path, set(paths)) for name, path in paths.items()}
    while leaves := [name for name, others in imports.items() if not others & imports.keys()]:
        for name in leaves:
            del imports[name]
    assert sorted(imports) == []


def test_folders_hold_at_most_fifteen_modules() -> None:
    counts = Counter(path.parent for path in sources(*ROOMS) if path.name != "__init__.py")
    assert {str(folder): count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_files_and_functions_stay_short() -> None:
    long: list[str] = []
    for path in sources(*ROOMS, "tests"):
        text = path.read_text()
        if len(text.splitlines()) > MOST_LINES:
            long.append(name_of(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{name_of(path)}.{node.name}"] if length > LONGEST_FUNCTION else []
    assert long == []
