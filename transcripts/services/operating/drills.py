"""Drills: an operator makes the engine of this machine misbehave for a while, and watches the instance cope."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from transcripts import throttle
from transcripts.providers.errors import ProviderError
from transcripts.services.errors import Refused
from transcripts.services.operating import machine
from transcripts.services.operating.words import counted
from transcripts.services.provider_accounts import drills

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import ProviderAccount
    from transcripts.providers.speechstream.drills import Drills

KINDS = {
    "too_many": "Too many requests",
    "outage": "Outage",
    "slow": "Slowness",
    "dropped": "Dropped live connections",
}
MINUTES = (1, 5, 15)
ELSEWHERE = (
    "New work doesn’t go to the engine of this machine. Drills aren’t available with another provider, nor with an "
    "engine in a container of its own, because people depend on it."
)
NOT_ALLOWED = (
    "The engine of this machine was started without drills. Start it with --drills, as the line “speech” of the "
    "Procfile does."
)
SILENT = "The engine of this machine doesn’t answer. A drill ends automatically, and with the engine’s process."
RUNNING = "A drill is running already. End it first."
UNKNOWN = "Choose what the engine does, and for how long."


def begin(account: ProviderAccount, actor: User, kind: str, minutes: str) -> str:
    """Have the engine misbehave for so many minutes."""
    if kind not in KINDS or minutes not in map(str, MINUTES):
        raise Refused("bad_drill", UNKNOWN)
    try:
        _controls(account).begin(kind, seconds=int(minutes) * 60, by=str(actor))
    except ProviderError as error:
        raise refusal_of(error) from error
    return f"A drill began: {KINDS[kind].lower()}, for {counted(int(minutes), 'minute')}."


def end(account: ProviderAccount, actor: User) -> str:
    """End the drill, and ask the engine again for what waits."""
    controls = _controls(account)
    try:
        is_running = controls.running() is not None
        controls.end()
    except ProviderError as error:
        raise refusal_of(error) from error
    with suppress(throttle.Unavailable):
        throttle.warm(account.pk)
    with suppress(Refused):
        machine.check_account(account, actor)
    return "The drill has ended." if is_running else "No drill was running."


def refusal_of(error: ProviderError) -> Refused:
    """Return what an answer of the engine means for who asked for a drill."""
    if error.status_code == 404:
        return Refused("no_drills", NOT_ALLOWED)
    if error.status_code == 409:
        return Refused("drill_running", RUNNING)
    return Refused("unhealthy", SILENT)


def _controls(account: ProviderAccount) -> Drills:
    controls = drills.of(account)
    if controls is None:
        raise Refused("no_drills", ELSEWHERE)
    return controls
