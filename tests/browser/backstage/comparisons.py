"""Other providers' texts beside transcripts."""

from __future__ import annotations

from tests import factories
from transcripts.models import ProviderAccount, Transcript


def compare(transcript: str, changes: dict[str, str]) -> str:
    """Make another provider's text of a recording: the transcript's with other words; return the address."""
    row = Transcript.objects.get(pk=transcript)
    text = " ".join(row.segments.order_by("position").values_list("text", flat=True))
    for mine, theirs in changes.items():
        text = text.replace(mine, theirs)
    return factories.make_comparison(row, text).address_beside(row)


def another_account(called: str) -> None:
    """Add an account that recordings can be sent to."""
    first = ProviderAccount.objects.exclude(key_variable="").first() or factories.make_account()
    same = {"kind": first.kind, "endpoint": first.endpoint, "key_variable": first.key_variable}
    ProviderAccount.objects.create(name=called, engine="court-large", **same)
