"""Read SIGNUP. Standard library only, because the settings read it before there are any."""

from __future__ import annotations

MODES = ("closed", "invitation", "open")


def read_signup(text: str, earlier: str, *, is_local: bool) -> str:
    """Return who can create an account. `earlier` is SIGNUP_OPEN, which SIGNUP replaces. Raises ValueError.

    Empty: open if only this machine can connect, by invitation otherwise.
    """
    text = text.strip()
    if text in MODES or (text.startswith("domain:") and text.removeprefix("domain:").strip()):
        return text
    if text:
        raise ValueError(f"SIGNUP is “{text}”; choose closed, invitation, open, or domain:example.org,example.com")
    if earlier:
        return "open" if earlier.strip().lower() in ("true", "1", "yes", "on", "y", "t") else "closed"
    return "open" if is_local else "invitation"
