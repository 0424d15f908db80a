"""What `transcribe` says in more than one of its ways."""

from __future__ import annotations

STOPPED = (
    "The instance has stopped. What was sent is safe; transcription continues when it runs again "
    "(Ctrl-C to stop waiting)"
)
UNREACHABLE = (
    "The database does not answer. What was sent is safe; transcription continues when it is back "
    "(Ctrl-C to stop waiting)"
)
START_ONE = (
    "No running instance uses DATA_DIR={data_dir}. Start one with `make run`, or set DATA_DIR (and DATABASE_URL, "
    "REDIS_URL, if set) to those of the running instance."
)
DOUBT = "The language was detected as “{language}” with {sure} certainty. If that is wrong, set it with --language."
CHANGED = "It changed while it was being sent. It is not sent before it is complete."
