"""With HTTPS the settings pass Django's checks for deployment."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_deployment_check_has_no_warnings(tmp_path: Path) -> None:
    variables = {**os.environ, "HTTPS": "true", "DATA_DIR": str(tmp_path), "SECRET_KEY": ""}
    command = [sys.executable, "manage.py", "check", "--deploy"]
    checked = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    assert "security." not in checked.stderr
