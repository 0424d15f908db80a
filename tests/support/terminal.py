"""Becomes a command whose terminal is its standard input: `python -m tests.support.terminal COMMAND ...`."""

from __future__ import annotations

import fcntl
import os
import sys
import termios

os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
