"""A filter of system calls: no sockets, for Landlock doesn't refuse those with a path, and nothing to escape by."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, MODE_FILTER = 22, 2
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
ARCHITECTURE, NUMBER = 4, 0

# By machine: how audit names it, and the numbers of socket, socketpair, connect, ptrace, process_vm_readv, mount,
# io_uring_setup (which can open sockets without the call), bpf, keyctl, add_key, request_key
CALLS = {
    "x86_64": (0xC000003E, (41, 53, 42, 101, 310, 165, 425, 321, 250, 248, 249)),
    "aarch64": (0xC00000B7, (198, 199, 203, 117, 270, 40, 425, 280, 219, 217, 218)),
}
# The calls of x32 on a 64-bit kernel have this bit set; no program here makes them.
X32 = 0x40000000
AT_LEAST = 0x35


def restrict() -> bool:
    """Refuse this process, and all it starts, sockets; False on a machine whose calls are not known here."""
    if platform.machine() not in CALLS:
        return False
    architecture, calls = CALLS[platform.machine()]
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUALS, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, len(calls) + 1, 0, X32),
        *((EQUALS, len(calls) - at, 0, call) for at, call in enumerate(calls)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE | errno.EACCES),
    ]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code)
    filter_program = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(buffer)))
    return bool(ctypes.CDLL(None).prctl(PR_SET_SECCOMP, MODE_FILTER, filter_program, 0, 0) == 0)
