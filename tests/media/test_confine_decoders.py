"""Decoders read what strangers upload: in flat memory, without a network, and never longer than their parent."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.environment import ROOT
from transcripts.media import run

BOUNDS = run.Bounds(memory_bytes=1024**3, cpu_s=20, file_bytes=1024**2)
# Prepares a file in a process of its own and tells the most memory, in KiB, that it and its decoders ever had.
PREPARE = """
import json, resource, sys
from pathlib import Path
from transcripts.media import prepare
prepare.prepare(Path(sys.argv[1]), Path(sys.argv[2]), lambda share: None)
own, theirs = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([own, theirs]))
"""


def sound_of(minutes: int, folder: Path) -> Path:
    """Noise in a format that no browser plays, so that every output is made."""
    path = folder / f"{minutes}.aiff"
    noise = f"anoisesrc=sample_rate=8000:duration={minutes * 60}"
    subprocess.run([run.ffmpeg(), "-v", "error", "-f", "lavfi", "-i", noise, path], check=True)
    return path


def most_memory(source: Path, folder: Path) -> tuple[int, int]:
    """The most memory, in KiB, that a worker and its decoders had while they prepared the file."""
    folder.mkdir()
    command = [sys.executable, "-c", PREPARE, source, folder]
    output = subprocess.run([str(part) for part in command], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    own, theirs = json.loads(output)
    return own, theirs


def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    short, long = (most_memory(sound_of(n, tmp_path), tmp_path / str(n)) for n in (1, 10))
    for brief, lasting in zip(short, long, strict=True):
        assert lasting - brief < 12 * 1024


def confined_python(program: str) -> str:
    """What a Python program prints when it runs as decoders do."""
    with (
        tempfile.TemporaryFile() as complaints,
        run.confined([sys.executable, "-c", program], BOUNDS, errors=complaints) as process,
    ):
        output, _ = process.communicate()
        complaints.seek(0)
        return output.decode() + complaints.read().decode()


def may_make_namespaces() -> bool:
    return (
        subprocess.run(["unshare", "--user", "--net", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0
    )


@pytest.mark.skipif(not may_make_namespaces(), reason="The kernel gives no namespaces to this user.")
def test_a_decoder_sees_no_network() -> None:
    """Not even this machine's own loopback answers."""
    program = (
        "import socket\n"
        "print([name for _, name in socket.if_nameindex()])\n"
        "with socket.socket() as server:\n"
        "    server.bind(('127.0.0.1', 0))\n"
        "    server.listen()\n"
        "    with socket.socket() as client:\n"
        "        client.connect(server.getsockname())\n"
    )
    said = confined_python(program)
    assert said.startswith("['lo'")
    assert "Network is unreachable" in said


@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        ("x = bytearray(2 * 1024**3)", "MemoryError"),
        ("open('/dev/shm/verbatim-test', 'wb').write(bytes(2 * 1024**2))", "File too large"),
        ("import os; [os.dup(0) for _ in range(100)]", "Too many open files"),
    ],
)
def test_a_decoder_gets_no_more_than_its_bounds(program: str, complaint: str) -> None:
    try:
        assert complaint in confined_python(program)
    finally:
        Path("/dev/shm/verbatim-test").unlink(missing_ok=True)


def test_a_decoder_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STT_API_KEY", "a secret of ours")
    assert "secret" not in confined_python("import os; print(os.environ)")


def test_a_decoder_ends_with_a_parent_that_is_killed() -> None:
    """kill -9 of the worker leaves no decoder behind."""
    program = (
        "import sys, tempfile\n"
        "from transcripts.media.run import Bounds, confined\n"
        "with confined([sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(600)'],\n"
        "              Bounds(1024**3, 20, 0), errors=tempfile.TemporaryFile()) as process:\n"
        "    process.stdout.readline()\n"
        "    print(process.pid, flush=True)\n"
        "    process.wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        decoder = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
    gone, _ = psutil.wait_procs([decoder], timeout=10)
    assert gone == [decoder]
