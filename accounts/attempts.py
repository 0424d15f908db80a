"""Rate limits against password guessing, shared by all processes through the cache.

An attempt counts against the client's address, against the address and the account together, and against the account
from everywhere. The last alone would let a stranger lock out the owner, so beyond it each address still has one attempt
in each window: enough for someone who knows the password, useless for guessing. A browser that has signed in before
has a signed cookie and is counted separately.

Windows are fixed: they end a set time after their first attempt, however many follow, so no one is locked out
permanently.
"""

from __future__ import annotations

import logging
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

logger = logging.getLogger(__name__)

COOKIE = "known"
COOKIE_SALT = "accounts.attempts.mark"
COOKIE_AGE_S = 365 * 24 * 3600
MAX_ACCOUNTS_PER_BROWSER = 8


@dataclass(frozen=True, slots=True)
class Limit:
    """This many attempts within this many seconds."""

    count: int
    within_s: int


BY_ADDRESS = Limit(60, 600)
BY_ADDRESS_AND_ACCOUNT = Limit(5, 300)
BY_KNOWN_BROWSER = Limit(10, 300)
BY_ACCOUNT = Limit(50, 3600)
# Mails of one kind to one address: more requests could only fill someone else's mailbox.
BY_RECIPIENT = Limit(5, 3600)
# Files of strangers that are checked for one address.
BY_CHECKER = Limit(60, 600)
# Secret links that don't exist, asked for from one address.
BY_GUESSER = Limit(30, 600)
# For each address while an account is being guessed from everywhere.
UNDER_ATTACK = Limit(1, 300)


class TooManyAttempts(Exception):
    """An attempt that is refused without being checked; the message says how long to wait."""

    def __init__(self, what: str = "password") -> None:
        minutes = BY_ADDRESS_AND_ACCOUNT.within_s // 60
        super().__init__(f"Too many attempts with a wrong {what}. Wait {minutes} minutes, then try again.")


@dataclass(slots=True)
class Attempt:
    """One attempt that was counted."""

    keys: list[str] = field(default_factory=list)

    def forgive(self) -> None:
        """Remove it from the counts: the password was right."""
        for key in self.keys:
            _add(key, -1)


def begin(request: HttpRequest, account: str, *, what: str = "password") -> Attempt:
    """Count an attempt at an account (or at anything else with a secret) before it is made.

    `what` names the secret; each kind has counts of its own. Raises TooManyAttempts if it must not be made.
    """
    network = network_of(address_of(request))
    try:
        return _begin(network, _browser(request, account), account if what == "password" else f"{what}:{account}")
    except TooManyAttempts:
        # For programs that block addresses; the account is named nowhere
        logger.warning("Refused an attempt at a %s from %s: too many failed", what, network)
        raise TooManyAttempts(what) from None


def _begin(network: str, browser: str, account: str) -> Attempt:
    if browser:
        return _count(Attempt(), f"browser:{browser}:{account}", BY_KNOWN_BROWSER)
    attempt = _count(Attempt(), f"address:{network}", BY_ADDRESS)
    pair = f"pair:{network}:{account}"
    is_guessed = cache.get(_key(f"account:{account}"), 0) >= BY_ACCOUNT.count
    _count(attempt, pair, UNDER_ATTACK if is_guessed else BY_ADDRESS_AND_ACCOUNT)
    return _count(attempt, f"account:{account}", Limit(sys.maxsize, BY_ACCOUNT.within_s))


def can_mail(kind: str, recipient: str) -> bool:
    """Count a mail to an address; return False beyond the limit of this kind."""
    try:
        _count(Attempt(), f"mail:{kind}:{recipient}", BY_RECIPIENT)
    except TooManyAttempts:
        return False
    return True


def can_check(request: HttpRequest) -> bool:
    """Count a file that a stranger has checked; return False beyond the limit of their address."""
    try:
        _count(Attempt(), f"check:{network_of(address_of(request))}", BY_CHECKER)
    except TooManyAttempts:
        return False
    return True


def can_guess(request: HttpRequest, kind: str) -> bool:
    """Count a secret link of this kind that doesn't exist; return False beyond the limit of the visitor's address.

    Links that exist are never counted, so no limit keeps their owner out.
    """
    try:
        _count(Attempt(), f"guess:{kind}:{network_of(address_of(request))}", BY_GUESSER)
    except TooManyAttempts:
        return False
    return True


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Set a cookie that marks the browser as one that has signed in to this account."""
    browser, accounts = _read_cookie(request)
    accounts = [_digest(account), *(one for one in accounts if one != _digest(account))]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser, accounts[:MAX_ACCOUNTS_PER_BROWSER]], salt=COOKIE_SALT),
        max_age=COOKIE_AGE_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _browser(request: HttpRequest, account: str) -> str:
    """Return the id of a browser that has signed in to this account before; empty for any other."""
    browser, accounts = _read_cookie(request)
    return browser if _digest(account) in accounts else ""


def _read_cookie(request: HttpRequest) -> tuple[str, list[str]]:
    """Return the browser's id, a new one if it has none, and the accounts it has signed in to."""
    try:
        browser, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT, max_age=COOKIE_AGE_S)
    except (signing.BadSignature, ValueError, TypeError):
        return secrets.token_hex(16), []
    return browser, accounts


def _count(attempt: Attempt, name: str, limit: Limit) -> Attempt:
    key = _key(name)
    cache.add(key, 0, limit.within_s)
    if _add(key, 1) > limit.count:
        # Refused unchecked, it says nothing about the account and counts only against the limit that refused it
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
    """Return a keyed hash of an address or an account, so that neither is stored in the clear."""
    return salted_hmac("accounts.attempts", text.lower()).hexdigest()
