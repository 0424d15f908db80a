"""Check whether the local speech server has a model.

The check runs in a process of its own, because the application imports nothing of the speech server.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from project.instance import Instance


def models_dir(instance: Instance) -> Path:
    """Return the folder of joined and downloaded models."""
    return instance.data_dir / "models"


def missing_model(instance: Instance) -> str:
    """Return one sentence on the model that is missing and what to do, or an empty text. Joins the model if needed."""
    command = [sys.executable, "-m", "speechserver.models", str(models_dir(instance))]
    result = subprocess.run(
        command,
        cwd=instance.root,
        env=dict(instance.variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode == 0:
        return ""
    return (result.stderr.splitlines() or [f"the model couldn't be checked (exit status {result.returncode})."])[-1]
