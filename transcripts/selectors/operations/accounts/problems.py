"""What is wrong with the provider accounts, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.selectors.operations.accounts import refused_keys
from transcripts.selectors.operations.parts import Act, Problem
from transcripts.services.operating.words import counted, in_words
from transcripts.services.provider_accounts import keys

if TYPE_CHECKING:
    from transcripts.selectors.operations.accounts.state import AccountState

NO_PROVIDER = Problem(
    "provider",
    "No provider is configured",
    "Uploads are saved and wait. Set STT_API_ENDPOINT and STT_API_KEY and restart, or choose an account.",
)


def problems(found: list[AccountState]) -> list[Problem]:
    """Return what is wrong with the accounts that are used."""
    if not any(state.is_serving for state in found):
        return [NO_PROVIDER]
    used = ((state, _problems_of(state)) for state in found if state.is_serving or state.waits)
    return [replace(problem, account_id=state.account.pk) for state, wrong in used for problem in wrong]


def _problems_of(state: AccountState) -> list[Problem]:
    account, target = state.account, str(state.account.pk)
    check = Act("check_account", "Ask again", target, f"Ask {account.name} whether it answers, now.")
    waits = f"{counted(state.waits, 'recording')} {'waits' if state.waits == 1 else 'wait'}; nothing is lost."
    if state.is_key_missing:
        return [refused_keys.missing(account, waits, check, is_down=state.is_serving)]
    if account.key_refused_at and not account.paused_at:
        return [refused_keys.all_of(account, waits, is_down=state.is_serving)]
    if account.health_checked_at is not None and not account.is_healthy:
        why = f"{account.health_message or 'It did not answer.'} {waits}"
        key = keys.key_variable_of(account)
        is_key = any(word == "key refused" for word, _ in state.failures) or "key" in account.health_message.lower()
        return [
            Problem(
                f"health-{target}", f"{account.name} {'refuses the key' if is_key else 'can’t be reached'}", why,
                account.health_checked_at, (check, *state.acts), f"{key}=… make run" if is_key else "", state.href,
                is_down=state.is_serving,
            )
        ]  # fmt: skip
    if account.paused_at:
        return [
            Problem(
                f"paused-{target}", f"{account.name} is paused", f"An operator paused it. {waits}", account.paused_at,
                state.acts, href=state.href, is_notice=not state.waits,
            )
        ]  # fmt: skip
    if state.cooling_s:
        return [
            Problem(
                f"cooling-{target}", f"{account.name} asked to wait",
                f"It is asked again in {in_words(state.cooling_s)}. {waits}",
                None, state.acts[:1], href=state.href, is_notice=True,
            )
        ]  # fmt: skip
    return refused_keys.of(account, state.keys)
