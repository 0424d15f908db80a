"""The browser code: its unit tests run in Node, its folders stay small, and its close codes are the server's."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.frontend import find_npm
from tests.environment import ROOT
from transcripts.sockets import codes

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = ROOT / "static" / "js"
TESTS = ROOT / "tests" / "js"
MOST_MODULES = 15
MOST_LINES = 300


def test_the_unit_tests_pass_in_node(monkeypatch: pytest.MonkeyPatch) -> None:
    tests = sorted(TESTS.rglob("*.test.mjs"))
    assert tests
    run(monkeypatch, tests)


@pytest.mark.long
def test_pages_that_edit_at_once_come_to_the_same_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """More of what the unit tests do a few times; docs/figures.md says how thousands are done."""
    monkeypatch.setenv("EDITOR_RUNS", "150")
    run(monkeypatch, [TESTS / "editor" / "real_server.test.mjs"])


def run(monkeypatch: pytest.MonkeyPatch, tests: list[Path]) -> None:
    _, path = find_npm()
    monkeypatch.setenv("PATH", path)
    # The pages' protocol is tested against the server's own merging
    monkeypatch.setenv("VERBATIM_PYTHON", sys.executable)
    ran = subprocess.run(["node", "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"(#|ℹ) fail 0", ran.stdout)


def test_folders_and_modules_stay_small() -> None:
    for root, pattern in ((SOURCES, "*.js"), (TESTS, "*.mjs")):
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
            modules = sorted(folder.glob(pattern))
            assert len(modules) <= MOST_MODULES, folder
            for module in modules:
                assert len(module.read_text().splitlines()) <= MOST_LINES, module


def test_no_module_imports_itself_through_others() -> None:
    """A circle is what remains after removing, again and again, the modules that import none of the others."""
    imports = {module: _imported(module) for module in SOURCES.rglob("*.js")}
    while leaves := [module for module, others in imports.items() if not others & imports.keys()]:
        for module in leaves:
            del imports[module]
    assert sorted(imports) == []


def _imported(module: Path) -> set[Path]:
    found = re.findall(r"""(?:from|import)\s+["'](\.[^"']+)["']""", module.read_text())
    return {(module.parent / name).resolve() for name in found}


def test_pages_know_the_close_codes_of_the_server() -> None:
    source = (SOURCES / "close_codes.js").read_text()
    known = {name: int(value) for name, value in re.findall(r"export const (\w+) = (\d+);", source)}
    theirs = {name: value for name, value in vars(codes).items() if name.isupper()}
    assert known.pop("TOO_FAST") == 1013
    assert known
    assert known.items() <= theirs.items()


def test_close_codes_have_names_and_messages_are_parsed() -> None:
    for module in sorted(SOURCES.rglob("*.js")):
        source = module.read_text()
        assert not re.search(r"===? ?['\"`]\{", source), module
        if module.name != "close_codes.js":
            assert not re.search(r"\b44\d\d\b", source), module


def test_every_close_code_is_documented() -> None:
    text = (ROOT / "docs" / "sockets.md").read_text()
    documented = {int(code) for code in re.findall(r"^\| (\d{4}) \|", text, flags=re.MULTILINE)}
    ours = {value for name, value in vars(codes).items() if name.isupper()}
    assert documented == ours | {1012, 1013}
