"""What others changed in a transcript since a person last looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from accounts.models import User
from transcripts.models import Edit, Reading
from transcripts.models.authors import as_guest
from transcripts.models.choices import EditKind

if TYPE_CHECKING:
    from transcripts.models import Transcript

# More people are counted.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Unseen:
    """So many changes after the change `since`, by these people."""

    since: int
    count: int
    names: str


def unseen(user: User, transcript: Transcript) -> Unseen | None:
    """Return what others changed since the person last looked; None if nothing, or if they never did.

    What they changed themselves, and words that were transcribed live, are not news.
    """
    since = Reading.objects.filter(user=user, transcript=transcript).values_list("seen_change", flat=True).first()
    if since is None:
        return None
    news = Edit.objects.filter(transcript=transcript, number__gt=since).exclude(kind=EditKind.LIVE)
    news = news.exclude(author=user, author__isnull=False).order_by()
    count = news.count()
    if not count:
        return None
    guests = list(news.exclude(guest_name="").values_list("guest_name", flat=True).distinct()[: MOST_NAMES + 1])
    members = User.objects.filter(pk__in=news.exclude(author=None).values("author"))[: MOST_NAMES + 1]
    return Unseen(since, count, _listed([*map(str, members), *map(as_guest, guests)]))


def _listed(names: list[str]) -> str:
    """Write names as a list; empty if only the machine changed something."""
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])} and others"
    return str(get_text_list(names, "and"))
