"""The only way to a mailbox: a mail is a row first."""

from __future__ import annotations

from accounts.models import Mail


def post(to: str, subject: str, text: str, *, html: str = "") -> Mail:
    """Store a mail to one recipient; the conductor has it sent once the transaction is committed."""
    return Mail.objects.create(to=to, subject=" ".join(subject.split())[:200], text=text, html=html)
