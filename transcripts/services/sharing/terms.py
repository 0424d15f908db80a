"""What people enter about a grant or a link, read and checked: levels, moments, stretches of time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from transcripts import clock
from transcripts.models.choices import GrantLevel, ShareLevel
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from datetime import tzinfo

    from transcripts.models.sharing import Link

# What someone can do with each level, after "can".
CAN = {
    "captions": "read the live captions",
    "view": "read and listen",
    "comment": "read, listen and comment",
    "edit": "edit the transcript",
}
LONGEST = timedelta(days=3653)
TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,5}):(\d{2})(?:\.(\d{1,3}))?", re.ASCII)

NO_LEVEL = "Choose what they can do: read, comment or edit."
NO_MOMENT = "Enter the end as a date and a time, or leave it empty."
PAST = "The end is in the past. Choose a later one, or leave it empty."
NO_STRETCH = "Enter the beginning and the end as minutes and seconds, such as 19:20 and 24:00."
NO_SPAN = "The end must be later than the beginning."
OUTSIDE = "The recording ends before this stretch begins."
EDITS_ALL = (
    "Guests can edit only the transcript as it is. Remove the stretch of time, the initials and the approved version "
    "first, or let guests comment."
)
COMMENTS_NEWEST = "Guests can’t comment on the approved version. Let them read, or show the newest version."


def grant_level(text: str) -> GrantLevel:
    """Read the level of a grant. Raises Refused."""
    if text not in GrantLevel.values:
        raise Refused("share_level", NO_LEVEL)
    return GrantLevel(text)


def link_level(text: str) -> ShareLevel:
    """Read the level of a link. Raises Refused."""
    if text not in ShareLevel.values:
        raise Refused("share_level", NO_LEVEL)
    return ShareLevel(text)


def expiry(text: str, zone: str = "") -> datetime | None:
    """Read a moment in the future as a form sends it, in a time zone by its name; None if it is empty.

    Without a known zone it is read in that of the instance. Raises Refused.
    """
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        at = (moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("share_expiry", NO_MOMENT) from error
    now = clock.now()
    if at <= now:
        raise Refused("share_expiry", PAST)
    if at > now + LONGEST:
        raise Refused("share_expiry", NO_MOMENT)
    return at


def stretch(begin: str, end: str, duration_ms: int | None) -> tuple[int, int] | tuple[None, None]:
    """Read a stretch of a recording in ms; nothing if both are empty. Raises Refused."""
    if not begin.strip() and not end.strip():
        return None, None
    from_ms, until_ms = _time(begin), _time(end)
    if until_ms <= from_ms:
        raise Refused("share_stretch", NO_SPAN)
    if duration_ms is not None and from_ms >= duration_ms:
        raise Refused("share_stretch", OUTSIDE)
    return from_ms, until_ms


def check(link: Link) -> None:
    """Refuse what the options of a link exclude, as the constraints of its table do."""
    if link.level == ShareLevel.EDIT and link.shows_less:
        raise Refused("share_edit", EDITS_ALL)
    if link.level == ShareLevel.COMMENT and link.is_approved_only:
        raise Refused("share_comment", COMMENTS_NEWEST)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else timezone.get_default_timezone()
    except (ValueError, OSError, KeyError):  # unknown, or no name of a zone at all
        return timezone.get_default_timezone()


def _time(text: str) -> int:
    """Read "1:02:03", "62:03" or "62:03.5" as ms."""
    match = TIME.fullmatch(text.strip())
    if match is None or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        raise Refused("share_stretch", NO_STRETCH)
    hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((match[4] or "0").ljust(3, "0"))
