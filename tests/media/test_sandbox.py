"""Decoders read what strangers upload: in flat memory, without a network, and never longer than their parent."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.environment import ROOT
from tests.support.audio import ffmpeg_path
from transcripts.media import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    subprocess.run([ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", noise, path], check=True)
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


def confined_python(program: str, *, reads: Sequence[Path] = (), writes: Path | None = None) -> str:
    """What a Python program prints when it runs as decoders do."""
    command = [sys.executable, "-c", program]
    with (
        tempfile.TemporaryFile() as complaints,
        run.confined(command, BOUNDS, errors=complaints, reads=reads, writes=writes) as process,
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
    """Of this machine's networks it has only a loopback of its own."""
    lines = confined_python("print(open('/proc/self/net/dev').read())").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines if line] == ["lo"]


@pytest.mark.parametrize("family", ["AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"])
def test_a_decoder_gets_no_socket(family: str) -> None:
    """Redis, PostgreSQL and all else that listens on this machine is out of reach, whatever the path."""
    said = confined_python(f"import socket; socket.socket(socket.{family}, socket.SOCK_RAW)")
    assert "PermissionError: [Errno 13]" in said


def test_a_decoder_cannot_get_a_socket_by_io_uring() -> None:
    program = (
        "import ctypes\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.syscall(425, 8, ctypes.create_string_buffer(120)), ctypes.get_errno())\n"
    )
    assert confined_python(program).split() == ["-1", "13"]


confined_files = pytest.mark.skipif(
    run.confinement() == "none", reason="This machine has neither Landlock nor bubblewrap."
)


@confined_files
@pytest.mark.parametrize("name", ["secret_key", "verbatim.sqlite3", "media/originals/another"])
def test_a_decoder_cannot_read_what_is_beside_its_input(tmp_path: Path, name: str) -> None:
    mine, others = tmp_path / "media" / "originals" / "mine", tmp_path / name
    mine.parent.mkdir(parents=True)
    mine.write_text("what I may read")
    others.write_text("what I may not")
    assert confined_python(f"print(open({str(mine)!r}).read())", reads=[mine]) == "what I may read\n"
    said = confined_python(f"print(open({str(others)!r}).read())", reads=[mine])
    assert "PermissionError" in said or "FileNotFoundError" in said
    assert "what I may not" not in said


@confined_files
def test_a_decoder_writes_only_into_its_own_folder(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.mkdir()
    other.mkdir()
    assert confined_python(f"open({str(mine / 'made')!r}, 'w').write('here')", writes=mine) == ""
    assert (mine / "made").read_text() == "here"
    assert "Error" in confined_python(f"open({str(other / 'made')!r}, 'w').write('here')", writes=mine)
    assert list(other.iterdir()) == []


@confined_files
def test_a_decoder_cannot_change_its_input(tmp_path: Path) -> None:
    source = tmp_path / "recording"
    source.write_text("as it was uploaded")
    assert "Error" in confined_python(f"open({str(source)!r}, 'r+').write('other')", reads=[source])
    assert source.read_text() == "as it was uploaded"


@confined_files
def test_a_decoder_cannot_list_the_folder_that_the_project_is_in() -> None:
    assert "Error" in confined_python(f"import os; print(os.listdir({str(ROOT)!r}))")


@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        ("x = bytearray(2 * 1024**3)", "MemoryError"),
        ("open('{folder}/test', 'wb').write(bytes(2 * 1024**2))", "File too large"),
        ("import os; [os.dup(0) for _ in range(100)]", "Too many open files"),
    ],
)
def test_a_decoder_gets_no_more_than_its_bounds(tmp_path: Path, program: str, complaint: str) -> None:
    assert complaint in confined_python(program.format(folder=tmp_path), writes=tmp_path)


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
