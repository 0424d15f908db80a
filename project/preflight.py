"""Check what must hold before Verbatim starts; each failure is one sentence.

Standard library only: the set-up runs it before it spends a minute on installing.
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

from accounts.oidc.configuration import read_providers
from accounts.signup.setting import read_signup
from project.instance import Refusal
from project.networks import read_networks
from transcripts.providers.registry import KINDS

if TYPE_CHECKING:
    from project.instance import Instance
    from project.networks import Network

# The kernel takes 107 bytes; the rest is left for the temporary name that Redis binds first.
MAX_SOCKET_PATH = 100


def check(instance: Instance) -> None:
    """Raise Refusal if this instance can't start now. Creates nothing but the folder."""
    check_folder(instance)
    lock_folder(instance).close()
    check_redis(instance)
    check_provider(instance)
    trusted_proxies(instance)
    check_sign_in(instance)
    check_port(instance)


def check_folder(instance: Instance) -> None:
    """Raise Refusal if the data folder can't be created or written."""
    try:
        instance.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        instance.run_dir.mkdir(mode=0o700, exist_ok=True)
        tempfile.TemporaryFile(dir=instance.data_dir).close()
    except OSError as error:
        raise Refusal(
            f"The folder {instance.data_dir} can't be written ({error.strerror}): make it writable, "
            "or choose another with DATA_DIR=/some/folder make run."
        ) from None


def lock_folder(instance: Instance) -> IO[str]:
    """Lock the folder for this process while the returned file is open. Raises Refusal."""
    lock = instance.lock_file.open("a")
    os.fchmod(lock.fileno(), 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Refusal(
            f"Verbatim is already running on {instance.data_dir}{_running_at(instance)}: stop it first, "
            "or choose another folder and port with DATA_DIR=/some/folder PORT=8001 make run."
        ) from None
    return lock


def _running_at(instance: Instance) -> str:
    try:
        state = json.loads(instance.state_file.read_text())
        return f" (process {state['supervisor']}, {state['address']})"
    except (OSError, ValueError, KeyError):
        return ""


def check_provider(instance: Instance) -> None:
    """Raise Refusal if the chosen provider doesn't exist or its address isn't set."""
    chosen = instance.variables.get("STT_PROVIDER") or "speechstream"
    if chosen not in KINDS:
        raise Refusal(f"Unknown STT_PROVIDER “{chosen}”; choose one of {', '.join(KINDS)}.")
    if chosen != "speechstream" and not instance.has_external_provider:
        raise Refusal(
            f"STT_PROVIDER is “{chosen}”, but its address isn't set: set STT_API_ENDPOINT to its address and "
            "STT_API_KEY to your key, or leave out STT_PROVIDER to use the speech server of this machine."
        )


def check_redis(instance: Instance) -> None:
    """Raise Refusal if the embedded Redis can't run: without its program, or with too long a socket path."""
    if instance.has_external_redis:
        return
    if len(os.fsencode(instance.redis_socket)) > MAX_SOCKET_PATH:
        raise Refusal(
            f"The path {instance.data_dir} is too long for a Unix socket: choose one of at most "
            f"{MAX_SOCKET_PATH - len('/redis/redis.sock')} bytes with DATA_DIR=/some/folder make run."
        )
    if sys.version_info >= (3, 13) and not redis_on_path():
        raise Refusal(
            "Python 3.13 and later have no built-in Redis: use Python 3.11 or 3.12, install redis-server, "
            "or name a running Redis with REDIS_URL=redis://host:6379/0 make run."
        )


def redis_on_path() -> str | None:
    """Return the path of this machine's Redis (or Valkey) server, if it has one."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def check_port(instance: Instance) -> None:
    """Raise Refusal if another program uses the port of the web process."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind_address(instance), instance.port))
            probe.listen()
        except OSError as error:
            raise Refusal(_port_message(instance, error)) from None


def bind_address(instance: Instance) -> str:
    """Return the address that the web process binds: loopback, unless BIND_ADDRESS is set."""
    return instance.variables.get("BIND_ADDRESS") or "127.0.0.1"


def trusted_proxies(instance: Instance) -> tuple[Network, ...]:
    """Return the proxies whose X-Forwarded-For is trusted. Raises Refusal."""
    text = instance.variables.get("TRUSTED_PROXIES") or ""
    try:
        return read_networks(text)
    except ValueError:
        raise Refusal(
            f"TRUSTED_PROXIES is “{text}”: set addresses or networks separated by commas, such as 10.0.0.7,fd00::/8."
        ) from None


def check_sign_in(instance: Instance) -> None:
    """Raise Refusal if the settings of sign-up and of OpenID Connect can't be read."""
    variables = {name: value or "" for name, value in instance.variables.items()}
    try:
        read_signup(variables.get("SIGNUP", ""), variables.get("SIGNUP_OPEN", ""), is_local=False)
        read_providers(variables.get("OIDC_PROVIDERS", ""), variables)
    except ValueError as error:
        text = str(error)
        raise Refusal(f"{text[0].upper()}{text[1:]}. .env.example shows how to write it.") from None


def _port_message(instance: Instance, error: OSError) -> str:
    elsewhere = f"choose another with PORT={min(instance.port + 1, 65535)} make run."
    if error.errno == errno.EADDRINUSE:
        return f"Port {instance.port} is in use by another program: stop that program, or {elsewhere}"
    where = f"{bind_address(instance)}:{instance.port}"
    return f"Port {instance.port} can't be opened ({where}: {error.strerror}): {elsewhere}"
