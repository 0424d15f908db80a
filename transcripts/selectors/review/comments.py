"""The comments of a transcript, as its page gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from accounts.models import User
from transcripts import access
from transcripts.access import Guest
from transcripts.models import Comment, CommentPart, Mention
from transcripts.services.transcript.comments import threads

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.access import Actor
    from transcripts.models import Transcript


def comments_of(actor: Actor, transcript: Transcript) -> list[dict[str, Any]]:
    """Return the threads of a transcript that the caller got from `access`, in the order of the text."""
    related = ("author", "segment", "resolved_by")
    found = Comment.objects.filter(transcript=transcript).select_related(*related).order_by("created_at", "pk")
    found = found.prefetch_related(Prefetch("parts", CommentPart.objects.select_related("segment")))
    mine = _naming(actor, transcript)
    replies: dict[UUID, list[dict[str, Any]]] = {}
    roots = []
    for one in found:
        if one.parent_id is None:
            roots.append(one)
        elif one.removed_at is None:
            replies.setdefault(one.parent_id, []).append(_said(one, actor, mine))
    shown = [one for one in roots if one.removed_at is None or one.pk in replies]
    return [_thread(one, actor, mine, replies.get(one.pk, [])) for one in sorted(shown, key=_order)]


def _naming(actor: Actor, transcript: Transcript) -> set[UUID]:
    """Return the comments that name the actor; no comment names a guest."""
    if isinstance(actor, Guest):
        return set()
    return set(Mention.objects.filter(comment__transcript=transcript, user=actor).values_list("comment", flat=True))


def names_of(user: User, transcript: Transcript) -> list[str]:
    """Return the names of those whom the person can mention; who is in a team is for its members to know."""
    if access.level_in(user, transcript.recording.team) is None:
        return []
    members = User.objects.filter(is_active=True, memberships__team=transcript.recording.team_id).distinct()
    return sorted(str(one) for one in members)


def _named(name: str, actor: Actor) -> str:
    """Return a name as the actor may read it: members without a name are called by their address, but not to guests."""
    return "Team member" if isinstance(actor, Guest) and "@" in name else name


def _order(comment: Comment) -> tuple[int, int, int]:
    segment = comment.segment
    start_ms = comment.at_ms or 0
    if segment is None:
        return start_ms, 0, 0
    return segment.start_ms if segment.start_ms is not None else start_ms, segment.position, comment.begin


def _thread(comment: Comment, actor: Actor, mine: set[UUID], replies: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a thread with its places: its own, and `parts` in further segments."""
    return {
        **_said(comment, actor, mine),
        "kind": comment.kind,
        **_place(comment),
        "parts": [_place(part) for part in comment.parts.all()],
        "at_ms": comment.at_ms,
        "colour": comment.colour,
        "tag": comment.tag,
        "resolved": comment.resolved_at.isoformat() if comment.resolved_at else "",
        "resolved_by": _named(str(comment.resolved_by or ""), actor),
        "replies": replies,
    }


def _place(placed: Comment | CommentPart) -> dict[str, Any]:
    """Return where words are; `lost` says that they are not in the text any more."""
    segment = placed.segment
    return {
        "segment": segment.key if segment else "",
        "begin": placed.begin,
        "end": placed.end,
        "quoted": placed.quoted,
        "latest": placed.latest,
        "lost": bool(placed.quoted) and (segment is None or segment.is_removed or placed.begin == placed.end),
    }


def _said(comment: Comment, actor: Actor, mine: set[UUID]) -> dict[str, Any]:
    """Return who said what; a deleted comment that has replies says nothing."""
    is_removed = comment.removed_at is not None
    return {
        "id": str(comment.pk),
        "author": _named(comment.author_name, actor),
        "own": threads.is_by(comment, actor),
        "body": "" if is_removed else comment.body,
        "at": comment.created_at.isoformat(),
        "edited": comment.edited_at is not None,
        "removed": is_removed,
        "mentions_you": comment.pk in mine,
    }
