"""Run a program confined: bounded memory, processor time and file size, its own files only, no network.

Used as a script: `python -I -S confine.py ORDER PROGRAM ARGUMENT...`, with the JSON order of `media/run.py`. It stands
between a worker and a decoder that reads what strangers upload. The program dies with its parent. What it can read
and write is kept to the order's by Landlock, or by bubblewrap if the kernel has no Landlock; if neither is there,
the bounds, the filter of system calls and an empty network remain, and the health of the instance says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - few imports start faster

import landlock  # type: ignore[import-not-found]
import seccomp  # type: ignore[import-not-found]

# The exit status if the kernel has Landlock but refused to confine this process; `media/prepare.py` knows it.
UNCONFINED = 70
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
# Libraries, what the loader and Python read at their start, and the source of randomness
SYSTEM = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/proc/self"]
DEVICES = ["/dev/null"]


def main() -> None:
    """Confine this process and become the program."""
    order, program = json.loads(sys.argv[1]), sys.argv[2:]
    libc = ctypes.CDLL(None)
    parent = os.getppid()
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent == 1 or os.getppid() != parent:
        sys.exit(1)  # the parent died before the signal was asked for
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    writes = [order["writes"]] if order["writes"] else []
    if landlock.version():
        _without_network(libc)
        if not landlock.restrict([*SYSTEM, *order["code"], *order["reads"]], [*DEVICES, *writes]):
            sys.exit(UNCONFINED)
    elif wrapper := shutil.which("bwrap"):
        program = [wrapper, *_wrapping(order["code"] + order["reads"], writes), *program]
    else:
        _without_network(libc)
    _bound(order)
    if not program[0].endswith("bwrap"):
        seccomp.restrict()
    os.execv(program[0], program)  # noqa: S606 - becoming the program is the point


def _without_network(libc: ctypes.CDLL) -> None:
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWNET)


def _bound(order: dict[str, int]) -> None:
    limits = {
        resource.RLIMIT_AS: order["memory_bytes"],
        resource.RLIMIT_CPU: order["cpu_s"],
        resource.RLIMIT_FSIZE: order["file_bytes"],
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in limits.items():
        with contextlib.suppress(ValueError):  # already held lower from outside
            resource.setrlimit(kind, (value, value))


def _wrapping(reads: list[str], writes: list[str]) -> list[str]:
    """Return bubblewrap's options: a file system of its own, in which only these paths are."""
    options = ["--unshare-all", "--die-with-parent", "--dev", "/dev", "--proc", "/proc"]
    for path in (*SYSTEM[:5], *reads):
        options += ["--ro-bind-try", path, path]
    for path in writes:
        options += ["--bind", path, path]
    return [*options, "--"]


if __name__ == "__main__":
    main()
