"""Migrate the database and collect static files before the processes start, if something changed."""

from __future__ import annotations

import asyncio
import hashlib
import os
from functools import partial
from typing import TYPE_CHECKING

from project.instance import Refusal
from project.supervision.log import OutputReader
from project.supervision.processes import exit_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from project.instance import Instance
    from project.supervision.log import Log


async def prepare(instance: Instance, log: Log) -> None:
    """Migrate the database and collect static files, each only if something changed. Raises Refusal."""
    await asyncio.gather(_prepare_database(instance, log), _prepare_static_files(instance, log))


async def _prepare_database(instance: Instance, log: Log) -> None:
    """Migrate and create the first administrator. An external database is migrated every time: it may be a new one."""
    stamp, current = instance.run_dir / "database", database_state(instance)
    is_local = not instance.variables.get("DATABASE_URL") and (instance.data_dir / "verbatim.sqlite3").exists()
    if is_local and _is_current(stamp, current):
        return
    await _manage(instance, log, "migrate", "--no-input")
    await _manage(instance, log, "setup_instance")
    stamp.write_text(current)


async def _prepare_static_files(instance: Instance, log: Log) -> None:
    stamp, current = instance.run_dir / "static", static_state(instance)
    if _is_current(stamp, current):
        return
    await _manage(instance, log, "collectstatic", "--no-input")
    stamp.write_text(current)


def _is_current(stamp: Path, current: str) -> bool:
    return stamp.exists() and stamp.read_text() == current


def database_state(instance: Instance) -> str:
    """Return a digest of what the database depends on: migrations, libraries and the administrator."""
    migrations = instance.root.glob("*/migrations/*.py")
    return _digest(instance, migrations, instance.variables.get("ADMIN_EMAIL", ""))


def static_state(instance: Instance) -> str:
    """Return a digest of what is collected: static files, libraries and the target folder."""
    files = (path for path in (instance.root / "static").rglob("*") if path.is_file())
    return _digest(instance, files, instance.variables.get("STATIC_ROOT", ""))


def _digest(instance: Instance, files: Iterable[Path], extra: str) -> str:
    digest = hashlib.sha256(extra.encode())
    for path in [*sorted(files), instance.root / "requirements" / "base.txt"]:
        digest.update(f"{path.relative_to(instance.root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


async def _manage(instance: Instance, log: Log, *command: str) -> None:
    output, writer = os.pipe()
    process = await asyncio.create_subprocess_exec(
        "python",
        "manage.py",
        *command,
        env=dict(instance.variables),
        cwd=instance.root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
        start_new_session=True,
        preexec_fn=partial(exit_with_parent, os.getpid()),
    )
    os.close(writer)
    reader = OutputReader(log, command[0], output)
    code = await process.wait()
    await reader.drain()
    if code != 0:
        raise Refusal(f"Verbatim couldn't be prepared ({command[0]} failed): the lines above say why.")
