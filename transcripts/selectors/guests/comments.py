"""Comments at the words that a link shows: the places of a stretch count from where its segments are cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts.selectors.guests.text import ShownText, text_of
from transcripts.selectors.review.comments import comments_of

if TYPE_CHECKING:
    from transcripts.access import Guest
    from transcripts.models import Transcript
    from transcripts.services.transcript.comments.threads import Draft


def shown_to(guest: Guest, transcript: Transcript) -> list[dict[str, Any]]:
    """Return the threads that a guest sees: those about words or moments that their link shows."""
    threads = comments_of(guest, transcript)
    if not guest.share.shows_less or guest.share.from_ms is None:
        return threads
    text = text_of(guest.share, transcript)
    return [moved for one in threads if (moved := _moved(text, one)) is not None]


def in_whole(guest: Guest, transcript: Transcript, draft: Draft) -> Draft:
    """Return a draft with its places in the whole transcript in place of those in the stretch."""
    if guest.share.from_ms is None:
        return draft
    text = text_of(guest.share, transcript)
    begin = _begin(text, draft.segment)
    return replace(
        draft,
        begin=draft.begin + begin,
        end=draft.end + begin,
        at_ms=None if draft.at_ms is None else min(draft.at_ms, text.duration_ms) + guest.share.from_ms,
        parts=tuple(_moved_words(text, part) for part in draft.parts),
    )


def is_shown(guest: Guest, transcript: Transcript, draft: Draft) -> bool:
    """Tell whether the words that a draft is about, or its thread, are shown by the guest's link."""
    if guest.share.from_ms is None:
        return True
    text = text_of(guest.share, transcript)
    if draft.parent is not None:
        return any(one["id"] == str(draft.parent) for one in shown_to(guest, transcript))
    keys = [draft.segment, *(part.segment for part in draft.parts)]
    return all(key in text.by_key for key in keys if key)


def _begin(text: ShownText, key: str) -> int:
    return text.by_key[key].begin if key in text.by_key else 0


def _moved_words(text: ShownText, part: Any) -> Any:
    begin = _begin(text, part.segment)
    return replace(part, begin=part.begin + begin, end=part.end + begin)


def _moved(text: ShownText, thread: dict[str, Any]) -> dict[str, Any] | None:
    """Return a thread in the places of the stretch; None if any of it is outside."""
    places = [_place(text, one) for one in (thread, *thread["parts"])]
    at_ms = thread["at_ms"]
    from_ms = text.share.from_ms or 0
    if any(place is None for place in places):
        return None
    if at_ms is not None and not thread["segment"] and not from_ms <= at_ms < (text.share.until_ms or 0):
        return None
    moved_ms = None if at_ms is None else max(0, at_ms - from_ms)
    return {**thread, **(places[0] or {}), "parts": places[1:], "at_ms": moved_ms}


def _place(text: ShownText, place: dict[str, Any]) -> dict[str, Any] | None:
    if not place["segment"]:
        return {} if not place["quoted"] else None
    shown = text.by_key.get(place["segment"])
    if shown is None or place["lost"]:
        return None
    begin, end = place["begin"] - shown.begin, place["end"] - shown.begin
    if begin < 0 or end > len(shown.said.text):
        return None
    # What was chosen first may have been more than is in the stretch now
    moved = {"begin": begin, "end": end, "quoted": place["latest"]}
    return moved if "parts" in place else {**place, **moved}
