"""What the first page of the console says of keys that a provider refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from transcripts.selectors.operations.parts import Act, Problem
from transcripts.services.provider_accounts import accounts
from transcripts.services.provider_accounts.keys import name_of

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount
    from transcripts.services.provider_accounts.keys import Key


def all_of(account: ProviderAccount, waits: str, *, is_down: bool) -> Problem:
    """Say that an account waits because its provider takes none of its keys."""
    target = str(account.pk)
    again = Act("resume_account", "Try again", target, f"Send what waits for {account.name}, with the keys it has.")
    return Problem(
        f"refused-{target}", f"{account.name} refuses the key",
        f"Nothing new is sent to it until there is a valid key. {waits}", account.key_refused_at, (again,),
        href=href_of(account), is_down=is_down,
    )  # fmt: skip


def missing(account: ProviderAccount, waits: str, check: Act, *, is_down: bool) -> Problem:
    """Say that an account has no key at all."""
    variable = account.key_variable
    lack = accounts.what_is_missing(account)
    why = f"{lack[:1].upper()}{lack[1:]} {waits}" if not variable else f"{lack} {waits}"
    return Problem(
        f"key-{account.pk}", f"No key for {account.name}", why, command=f"{variable}=… make run" if variable else "",
        href=href_of(account), is_down=is_down, acts=(check,),
    )  # fmt: skip


def of(account: ProviderAccount, found: list[Key]) -> list[Problem]:
    """Say that one of the account's keys is refused while another one works."""
    refused = [key for key in found if key.refused_at]
    if not refused or len(refused) == len(found):
        return []
    used = name_of(next(key for key in found if key.refused_at is None))
    return [
        Problem(
            f"switched-{account.pk}", f"{account.name} refuses a key",
            f"It refuses {name_of(refused[0])}, so {used} is used. Nothing waits. Replace or retire the refused key.",
            refused[0].refused_at, href=href_of(account), is_notice=True,
        )
    ]  # fmt: skip


def href_of(account: ProviderAccount) -> str:
    """Where the keys of the account are."""
    return reverse("operations_keys", args=[account.pk])
