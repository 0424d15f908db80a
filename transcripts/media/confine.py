"""Run a program confined: bounded memory, processor time and file size, no network, gone with its parent.

Used as a script: `python -I -S confine.py MEMORY_BYTES CPU_SECONDS FILE_BYTES PROGRAM ARGUMENT...`. It stands
between a worker and a decoder that reads what strangers upload. Where the kernel gives no namespaces to ordinary
users the network stays, and the decoder's own protocol list is what keeps it from it.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def main() -> None:
    """Confine this process and become the program."""
    memory, cpu, size = (int(value) for value in sys.argv[1:4])
    libc = ctypes.CDLL(None)
    parent = os.getppid()
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent == 1 or os.getppid() != parent:
        sys.exit(1)  # the parent died before the signal was asked for
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWNET)
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: size,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in limits.items():
        with contextlib.suppress(ValueError):  # already held lower from outside
            resource.setrlimit(kind, (value, value))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606 - becoming the program is the point


if __name__ == "__main__":
    main()
