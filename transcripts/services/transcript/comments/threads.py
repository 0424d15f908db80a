"""Comments and their replies: added, edited and deleted by their author, resolved and reopened by members who comment.

A guest's comments are those of the name they gave on their link; they resolve the threads that they began.

Pages are told that there is something new, and fetch it: guests, who follow live captions by a link, get no comments.
What a page sends again is answered again and done once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from transcripts import access, clock, events
from transcripts.document.comments import Anchor
from transcripts.document.plain import storable
from transcripts.models import Comment, CommentPart, Transcript
from transcripts.models.choices import CommentKind, HighlightColour
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import rows
from transcripts.services.transcript.comments import anchors, mentions

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.access import Actor

LONGEST_BODY, LONGEST_TAG, LONGEST_QUOTE, MOST_PARTS = 4_000, 60, 10_000, 200
EMPTY = "Write something first."
TOO_LONG = "A comment can have 4,000 characters. Shorten it, or send it in two."
NO_PLACE = "This place isn’t in the transcript. Select the words again."
NOT_YOURS = "Only its author can change this comment."
NOT_YOUR_THREAD = "Only the person who began this thread, or a member of the team, can resolve it."
ID_USED = "This comment can’t be saved under its number. Copy your text, reload the page and write it again."
TOO_MANY_PARTS = "A comment can go over 200 segments. Select fewer."
GONE = "This comment was deleted."


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one segment: the code points from `begin` to `end`."""

    segment: str
    begin: int
    end: int
    quoted: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page sends: the words it comments on as they were after the change `seq`, a moment, or a parent.

    `parts` are the words in further segments.
    """

    body: str = ""
    kind: CommentKind = CommentKind.COMMENT
    parent: UUID | None = None
    segment: str = ""
    begin: int = 0
    end: int = 0
    quoted: str = ""
    parts: tuple[Words, ...] = ()
    seq: int = 0
    at_ms: int | None = None
    colour: str = ""
    tag: str = ""


@transaction.atomic
def add(transcript: Transcript, comment_id: UUID, draft: Draft, *, actor: Actor) -> Comment:
    """Add a comment; the page chooses its id. Raises Refused, and access.NotFound for a parent that isn't there."""
    _lock(transcript.pk)
    known = Comment.objects.filter(pk=comment_id).first()
    if known is not None:
        return _same(known, transcript, actor)
    body = _body(draft.body, is_needed=draft.kind == CommentKind.COMMENT)
    comment = Comment(
        id=comment_id,
        transcript=transcript,
        kind=draft.kind,
        body=body,
        at_ms=draft.at_ms,
        tag=storable(draft.tag).strip()[:LONGEST_TAG],
        colour=_colour(draft),
        **rows.author_fields(actor),
    )
    if draft.parent is not None:
        comment.parent = _thread(transcript, draft.parent)
    else:
        _place(comment, draft)
    comment.save(force_insert=True)
    CommentPart.objects.bulk_create(_parts(comment, draft))
    mentions.write(comment)
    activities.record("comment:added", transcript.recording, actor=actor)
    _tell(transcript.pk)
    return comment


def get(transcript: Transcript, comment_id: UUID) -> Comment:
    """Return a comment of a transcript that the caller got from `access`."""
    found = Comment.objects.present().filter(pk=comment_id, transcript=transcript).first()
    if found is None:
        raise access.NotFound
    found.transcript = transcript
    return found


@transaction.atomic
def edit(comment: Comment, body: str, *, actor: Actor) -> None:
    """Give one's comment another text. Raises Refused."""
    _lock(comment.transcript_id)
    _require_own(comment, actor)
    comment.body, comment.edited_at = _body(body, is_needed=comment.kind == CommentKind.COMMENT), clock.now()
    comment.save(update_fields=["body", "edited_at"])
    mentions.write(comment)
    _tell(comment.transcript_id)


@transaction.atomic
def remove(comment: Comment, *, actor: Actor) -> None:
    """Show one's comment no more; its row stays, and so do the replies of others. Raises Refused."""
    _lock(comment.transcript_id)
    _require_own(comment, actor)
    comment.removed_at = clock.now()
    comment.save(update_fields=["removed_at"])
    comment.mentions.all().delete()
    activities.record("comment:removed", comment.transcript.recording, actor=actor)
    _tell(comment.transcript_id)


