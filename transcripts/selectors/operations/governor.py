"""The governor of one account: its window now, who is next at it, and when their turn comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import throttle
from transcripts.services.operating.words import in_words
from transcripts.services.pipeline.fair_queue import in_order
from transcripts.services.pipeline.upload_slots import seconds_until
from transcripts.services.provider_accounts import accounts, pausing

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.models import ProviderAccount

SHOWN = 10
# So many refusals in a row are no accident
CIRCUIT = 3
NO_REDIS = "Redis doesn’t answer, so that the window is unknown."


@dataclass(frozen=True, slots=True)
class Turn:
    """A recording that waits for the account: whose it is, and about how long until it is sent; None if unknown."""

    recording_id: UUID
    title: str
    team: str
    seconds: int | None


def window_in_words(account: ProviderAccount) -> str:
    """Say how much of the window is used, and when the next slot is free."""
    if account.key_refused_at:
        return "The key was refused: nothing new is sent."
    if account.paused_at:
        return "Paused: nothing new is sent."
    try:
        slots, cooling = throttle.slots(accounts.window(account)), throttle.cooling_ms(account.pk)
        counted = throttle.counted(account.pk)
    except throttle.Unavailable:
        return NO_REDIS
    if cooling:
        refused = f"The last {counted.refused} uploads were refused. " if counted.refused >= CIRCUIT else ""
        wait = in_words(-(-cooling // 1000))
        return f"{refused}The provider asked to wait for {wait} more; then one upload goes ahead of the others."
    if not account.upload_limit:
        return "No limit: everything is sent immediately."
    taken = sum(ms > 0 for ms in slots)
    free = "one is free now" if slots and slots[0] == 0 else f"the next is free in {in_words(-(-slots[0] // 1000))}"
    return (
        f"{taken} of {account.upload_limit} uploads of {in_words(account.upload_window_ms // 1000)} are used; {free}. "
        f"{_counted_in_words(counted)}"
    )


def _counted_in_words(counted: throttle.Counted) -> str:
    if counted.is_from_answer:
        return "Slots are counted from the provider’s answers, for it counts long uploads late."
    return f"Long uploads are counted from their start, with a margin of {counted.margin_ms / 1000:.1f} s."


def next_at(account: ProviderAccount) -> list[Turn]:
    """Return the first of those that wait, in the order in which they are sent."""
    window = accounts.window(account)
    try:
        slots = None if pausing.message_of(account) else throttle.slots(window)
    except throttle.Unavailable:
        slots = None
    line = in_order(account.pk).values_list("job__recording_id", "job__recording__title", "job__recording__team__name")[
        :SHOWN
    ]
    return [
        Turn(recording, title, team, seconds_until(number, slots, window))
        for number, (recording, title, team) in enumerate(line, start=1)
    ]
