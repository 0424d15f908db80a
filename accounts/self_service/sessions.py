"""Where a person is signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache

from accounts.clients import UNKNOWN

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from accounts.models import User

NOTED_EVERY_S = 300
# The first that fits: most browsers also name those they descend from.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("SamsungBrowser", "Samsung Internet"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
PHONES = re.compile(r"iPhone|Android.*Mobile|Mobile.*Firefox")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One sign-in of a person."""

    id: int
    device: str
    address: str
    is_phone: bool
    is_current: bool
    created_at: datetime
    seen_at: datetime


def note(request: HttpRequest) -> None:
    """Note that the session of a request is used, unless that was noted a moment ago."""
    key = request.session.session_key
    if key and cache.add(f"session-noted:{key}", value=True, timeout=NOTED_EVERY_S):
        UserSession.objects.create_from_request(request)


def of(user: User, session_key: str | None) -> list[SignedIn]:
    """Return where a person is signed in: here first, then the latest."""
    rows = UserSession.objects.purge_and_list(user)
    found = [_signed_in(row, is_current=row.session_key == session_key) for row in rows]
    return sorted(found, key=lambda one: (one.is_current, one.seen_at), reverse=True)


def end(user: User, session_id: int, *, current_key: str | None) -> bool:
    """Sign out one of a person's other sessions; return whether there was one."""
    row = UserSession.objects.filter(user=user, pk=session_id).exclude(session_key=current_key).first()
    if row is None:
        return False
    row.end()
    return True


def end_others(user: User, *, current_key: str | None) -> int:
    """Sign out everywhere but in the current session (None: there too); return how many ended."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=current_key))
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    for row in rows:
        row.end()
    return len(rows)


def device_of(user_agent: str) -> str:
    """Name the browser and system of a User-Agent: "Firefox on macOS"."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or "Unknown device"


def _signed_in(row: UserSession, *, is_current: bool) -> SignedIn:
    return SignedIn(
        id=row.pk,
        device=device_of(row.user_agent),
        address="" if row.ip == UNKNOWN else row.ip,
        is_phone=bool(PHONES.search(row.user_agent)),
        is_current=is_current,
        created_at=row.created_at,
        seen_at=row.last_seen_at,
    )
