"""Print the address at which the first administrator is created, for those who can read the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from accounts.first_administrator import has_accounts, needs_token, setup_token

if TYPE_CHECKING:
    from collections.abc import Callable


def announce(write: Callable[[str], object]) -> None:
    """Write the address with its token if one is needed; nothing once an account exists."""
    try:
        if not needs_token() or has_accounts():
            return
    except DatabaseError:  # no tables yet: this process is restarted once they are migrated
        return
    address = settings.PUBLIC_URL or f"http://localhost:{settings.PORT}"
    link = f"{address}{reverse('setup')}?token={setup_token()}"
    write(f"No one has an account yet. Create the first administrator: {link}")
