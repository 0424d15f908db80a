"""Every URL below `/s/` for every state of a link, and nothing for what belongs to another recording."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.guests.conftest import PASSWORD, guest, link_to, page_of
from transcripts import clock
from transcripts.access import Guest
from transcripts.models import Conflict
from transcripts.models.choices import ShareLevel
from transcripts.services.sharing import stretches
from transcripts.services.transcript.comments import threads
from transcripts.views.guests.urls import urlpatterns

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Share, Transcript

COLUMNS = (
    "nothing", "expired", "revoked", "wrong password", "no password", "captions",
    "view", "stretch", "initials", "approved only", "comment", "edit",
)  # fmt: skip
# What is asked for, and with what; a comment and an edit lack a text, so those who can write get 422.
ASKED: dict[str, tuple[str, tuple[str, ...]]] = {
    "guest": ("get", ()),
    "guest_name": ("post", ()),
    "guest_media": ("get", ()),
    "guest_peaks": ("get", ()),
    "guest_audio": ("get", ()),
    "guest_download": ("get", ("format",)),
    "guest_words": ("get", ("transcript_id",)),
    "guest_edits": ("post", ("transcript_id",)),
    "guest_conflict_keep": ("post", ("transcript_id", "conflict_id")),
    "guest_conflict_take": ("post", ("transcript_id", "conflict_id")),
    "guest_comments": ("get", ("transcript_id",)),
    "guest_comment_edit": ("post", ("transcript_id", "comment_id")),
    "guest_comment_remove": ("post", ("transcript_id", "comment_id")),
    "guest_comment_settle": ("post", ("transcript_id", "comment_id")),
}
# In the order of COLUMNS.
CELLS: dict[str, tuple[int, ...]] = {
    "guest":                (404, 404, 404, 200, 200, 404, 200, 200, 200, 200, 200, 200),
    "guest_name":           (404, 404, 404, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "guest_media":          (404, 404, 404, 403, 403, 404, 200, 200, 200, 404, 200, 200),
    "guest_peaks":          (404, 404, 404, 403, 403, 404, 200, 200, 200, 404, 200, 200),
    "guest_audio":          (404, 404, 404, 403, 403, 404, 200, 200, 200, 404, 200, 200),
    "guest_download":       (404, 404, 404, 403, 403, 404, 200, 200, 200, 404, 200, 200),
    "guest_words":          (404, 404, 404, 403, 403, 404, 200, 200, 200, 404, 200, 200),
    "guest_edits":          (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 403, 422),
    "guest_conflict_keep":  (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 403, 200),
    "guest_conflict_take":  (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 403, 409),
    "guest_comments":       (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 200, 200),
    "guest_comment_edit":   (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 422, 422),
    "guest_comment_remove": (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 200, 200),
    "guest_comment_settle": (404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 200, 200),
}  # fmt: skip


def link_for(column: str, transcript: Transcript) -> Share:
    past = clock.now() - timedelta(minutes=1)
    fields: dict[str, dict[str, Any]] = {
        "expired": {"expires_at": past},
        "revoked": {"revoked_at": past},
        "wrong password": {"password": PASSWORD},
        "no password": {"password": PASSWORD},
        "stretch": {"from_ms": 0, "until_ms": 3_000},
        "initials": {"shows_initials": True},
        "approved only": {"is_approved_only": True},
    }
    level = column if column in ShareLevel.values else ShareLevel.VIEW
    return link_to(transcript, level, allows_text=True, allows_audio=True, **fields.get(column, {}))


def things_of(transcript: Transcript, author: Guest) -> dict[str, Any]:
    """What the paths name: of this transcript, the comment is the guest's own."""
    segment = transcript.segments.get(key="s0")
    conflict = Conflict.objects.create(segment=segment, start_ms=0, end_ms=400, kept="dam", offered="damn")
    comment = threads.add(transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=author)
    return {
        "transcript_id": transcript.pk,
        "conflict_id": conflict.pk,
        "comment_id": comment.pk,
        "format": "txt",
    }


def ask(client: Client, name: str, token: str, things: dict[str, Any]) -> int:
    method, keys = ASKED[name]
    url = reverse(name, kwargs={"token": token, **{key: things[key] for key in keys}})
    data = {"resolved": "yes", "name": "Dana"} if method == "post" else {}
    return int(getattr(client, method)(url, data).status_code)


def test_every_url_of_guests_has_cells() -> None:
    # Those of links to folders are in tests/sharing/test_folders.py
    names = {str(one.name) for one in urlpatterns} - {"guest_folder", "guest_folder_recording"}
    assert names == set(ASKED) == set(CELLS)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_link_answers_what_it_allows(column: str, transcript: Transcript) -> None:
    share = link_for(column, transcript)
    token = "unknown" if column == "nothing" else share.token
    client = guest(share, "Dana")
    if column == "wrong password":
        client.post(page_of(share), {"password": "guess"})
    if column == "stretch":
        stretches.cut(share.pk)
    things = things_of(transcript, Guest(share, "Dana"))
    # Deleting the comment comes last
    names = sorted(CELLS, key=lambda name: name == "guest_comment_remove")
    answers = {name: ask(client, name, token, things) for name in names}
    assert answers == {name: CELLS[name][COLUMNS.index(column)] for name in CELLS}


@pytest.mark.parametrize("name", [name for name, (_, keys) in ASKED.items() if "transcript_id" in keys])
def test_what_belongs_to_another_recording_is_not_found(name: str, transcript: Transcript, cast: Cast) -> None:
    other = factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))
    share = link_to(transcript, ShareLevel.EDIT)
    client = guest(share, "Dana")
    things, mine = things_of(other, Guest(share, "Dana")), things_of(transcript, Guest(share, "Dana"))
    assert ask(client, name, share.token, things) == 404
    if len(ASKED[name][1]) > 1:
        assert ask(client, name, share.token, {**things, "transcript_id": mine["transcript_id"]}) == 404


@pytest.mark.parametrize("name", ["guest_download", "guest_audio"])
def test_what_may_not_be_downloaded_is_not_found(name: str, transcript: Transcript) -> None:
    share = link_to(transcript)
    assert ask(Client(), name, share.token, {"format": "txt"}) == 404
    assert "Download" not in Client().get(page_of(share)).content.decode()


@pytest.mark.parametrize("name", ["json", "csv", "nothing"])
def test_formats_that_are_not_for_guests_are_not_found(name: str, transcript: Transcript) -> None:
    share = link_to(transcript, allows_text=True)
    assert ask(Client(), "guest_download", share.token, {"format": name}) == 404


def test_a_player_asks_for_parts_of_the_audio(transcript: Transcript) -> None:
    url = reverse("guest_media", args=[link_to(transcript).token])
    part = Client().get(url, headers={"Range": "bytes=0-99"})
    assert (part.status_code, part["Content-Length"]) == (206, "100")
    assert part["Cache-Control"] == "private, no-store"
