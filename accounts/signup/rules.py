"""Who can create an account: no one, people who were invited, addresses of some domains, or anyone (SIGNUP)."""

from __future__ import annotations

from django.conf import settings

CLOSED, INVITATION, OPEN, DOMAIN = "closed", "invitation", "open", "domain:"


def domains() -> list[str]:
    """Return the domains whose addresses can sign up; an address proves itself by mail, so without mail none can."""
    if not settings.SIGNUP.startswith(DOMAIN) or not settings.HAS_MAIL:
        return []
    return [name.strip().lower() for name in settings.SIGNUP.removeprefix(DOMAIN).split(",") if name.strip()]


def is_open() -> bool:
    """Tell whether the page of sign-up has a form for those without an invitation."""
    return settings.SIGNUP == OPEN or bool(domains())


def admits_invited() -> bool:
    """Tell whether an invitation to a team lets a stranger create an account."""
    return bool(settings.SIGNUP != CLOSED)


def is_open_for(email: str) -> bool:
    """Tell whether this address can have a new account without an invitation."""
    return settings.SIGNUP == OPEN or email.rpartition("@")[2].lower() in domains()


def why_closed() -> str:
    """Return why the page has no form."""
    if settings.SIGNUP == INVITATION:
        return "You need an invitation to create an account. Ask someone who owns a team here for one."
    if settings.SIGNUP.startswith(DOMAIN):
        return "Accounts are verified by mail, but this instance has no mail server. Ask an administrator."
    return "New accounts are created by an administrator. Ask yours for one."
