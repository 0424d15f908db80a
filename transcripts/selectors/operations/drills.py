"""The drill that runs, and whether one can be begun."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from transcripts.providers.errors import ProviderError
from transcripts.services.operating.drills import ELSEWHERE, KINDS, MINUTES, refusal_of
from transcripts.services.provider_accounts import drills

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from transcripts.models import ProviderAccount
    from transcripts.selectors.operations.accounts.state import AccountState
    from transcripts.selectors.operations.parts import Problem

DOES = {
    "too_many": "makes the engine answer 429",
    "outage": "makes the engine answer 503",
    "slow": "makes the engine answer 5 s late",
    "dropped": "cuts live connections every 15 s",
}
EFFECTS = {
    "too_many": "The engine answers 429 and asks to wait. Recordings are prepared and wait to be sent. Live sessions "
    "that are open continue; a new one is recorded, and its words come later.",
    "outage": "The engine answers 503 and cuts live connections. Recordings wait; live sessions are recorded without "
    "words, which come after the drill.",
    "slow": "The engine answers 5 s late. Recordings take longer, and live sessions begin later. Nothing fails.",
    "dropped": "The engine cuts live connections every 15 s. Words pause and continue; recordings aren’t affected.",
}


@dataclass(frozen=True, slots=True)
class Running:
    """A drill that runs, and until when."""

    account: ProviderAccount
    kind: str
    until: datetime
    seconds_left: int
    by: str

    @property
    def does(self) -> str:
        """What it does, after "A drill"."""
        return DOES.get(self.kind, "makes the engine misbehave")


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of drill: its name, and what people notice of it."""

    kind: str
    label: str
    effect: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a drill can be begun with the account; `lack` says why not."""

    account: ProviderAccount | None = None
    running: Running | None = None
    lack: str = ""

    @property
    def choices(self) -> list[Choice]:
        """What the engine can do."""
        return [Choice(kind, label, EFFECTS[kind]) for kind, label in KINDS.items()]

    @property
    def minutes(self) -> tuple[int, ...]:
        """For how long."""
        return MINUTES


def readiness(states: Iterable[AccountState], now: datetime) -> Readiness:
    """Tell whether the engine of this machine serves, allows drills and has one. Asks the engine, without a query."""
    ready = Readiness(lack=ELSEWHERE)
    # One that serves no longer may have done so when its drill was begun, and that has to be ended too
    for state in sorted(states, key=lambda one: not one.is_serving):
        controls = drills.of(state.account, state.keys)
        if controls is None:
            continue
        try:
            found = controls.running()
        except ProviderError as error:
            ready = Readiness(state.account, lack=str(refusal_of(error))) if state.is_serving else ready
            continue
        if found is None:
            ready = Readiness(state.account) if state.is_serving else ready
            continue
        until = now + timedelta(seconds=found.seconds_left)
        return Readiness(state.account, Running(state.account, found.kind, until, found.seconds_left, found.by))
    return ready


def explained(problems: Iterable[Problem], running: Running | None) -> list[Problem]:
    """Say of what is wrong with the drilled account that the drill can be why: then no one needs to mend it."""
    if running is None:
        return list(problems)
    why = "A drill is running, which can cause this."
    return [
        replace(one, why=f"{why} {one.why}", is_down=False, is_notice=True)
        if one.account_id == running.account.pk
        else one
        for one in problems
    ]
