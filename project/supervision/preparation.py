"""Bringing the database up to date before the processes start, and only when something changed."""

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
    from pathlib import Path

    from project.instance import Instance
    from project.supervision.log import Log


COMMANDS = (("migrate", "--no-input"), ("setup_instance",))


async def prepare(instance: Instance, log: Log) -> None:
    """Migrate and make the first administrator, unless just this is already done. Raises Refusal."""
    stamp, wanted = instance.run_dir / "prepared", fingerprint(instance)
    if _is_prepared(instance, stamp, wanted):
        return
    for command in COMMANDS:
        await _manage(instance, log, command)
    stamp.write_text(wanted)


def fingerprint(instance: Instance) -> str:
    """A name for everything the preparation depends on: our migrations, the libraries', the administrator."""
    digest = hashlib.sha256()
    for path in [
        *sorted(instance.root.glob("*/migrations/*.py")),
        instance.root / "requirements" / "base.txt",
    ]:
        digest.update(f"{path.relative_to(instance.root)}\0".encode())
        digest.update(path.read_bytes())
    digest.update(instance.variables.get("ADMIN_EMAIL", "").encode())
    return digest.hexdigest()


def _is_prepared(instance: Instance, stamp: Path, wanted: str) -> bool:
    """An outside database may have been replaced since, so there is no remembering for it."""
    database = instance.data_dir / "verbatim.sqlite3"
    ours = not instance.variables.get("DATABASE_URL") and database.exists()
    return ours and stamp.exists() and stamp.read_text() == wanted


async def _manage(instance: Instance, log: Log, command: tuple[str, ...]) -> None:
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
        raise Refusal(f"The database could not be prepared ({command[0]} failed): the lines above say why.")
