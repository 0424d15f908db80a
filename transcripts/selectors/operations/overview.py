"""The first page of the console: one sentence, what needs attention, then the numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.selectors.operations import drills, failing, live, machine, mail, queues
from transcripts.selectors.operations.accounts.problems import problems as problems_of_accounts
from transcripts.selectors.operations.accounts.reading import states as states_of_accounts
from transcripts.services.operating.words import counted, in_words

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.selectors.operations.accounts.state import AccountState
    from transcripts.selectors.operations.drills import Readiness, Running
    from transcripts.selectors.operations.live import Live
    from transcripts.selectors.operations.machine import Disk
    from transcripts.selectors.operations.parts import Problem
    from transcripts.selectors.operations.queues import QueueState


@dataclass(frozen=True, slots=True)
class Overview:
    """What is shown first. `tone` is good, warn or red."""

    at: datetime
    problems: list[Problem]
    queues: list[QueueState]
    accounts: list[AccountState]
    live: Live
    disk: Disk
    drills: Readiness

    @property
    def drill(self) -> Running | None:
        """The drill that runs."""
        return self.drills.running

    @property
    def tone(self) -> str:
        """How bad it is."""
        if any(one.is_down for one in self.problems):
            return "red"
        return "warn" if self._pressing or self.drill else "good"

    @property
    def to_send(self) -> int:
        """How many recordings wait to be sent to a provider."""
        return sum(state.waits for state in self.accounts)

    @property
    def cooling(self) -> int:
        """How many accounts wait because their provider asked them to."""
        return sum(state.cooling_s > 0 for state in self.accounts)

    @property
    def _pressing(self) -> list[Problem]:
        return [one for one in self.problems if not one.is_notice]

    @property
    def verdict(self) -> str:
        """The sentence that says whether it works."""
        down = [one for one in self.problems if one.is_down]
        if down:
            rest = len(self._pressing) - 1
            return f"Not working: {_within(down[0].what)}" + (f", and {rest} more" if rest else "")
        if self.drill:
            return "A drill is running"
        if self._pressing:
            needs = "needs" if len(self._pressing) == 1 else "need"
            return f"Working; {counted(len(self._pressing), 'matter')} {needs} attention"
        return "Everything works"

    @property
    def explanation(self) -> str:
        """What the sentence means for those who wait."""
        oldest = [state.oldest for state in self.queues if state.oldest is not None]
        waits = max((self.at - since).total_seconds() for since in oldest) if oldest else 0
        if self.tone == "red":
            return "Nothing is lost: recordings, words and edits that arrived are saved."
        if self.drill:
            return "The engine misbehaves because an operator asked it to. Nothing is lost: what it refuses waits."
        if waits < 1:
            return "Nothing waits."
        return f"The oldest work in a queue waits {in_words(round(waits))}."


def _within(what: str) -> str:
    """Return words that began a sentence as they are within one; names keep their capitals."""
    return what[0].lower() + what[1:] if what.startswith(("No ", "The ")) else what


def overview() -> Overview:
    """Return all that the part of the page that changes shows."""
    began = time.monotonic()
    now = clock.now()
    found = queues.queues(now)
    database_s = time.monotonic() - began
    space, sessions = machine.disk(now), live.live(now)
    states = states_of_accounts(now, sessions.slots, has_limiter=found.workers is not None)
    ready = drills.readiness(states, now)
    problems = [
        *machine.problems(now, found, space, database_s),
        *drills.explained([*problems_of_accounts(states), *failing.retried(now)], ready.running),
        *failing.failed(now),
        *sessions.problems,
        *mail.problems(),
        *machine.missing_files(),
    ]
    problems.sort(key=lambda one: (not one.is_down, one.is_notice))
    return Overview(now, problems, found.states, states, sessions, space, ready)
