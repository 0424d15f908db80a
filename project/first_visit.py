"""Where the first administrator is created, told to those who can read the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from accounts.founding import is_founded, needs_token, setup_token

if TYPE_CHECKING:
    from collections.abc import Callable


def announce(say: Callable[[str], object]) -> None:
    """Say the address of the first visit where it needs a token; nothing once someone has an account."""
    try:
        if not needs_token() or is_founded():
            return
    except DatabaseError:  # no tables yet: whoever prepares them starts this process again
        return
    address = settings.PUBLIC_URL or f"http://localhost:{settings.PORT}"
    say(f"No one has an account yet. Create the first administrator: {address}{reverse('setup')}?token={setup_token()}")
