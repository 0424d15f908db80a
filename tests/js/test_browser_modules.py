"""The browser's modules: their logic runs in Node, and what they share with the server is the same there."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from scripts.frontend import find_npm
from tests.environment import ROOT
from transcripts.sockets import codes

if TYPE_CHECKING:
    import pytest

MODULES = ROOT / "static" / "js"


def test_the_logic_of_the_browsers_modules_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    _, path = find_npm()
    monkeypatch.setenv("PATH", path)
    tests = sorted((ROOT / "tests" / "js").glob("*.test.mjs"))
    assert tests
    ran = subprocess.run(["node", "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"(#|ℹ) fail 0", ran.stdout)


def test_the_pages_know_the_codes_that_sockets_close_with() -> None:
    source = (MODULES / "live" / "codes.js").read_text()
    known = {name: int(value) for name, value in re.findall(r"export const (\w+) = (\d+);", source)}
    theirs = {name: value for name, value in vars(codes).items() if name.isupper()}
    assert known.pop("TOO_FAST") == 1013
    assert known
    assert known.items() <= theirs.items()


def test_no_module_compares_messages_or_codes_as_text() -> None:
    """What travels over a socket is parsed; close codes have names."""
    for module in sorted((MODULES / "live").glob("*.js")):
        source = module.read_text()
        assert not re.search(r"===? ?['\"`]\{", source), module
        if module.name != "codes.js":
            assert not re.search(r"\b44\d\d\b", source), module


def test_every_close_code_is_documented() -> None:
    text = (ROOT / "docs" / "sockets.md").read_text()
    documented = {int(code) for code in re.findall(r"^\| (\d{4}) \|", text, flags=re.MULTILINE)}
    ours = {value for name, value in vars(codes).items() if name.isupper()}
    assert documented == ours | {1012, 1013}
