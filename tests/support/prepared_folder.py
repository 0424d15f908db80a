"""A data folder that is prepared once for all instances that tests start: migrated, with static files collected."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from project.instance import read_instance
from project.permissions import PRIVATE_UMASK
from project.supervision.preparation import database_state, static_state
from tests.environment import ROOT, SHARED_DIR

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = SHARED_DIR / "prepared"
DATABASE, EMPTY_DATABASE = "verbatim.sqlite3", "empty.sqlite3"
ADMINISTRATOR = {"ADMIN_EMAIL": "ana@example.org", "ADMIN_PASSWORD": "correct horse battery"}


def fill(folder: Path) -> None:
    """Copy the prepared folder into an instance's, so that its supervisor finds nothing to prepare."""
    _prepare_once()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(FOLDER / DATABASE, folder / DATABASE)
    for name in ("static", "run"):
        shutil.copytree(FOLDER / name, folder / name, dirs_exist_ok=True)


def fill_without_people(folder: Path, database: Path) -> None:
    """Copy the static files into a folder, and a migrated database that no one has an account in."""
    _prepare_once()
    shutil.copy(FOLDER / EMPTY_DATABASE, database)
    shutil.copytree(FOLDER / "static", folder / "static")


def _prepare_once() -> None:
    """Prepare the folder unless it is prepared; one test process does, and the others wait for its lock."""
    with (SHARED_DIR / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "run" / "static").exists():
            _prepare()


def _prepare() -> None:
    """Do what a supervisor does before it starts the processes, and note it as it does."""
    instance = read_instance({"PATH": os.environ["PATH"], "DATA_DIR": str(FOLDER), **ADMINISTRATOR})
    instance.run_dir.mkdir(parents=True)
    for command in (["migrate", "-v0"], ["setup_instance"], ["collectstatic", "--noinput", "-v0"]):
        if command == ["setup_instance"]:
            shutil.copy(FOLDER / DATABASE, FOLDER / EMPTY_DATABASE)
        program = [sys.executable, "manage.py", *command]
        subprocess.run(
            program, cwd=ROOT, env=instance.variables, check=True, stdout=subprocess.DEVNULL, umask=PRIVATE_UMASK
        )
    (instance.run_dir / "database").write_text(database_state(instance))
    (instance.run_dir / "static").write_text(static_state(instance))
