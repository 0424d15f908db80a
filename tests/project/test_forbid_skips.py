"""In CI a browser test that would be skipped fails."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SKIPPED = """
import pytest

@pytest.mark.{mark}
def test_page():
    pytest.skip("no Chromium here")
"""


@pytest.mark.parametrize(
    ("ci", "mark", "outcome"),
    [("true", "browser", "1 failed"), ("", "browser", "1 skipped"), ("true", "corpus", "1 skipped")],
)
def test_a_skipped_test_fails_only_in_ci_and_only_if_it_needs_the_browser(
    tmp_path: Path, ci: str, mark: str, outcome: str
) -> None:
    (tmp_path / "test_it.py").write_text(SKIPPED.format(mark=mark))
    options = ["-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.support.ci", "--rootdir", str(tmp_path)]
    config = ["-c", os.devnull, "-o", "markers=browser\ncorpus", "-o", "asyncio_default_fixture_loop_scope=function"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *config, str(tmp_path / "test_it.py")],
        cwd=ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
    )
    assert outcome in result.stdout.splitlines()[-1]
    assert ("no Chromium here" in result.stdout) == (outcome == "1 failed")
