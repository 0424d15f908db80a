"""Who made a change: a member by their account, or a guest by the link that let them in and the name they gave."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from transcripts.models.sharing import Share


def as_guest(name: str) -> str:
    """Return a name that a guest gave as people read it: a guest can't pass for a member of the same name."""
    return f"{name} (guest)" if name else ""


class Authored(models.Model):
    """A row with an author: a member, a guest by `guest` and `guest_name`, or neither for the machine."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    guest = models.ForeignKey(Share, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    guest_name = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    @property
    def author_name(self) -> str:
        """What people read of the author; empty for the machine."""
        return str(self.author) if self.author else as_guest(self.guest_name)
