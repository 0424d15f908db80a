"""Bringing database and static files up to date before the processes start, only when something changed."""

from __future__ import annotations

import asyncio
import hashlib
import os
from functools import partial
from typing import TYPE_CHECKING

from project.instance import Refusal
from project.supervision.log import OutputReader
from project.supervision.processes import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from project.instance import Instance
    from project.supervision.log import Log


async def prepare(instance: Instance, log: Log) -> None:
    """Bring database and static files up to date, each only if something changed. Raises Refusal."""
    await asyncio.gather(_prepare_database(instance, log), _prepare_static_files(instance, log))


async def _prepare_database(instance: Instance, log: Log) -> None:
    """Migrate and make the first administrator. An outside database may be another one each time."""
    stamp, wanted = instance.run_dir / "database", database_state(instance)
    ours = not instance.variables.get("DATABASE_URL") and (instance.data_dir / "verbatim.sqlite3").exists()
    if ours and _reads(stamp, wanted):
        return
    await _manage(instance, log, "migrate", "--no-input")
    await _manage(instance, log, "setup_instance")
    stamp.write_text(wanted)


async def _prepare_static_files(instance: Instance, log: Log) -> None:
    stamp, wanted = instance.run_dir / "static", static_state(instance)
    if _reads(stamp, wanted):
        return
    await _manage(instance, log, "collectstatic", "--no-input")
    stamp.write_text(wanted)


def _reads(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def database_state(instance: Instance) -> str:
    """A name for all that the database follows from: migrations, ours and the libraries', the administrator."""
    migrations = instance.root.glob("*/migrations/*.py")
    return _name(instance, migrations, instance.variables.get("ADMIN_EMAIL", ""))


def static_state(instance: Instance) -> str:
    """A name for all that is collected: our files, built ones included, the libraries', and where they go."""
    files = (path for path in (instance.root / "static").rglob("*") if path.is_file())
    return _name(instance, files, instance.variables.get("STATIC_ROOT", ""))


def _name(instance: Instance, files: Iterable[Path], more: str) -> str:
    digest = hashlib.sha256(more.encode())
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
        preexec_fn=partial(die_with_parent, os.getpid()),
    )
    os.close(writer)
    reader = OutputReader(log, command[0], output)
    code = await process.wait()
    await reader.drain()
    if code != 0:
        raise Refusal(f"Verbatim could not be prepared ({command[0]} failed): the lines above say why.")
