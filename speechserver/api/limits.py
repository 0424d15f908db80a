"""Rate limits: how often a key can upload and how often one processing id can be polled."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A client that sleeps exactly the interval is often a little early on the wire; a twentieth is tolerated.
TOLERANCE = 0.05
# Old timestamps are removed once this many processing ids have been polled.
SWEEP_AT = 10_000


@dataclass(frozen=True, slots=True)
class Rules:
    """At most `uploads` in any `per_s` seconds; `status_s` seconds between checks. Zero means no limit."""

    uploads: int = 0
    per_s: float = 60.0
    status_s: float = 0.0


DOCUMENTED = Rules(uploads=5, per_s=60.0, status_s=5.0)
NONE = Rules()


def parse_rules(text: str) -> Rules:
    """Read `documented`, `none`, or a list such as `uploads=5/2,status=0.2` (count/seconds, seconds).

    Raises ValueError with a message that says what is valid.
    """
    if text in ("documented", "none"):
        return DOCUMENTED if text == "documented" else NONE
    rules = NONE
    try:
        for item in text.split(","):
            name, _, value = item.partition("=")
            rules = _with_rule(rules, name.strip(), value)
    except ValueError as error:
        raise ValueError(
            f"The limits {text!r} can't be read. Write documented, none, or uploads=5/60,status=5."
        ) from error
    return rules


def _with_rule(rules: Rules, name: str, value: str) -> Rules:
    if name == "uploads":
        count, _, per_s = value.partition("/")
        return replace(rules, uploads=int(count), per_s=float(per_s))
    if name == "status":
        return replace(rules, status_s=float(value))
    raise ValueError(name)


def retry_after(wait_s: float) -> str:
    """Return the Retry-After header for a wait: whole seconds, never less than one."""
    return str(max(1, math.ceil(wait_s)))


@dataclass(slots=True)
class Gate:
    """Counts requests in sliding windows of a monotonic clock. A refused request is never counted."""

    rules: Rules
    clock: Callable[[], float] = time.monotonic
    _uploads: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _checks: dict[tuple[str, str], float] = field(default_factory=dict)

    def upload_wait_s(self, key: str) -> float:
        """Return the seconds until this key can upload, 0 for immediately."""
        if not self.rules.uploads:
            return 0.0
        stamps, now = self._uploads[key], self.clock()
        while stamps and stamps[0] <= now - self.rules.per_s:
            stamps.popleft()
        if len(stamps) < self.rules.uploads:
            return 0.0
        return stamps[0] + self.rules.per_s - now

    def count_upload(self, key: str) -> float:
        """Count an upload that begins now; return its timestamp for `uncount_upload`."""
        stamp = self.clock()
        self._uploads[key].append(stamp)
        return stamp

    def uncount_upload(self, key: str, stamp: float) -> None:
        """Remove an upload from the count: it was refused after all."""
        if stamp in self._uploads[key]:
            self._uploads[key].remove(stamp)

    def status_wait_s(self, key: str, processing_id: str) -> float:
        """Return the seconds until this id can be polled again; 0 means now, and counts the request."""
        now, last = self.clock(), self._checks.get((key, processing_id))
        if last is not None and now - last < self.rules.status_s * (1 - TOLERANCE):
            return last + self.rules.status_s - now
        self._checks[key, processing_id] = now
        if len(self._checks) > SWEEP_AT:
            self._sweep(now)
        return 0.0

    def _sweep(self, now: float) -> None:
        self._checks = {pair: at for pair, at in self._checks.items() if now - at < self.rules.status_s}
