"""Limits against guessing a password, shared by all processes through the cache.

An attempt counts against the client's address, against the address and the account together, and against the account
from everywhere. The last alone would let a stranger lock the rightful person out, so past it each address still has
one attempt in a while: enough for who knows the password, useless to who guesses. A browser that signed in before
carries a signed mark and is counted apart from everyone else.

Windows are fixed: they end a while after their first attempt, however many follow, so no one is locked out for ever.
"""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from accounts.clients import address_of, network_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MARK = "known"
MARK_SALT = "accounts.attempts.mark"
MARK_LASTS_S = 365 * 24 * 3600
MOST_ACCOUNTS_A_BROWSER = 8


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts within so many seconds."""

    count: int
    within_s: int


BY_ADDRESS = Limit(60, 600)
BY_ADDRESS_AND_ACCOUNT = Limit(5, 300)
BY_KNOWN_BROWSER = Limit(10, 300)
BY_ACCOUNT = Limit(50, 3600)
# Mails of one kind to one address: whoever asks for more on purpose only fills another person's mailbox.
BY_RECIPIENT = Limit(5, 3600)
# What an address has for an account that is being guessed from everywhere.
UNDER_ATTACK = Limit(1, 300)


class TooManyAttempts(Exception):
    """An attempt that is refused unseen; the message says how long to wait."""

    def __init__(self) -> None:
        minutes = BY_ADDRESS_AND_ACCOUNT.within_s // 60
        super().__init__(f"Too many attempts with a wrong password. Wait {minutes} minutes, then try again.")


@dataclass(slots=True)
class Attempt:
    """One attempt that was counted."""

    keys: list[str] = field(default_factory=list)

    def forgive(self) -> None:
        """Count it no more: the password was right."""
        for key in self.keys:
            _add(key, -1)


def begin(request: HttpRequest, account: str) -> Attempt:
    """Count an attempt at an account (or at anything else with a password) before it is made.

    Raises TooManyAttempts where it must not be made.
    """
    network = network_of(address_of(request))
    browser = _browser(request, account)
    if browser:
        return _count(Attempt(), f"browser:{browser}:{account}", BY_KNOWN_BROWSER)
    attempt = _count(Attempt(), f"address:{network}", BY_ADDRESS)
    pair = f"pair:{network}:{account}"
    is_guessed = cache.get(_key(f"account:{account}"), 0) >= BY_ACCOUNT.count
    _count(attempt, pair, UNDER_ATTACK if is_guessed else BY_ADDRESS_AND_ACCOUNT)
    return _count(attempt, f"account:{account}", Limit(sys.maxsize, BY_ACCOUNT.within_s))


def may_mail(kind: str, recipient: str) -> bool:
    """Count a mail to an address; False where it had enough of this kind."""
    try:
        _count(Attempt(), f"mail:{kind}:{recipient}", BY_RECIPIENT)
    except TooManyAttempts:
        return False
    return True


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Mark the browser as one in which this account's password was known."""
    browser, accounts = _mark(request)
    accounts = [_digest(account), *(one for one in accounts if one != _digest(account))]
    response.set_cookie(
        MARK,
        signing.dumps([browser, accounts[:MOST_ACCOUNTS_A_BROWSER]], salt=MARK_SALT),
        max_age=MARK_LASTS_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _browser(request: HttpRequest, account: str) -> str:
    """The name of a browser that signed in to this account before; empty for any other."""
    browser, accounts = _mark(request)
    return browser if _digest(account) in accounts else ""


def _mark(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's name, new where it has none, and the accounts it signed in to."""
    try:
        browser, accounts = signing.loads(request.COOKIES.get(MARK, ""), salt=MARK_SALT, max_age=MARK_LASTS_S)
    except (signing.BadSignature, ValueError, TypeError):
        return secrets.token_hex(16), []
    return browser, accounts


def _count(attempt: Attempt, name: str, limit: Limit) -> Attempt:
    key = _key(name)
    cache.add(key, 0, limit.within_s)
    if _add(key, 1) > limit.count:
        # Refused unseen, it says nothing about the account and counts only against what refused it
        attempt.forgive()
        raise TooManyAttempts
    attempt.keys.append(key)
    return attempt


def _add(key: str, number: int) -> int:
    try:
        return int(cache.incr(key, number))
    except ValueError:  # its window has just ended
        return 0


def _key(name: str) -> str:
    return f"attempts:{_digest(name)}"


def _digest(text: str) -> str:
    """Stand in for an address or an account, neither of which is stored in the clear."""
    return salted_hmac("accounts.attempts", text.lower()).hexdigest()