@transaction.atomic
def settle(comment: Comment, *, is_resolved: bool, actor: Actor) -> None:
    """Resolve a thread, or open it again; the same again changes nothing. Raises Refused for a guest's of others."""
    _lock(comment.transcript_id)
    root = comment.parent or comment
    if isinstance(actor, access.Guest) and not is_by(root, actor):
        raise Refused("not_author", NOT_YOUR_THREAD)
    if (root.resolved_at is not None) == is_resolved:
        return
    root.resolved_at = clock.now() if is_resolved else None
    root.resolved_by = actor if is_resolved and isinstance(actor, User) else None
    root.save(update_fields=["resolved_at", "resolved_by"])
    if is_resolved:
        activities.record("comment:resolved", comment.transcript.recording, actor=actor)
    _tell(comment.transcript_id)


def _lock(transcript_id: UUID) -> None:
    """Let edits wait: a place is found in the text as it is, and moved by the next edit."""
    Transcript.objects.select_for_update().get(pk=transcript_id)


def _tell(transcript_id: UUID) -> None:
    """Tell the pages of the transcript, and those that list it."""
    transcript = Transcript.objects.select_related("recording").get(pk=transcript_id)
    events.publish_to_transcript(transcript_id, {"type": "comments", "change": transcript.changes})
    events.publish("recording.changed", transcript.recording)


def _same(known: Comment, transcript: Transcript, actor: Actor) -> Comment:
    """Return the comment that came before under this id. Raises Refused if it is another's."""
    if known.transcript_id != transcript.pk or not is_by(known, actor):
        raise Refused("number_used", ID_USED)
    return known


def is_by(comment: Comment, actor: Actor) -> bool:
    """Tell whether the actor wrote a comment."""
    if isinstance(actor, access.Guest):
        return comment.guest_id == actor.share.pk and comment.guest_name == actor.name
    return comment.author_id == actor.pk


def _require_own(comment: Comment, actor: Actor) -> None:
    if not is_by(comment, actor):
        raise Refused("not_author", NOT_YOURS)


def _body(text: str, *, is_needed: bool) -> str:
    body = storable(text).strip()
    if is_needed and not body:
        raise Refused("no_text", EMPTY)
    if len(body) > LONGEST_BODY:
        raise Refused("too_long", TOO_LONG)
    return body


def _colour(draft: Draft) -> str:
    if draft.kind != CommentKind.HIGHLIGHT:
        return ""
    return draft.colour if draft.colour in HighlightColour.values else HighlightColour.YELLOW


def _thread(transcript: Transcript, parent_id: UUID) -> Comment:
    """Return the first comment of the thread that a reply belongs to."""
    parent = Comment.objects.select_related("parent").filter(pk=parent_id, transcript=transcript).first()
    if parent is None:
        raise access.NotFound
    root = parent.parent or parent
    if root.removed_at is not None and not root.replies.filter(removed_at=None).exists():
        raise Refused("comment_gone", GONE)
    return root


def _place(comment: Comment, draft: Draft) -> None:
    """Put a comment at the words it is about, or at its moment."""
    if not draft.segment:
        if draft.at_ms is None:
            raise Refused("no_place", NO_PLACE)
        return
    place = _anchor(comment.transcript_id, Words(draft.segment, draft.begin, draft.end, draft.quoted), draft.seq)
    comment.quoted = place.quoted
    anchors.put(comment, comment.transcript_id, place)


def _parts(comment: Comment, draft: Draft) -> list[CommentPart]:
    """Return the parts of a comment in further segments, at their words."""
    if comment.segment is None:
        return []
    if len(draft.parts) > MOST_PARTS:
        raise Refused("too_long", TOO_MANY_PARTS)
    made = []
    for position, words in enumerate(draft.parts, start=1):
        place = _anchor(comment.transcript_id, words, draft.seq)
        part = CommentPart(comment=comment, position=position, quoted=place.quoted)
        anchors.put(part, comment.transcript_id, place)
        made.append(part)
    return made


def _anchor(transcript_id: UUID, words: Words, seq: int) -> Anchor:
    """Return where words of the transcript after the change `seq` are now. Raises Refused."""
    quoted = storable(words.quoted)
    if words.end < words.begin or words.end - words.begin != len(quoted) or len(quoted) > LONGEST_QUOTE:
        raise Refused("no_place", NO_PLACE)
    wanted = Anchor(words.segment, words.begin, words.end, quoted, quoted)
    place = anchors.placed(transcript_id, wanted, seq=seq)
    if place is None:
        raise Refused("no_place", NO_PLACE)
    return place
