"""What must hold before Verbatim starts; each thing that does not is one sentence.

Standard library only: the set-up asks this before it spends a minute on installing.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import socket
import sys
import tempfile
from typing import IO, TYPE_CHECKING

from project.connections import read_networks
from project.instance import Refusal
from transcripts.providers.registry import KINDS

if TYPE_CHECKING:
    from project.connections import Network
    from project.instance import Instance

# The kernel takes 107 bytes; the rest is room for the temporary name Redis binds first.
LONGEST_SOCKET_PATH = 100


def check(instance: Instance) -> None:
    """Raise Refusal if this instance could not start here and now. Leaves nothing behind but the folder."""
    check_folder(instance)
    hold(instance).close()
    check_redis(instance)
    check_provider(instance)
    trusted_proxies(instance)
    check_port(instance)


def check_folder(instance: Instance) -> None:
    """The data folder can be made and written."""
    try:
        instance.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        instance.run_dir.mkdir(mode=0o700, exist_ok=True)
        tempfile.TemporaryFile(dir=instance.data_dir).close()
    except OSError as error:
        raise Refusal(
            f"The folder {instance.data_dir} cannot be written ({error.strerror}): make it writable, "
            "or choose another with DATA_DIR=/some/folder make run."
        ) from None


def hold(instance: Instance) -> IO[str]:
    """Take the folder for this process as long as the returned file stays open. Raises Refusal."""
    lock = instance.lock_file.open("a")
    os.fchmod(lock.fileno(), 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Refusal(
            f"Verbatim is already running on {instance.data_dir}{_whereabouts(instance)}: stop it first, "
            "or choose another folder and port with DATA_DIR=/some/folder PORT=8001 make run."
        ) from None
    return lock


def _whereabouts(instance: Instance) -> str:
    try:
        state = json.loads(instance.state_file.read_text())
        return f" (process {state['supervisor']}, {state['address']})"
    except (OSError, ValueError, KeyError):
        return ""


def check_provider(instance: Instance) -> None:
    """The chosen provider is one there is, and its address is known."""
    chosen = instance.variables.get("STT_PROVIDER") or "speechstream"
    if chosen not in KINDS:
        raise Refusal(f"STT_PROVIDER is “{chosen}”, which nobody knows: set it to one of {', '.join(KINDS)}.")
    if chosen != "speechstream" and not instance.brings_provider:
        raise Refusal(
            f"STT_PROVIDER is “{chosen}”, but nothing says where it is: set STT_API_ENDPOINT to its address and "
            "STT_API_KEY to your key, or leave STT_PROVIDER out to use the speech server of this machine."
        )


def check_redis(instance: Instance) -> None:
    """Our own Redis could run: its program exists and its socket's name is short enough."""
    if instance.brings_redis:
        return
    if len(os.fsencode(instance.redis_socket)) > LONGEST_SOCKET_PATH:
        raise Refusal(
            f"The folder {instance.data_dir} has too long a name for a Unix socket: choose one of at most "
            f"{LONGEST_SOCKET_PATH - len('/redis/redis.sock')} bytes with DATA_DIR=/some/folder make run."
        )
    if sys.version_info >= (3, 13) and not redis_on_path():
        raise Refusal(
            "Python 3.13 and later have no built-in Redis: use Python 3.11 or 3.12, install redis-server, "
            "or name a running Redis with REDIS_URL=redis://host:6379/0 make run."
        )


def redis_on_path() -> str | None:
    """The Redis (or Valkey) server of this machine, if it has one."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def check_port(instance: Instance) -> None:
    """Nothing else listens where the web process will."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind_address(instance), instance.port))
            probe.listen()
        except OSError as error:
            raise Refusal(_port_sentence(instance, error)) from None


def bind_address(instance: Instance) -> str:
    """Where the web process listens: this machine only, unless BIND_ADDRESS says otherwise."""
    return instance.variables.get("BIND_ADDRESS") or "127.0.0.1"


def trusted_proxies(instance: Instance) -> tuple[Network, ...]:
    """The proxies whose word for a client's address is taken. Raises Refusal."""
    text = instance.variables.get("TRUSTED_PROXIES") or ""
    try:
        return read_networks(text)
    except ValueError:
        raise Refusal(
            f"TRUSTED_PROXIES is “{text}”: give addresses or networks separated by commas, such as 10.0.0.7,fd00::/8."
        ) from None


def _port_sentence(instance: Instance, error: OSError) -> str:
    elsewhere = f"choose another with PORT={min(instance.port + 1, 65535)} make run."
    if error.errno == errno.EADDRINUSE:
        return f"Port {instance.port} is taken by another program: stop that program, or {elsewhere}"
    where = f"{bind_address(instance)}:{instance.port}"
    return f"Port {instance.port} cannot be opened ({where}: {error.strerror}): {elsewhere}"
