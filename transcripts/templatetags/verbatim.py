"""How values are written on pages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import get_language_info

from transcripts.media.run import confinement
from transcripts.providers.parsing.language_tags import english_name
from transcripts.services import notices
from transcripts.services.provider_accounts import objections

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.template.base import Parser, Token
    from django.utils.safestring import SafeString

    from transcripts.models import ProcessingJob, Recording, Transcript

register = template.Library()

# How the language of a transcript is said, by its source; a chosen one is named alone.
KNOWN = {"detected": "{} (detected)", "assumed": "assumed {}"}
SURELY = "{}, detected ({} %)"
ORDINALS = ("next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
UNITS = ("bytes", "KB", "MB", "GB", "TB")


class IconNode(template.Node):
    """An icon of the sprite, drawn once: a page has hundreds, and nothing of one depends on the page."""

    def __init__(self, name: str) -> None:
        self._name = name

    def render(self, context: template.Context) -> SafeString:
        """Return the drawing, hidden from screen readers: the words beside it speak."""
        return _drawn(self._name)


@register.tag
def icon(parser: Parser, token: Token) -> IconNode:
    """Draw an icon, whose name is written in quotation marks. Raises TemplateSyntaxError for anything else."""
    words = token.split_contents()
    if len(words) != 2 or not words[1].startswith('"'):
        raise template.TemplateSyntaxError("An icon has one name, in quotation marks")
    return IconNode(words[1].strip('"'))


@cache
def _drawn(name: str) -> SafeString:
    # The address of the sprite is one that a process doesn't change
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("build/icons.svg"), name
    )


@register.filter
def noticed(recording: Recording) -> list[str]:
    """Return the notices of a recording as messages."""
    return notices.messages(recording)


@register.simple_tag
def decoder_confinement() -> str:
    """Say what keeps decoders of this machine to their own files: landlock, bubblewrap or none."""
    return confinement()


@register.filter
def clock(ms: int | str | None) -> str:
    """Write milliseconds as 0:41, 48:05 or 5:02:31; nothing if a template has no value."""
    return notices.moment(ms) if isinstance(ms, int) else ""


@register.filter
def moment(text: str) -> str:
    """Write a moment in ISO 8601 as "28 Nov 2026, 11:45 UTC"; what is none stays as it is."""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


@register.filter
def hours(ms: int | None) -> str:
    """Write milliseconds as "131 hours", "2 h 50 min", "12 minutes" or "less than a minute"."""
    minutes = round((ms or 0) / 60_000)
    if minutes >= 600:
        return f"{round(minutes / 60):,} hours"
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    if minutes == 0:
        return "less than a minute"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


@register.filter
@lru_cache(maxsize=1_000)
def language_name(tag: str) -> str:
    """Name a BCP-47 tag in English; an unknown tag stays as it is."""
    try:
        return str(get_language_info(tag.lower())["name"])
    except KeyError:
        return english_name(tag) or tag


@register.filter
def by_name(tags: Iterable[str]) -> list[str]:
    """Sort languages as people look for them: by their English names."""
    return sorted(tags, key=language_name)


@register.filter
def known_language(transcript: Transcript, spoken: Sequence[str] = ()) -> str:
    """Name a transcript's language, or all that are spoken in it, and say how they are known and how surely."""
    if not transcript.language:
        return "language unknown"
    names = [language_name(tag) for tag in spoken or (transcript.language,)]
    if transcript.language_source == "detected" and len(names) == 1 and transcript.language_probability is not None:
        return SURELY.format(names[0], percent(transcript.language_probability))
    return KNOWN.get(transcript.language_source, "{}").format(get_text_list(names, "and"))


@register.filter
def asked(job: ProcessingJob) -> str:
    """Say what a job asked its provider for beside a language and a number of speakers, after a comma."""
    return "".join(f", {words}" for words in objections.asked(job.wishes))


@register.filter
def percent(probability: float) -> int:
    """Write a probability in percent; what is merely probable is never 100 and never 0."""
    return min(99, max(1, round(probability * 100)))


@register.filter
def place_in_line(position: int) -> str:
    """Write a position in the queue in words: "next in the queue", "14th in the queue"."""
    if position <= len(ORDINALS):
        return f"{ORDINALS[position - 1]} in the queue"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(position % 10 if position % 100 not in (11, 12, 13) else 0, "th")
    return f"{position:,}{ending} in the queue"


@register.filter
def size(count: int | None) -> str:
    """Write a number of bytes as people read it: 3.1 GB."""
    amount, unit = float(count or 0), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {UNITS[unit]}" if unit < 2 or amount >= 100 else f"{amount:.1f} {UNITS[unit]}"


@register.filter
def is_overdue(day: date | None) -> bool:
    """Tell whether a day is past."""
    return day is not None and day < timezone.localdate()


@register.filter
def is_pressing(day: date | None) -> bool:
    """Tell whether a day is today or past."""
    return day is not None and day <= timezone.localdate()


@register.filter
def due(day: date) -> str:
    """Write when something is due: "due today", "due Friday", "due 3 Mar", "overdue since yesterday"."""
    today = timezone.localdate()
    away = (day - today).days
    written = date_format(day, "j M" if day.year == today.year else "j M Y")
    if away < 0:
        return "overdue since yesterday" if away == -1 else f"overdue since {written}"
    near = {0: "today", 1: "tomorrow"}
    return f"due {near.get(away) or (date_format(day, 'l') if away < 7 else written)}"


@register.filter
def voice(position: int) -> int:
    """Number one of the four voice colours, 1 to 4."""
    return position % 4 + 1


@register.filter
def named(labels: Mapping[str, str], key: str) -> str:
    """Return what a speaker is called; nothing for a key that isn't known."""
    return labels.get(key, "")


@register.filter
def seconds(count: float | None) -> str:
    """Write seconds as people do: "45 s", "12 min", "3 h"; a dash if there are none to write."""
    if count is None:
        return "–"
    if count < 90:
        return f"{round(count)} s"
    return f"{round(count / 60)} min" if count < 5400 else f"{round(count / 3600)} h"


@register.filter
def lasting(since: datetime | None, at: datetime) -> str:
    """Write for how long something has been so: "48 s", "22 min", "3 h", "5 days"; a dash without a beginning."""
    if since is None:
        return "–"
    passed = max(0.0, (at - since).total_seconds())
    return seconds(passed) if passed < 2 * 86_400 else f"{round(passed / 86_400)} days"
