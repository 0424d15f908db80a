"""The access matrix: every URL with everyone who is more, less or otherwise than the five of `test_every_url.py`.

What they get follows from a rule and the row of the URL there: someone who was removed gets what an outsider gets. A
new URL without a row fails there, a rule that doesn't hold for a URL needs a line in `OTHERWISE`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from accounts.models import Membership, Role, User
from tests import factories
from tests.views.conftest import client_of
from tests.views.table import TABLE, WHO
from tests.views.test_every_url import url_of
from transcripts.models import Grant, Recording
from transcripts.models.choices import GrantLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.factories import Cast

# Belong to a team, an upload or a file one asked for, and so to no one else with whom a recording is shared
OF_THE_TEAM = (
    *("slug", "export_id", "upload_id", "import_id", "token", "invitation", "notification_id"),
    *("folder_id", "folder_token", "act_id", "batch_id", "verb", "tag_id", "filter_id"),
)
# What editors of the team decide about a recording; those it is shared with don't
DECISIONS = {
    "comparison_begin", "comparison_cancel", "comparison_use",
    "live_finish", "live_share", "live_unshare", "recording_answer", "recording_cancel", "recording_delete",
    "recording_filing", "recording_first", "recording_hold", "recording_import", "recording_move", "recording_restore",
    "recording_retry", "recording_tracks", "share_grant", "share_link", "share_links", "transcript_assignment",
    "transcript_language", "transcript_retranscribe", "transcript_share", "transcript_speakers", "transcript_status",
}  # fmt: skip
FOLDER_ACTS = ("folder_share", "folder_grant", "folder_links", "folder_link", "folder_rename", "folder_delete")
# The answers that a rule doesn't give, by actor and URL, with the reason
OTHERWISE: dict[tuple[str, str], int] = {
    # The owner that the rule means is Alice, who was told
    ("admin", "notification"): 404,
    # Commenters settle threads and would change their own; this one is Erin's
    ("commenter", "comment_settle"): 200,
    ("commenter", "comment_edit"): 422,
    ("commenter", "comment_remove"): 422,
    ("granted comment", "comment_settle"): 200,
    ("granted comment", "comment_edit"): 422,
    ("granted comment", "comment_remove"): 422,
    # Erin's own; others may edit the transcript, and not these
    ("granted edit", "comment_edit"): 422,
    ("granted edit", "comment_remove"): 422,
    ("granted edit", "claim_renew"): 422,
    ("granted edit", "claim_release"): 403,
    # They have the folder, and nothing to decide about it
    **{("folder granted", name): 403 for name in FOLDER_ACTS},
    ("folder granted", "guest_folder"): 302,
    # The recording is in the folder of the link
    ("folder granted", "guest_folder_recording"): 302,
    ("folder granted", "comment_settle"): 200,
    ("folder granted", "comment_edit"): 422,
    ("folder granted", "comment_remove"): 422,
}


def member(cast: Cast, role: Role) -> User:
    user = factories.make_user("Mo Moore")
    Membership.objects.create(team=cast.team, user=user, role=role)
    return user


def demoted(cast: Cast, things: dict[str, Any]) -> Client:
    user = member(cast, Role.OWNER)
    client = client_of(user)
    user.memberships.filter(team=cast.team).update(role=Role.VIEWER)
    return client


def removed(cast: Cast, things: dict[str, Any]) -> Client:
    user = member(cast, Role.OWNER)
    client = client_of(user)
    user.memberships.filter(team=cast.team).delete()
    return client


def deactivated(cast: Cast, things: dict[str, Any]) -> Client:
    user = member(cast, Role.OWNER)
    client = client_of(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return client


def operator(cast: Cast, things: dict[str, Any]) -> Client:
    return client_of(factories.make_user("Oli Olsen", is_staff=True, is_superuser=True))


def with_role(role: Role) -> Callable[[Cast, dict[str, Any]], Client]:
    return lambda cast, things: client_of(member(cast, role))


def granted(level: GrantLevel, **end: Any) -> Callable[[Cast, dict[str, Any]], Client]:
    def made(cast: Cast, things: dict[str, Any]) -> Client:
        user = factories.make_user("Gia Grant")
        for recording in Recording.objects.filter(team=cast.team):
            Grant.objects.create(recording=recording, user=user, level=level, **end)
        return client_of(user)

    return made


def folder_granted(cast: Cast, things: dict[str, Any]) -> Client:
    user = factories.make_user("Fia Files")
    Recording.objects.filter(team=cast.team).update(folder=things["folder_id"])
    Grant.objects.create(folder_id=things["folder_id"], user=user, level=GrantLevel.COMMENT)
    return client_of(user)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# Each with whom they are like in a team's own matters, and in what belongs to a recording
ACTORS: dict[str, tuple[Callable[[Cast, dict[str, Any]], Client], str, str]] = {
    "commenter": (with_role(Role.COMMENTER), "viewer", "viewer"),
    "admin": (with_role(Role.ADMIN), "owner", "owner"),
    "operator": (operator, "outsider", "outsider"),
    "demoted": (demoted, "viewer", "viewer"),
    "removed": (removed, "outsider", "outsider"),
    "deactivated": (deactivated, "nobody", "nobody"),
    "granted view": (granted(GrantLevel.VIEW), "outsider", "viewer"),
    "granted comment": (granted(GrantLevel.COMMENT), "outsider", "viewer"),
    "granted edit": (granted(GrantLevel.EDIT), "outsider", "editor"),
    "folder granted": (folder_granted, "outsider", "viewer"),
    "grant expired": (granted(GrantLevel.EDIT, expires_at=LONG_AGO), "outsider", "outsider"),
    "grant revoked": (granted(GrantLevel.EDIT, revoked_at=LONG_AGO), "outsider", "outsider"),
}


def expected(name: str, actor: str) -> int:
    _, in_team, on_recording = ACTORS[actor]
    row = TABLE[name]
    if name in DECISIONS and on_recording == "editor":
        return 403
    like = in_team if set(row.kwargs) & set(OF_THE_TEAM) or not row.kwargs else on_recording
    return OTHERWISE.get((actor, name), row.answers[WHO.index(like)])


def answered(name: str, actor: str, cast: Cast, things: dict[str, Any]) -> int:
    """Ask as an actor, and take back what that did."""
    row = TABLE[name]
    url = url_of(name, things)
    with transaction.atomic():
        client = ACTORS[actor][0](cast, things)
        response = client.generic(row.method.upper(), url, headers={"Tus-Resumable": "1.0.0"})
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_url_answers_everyone_as_the_rules_say(name: str, cast: Cast, things: dict[str, Any]) -> None:
    answers = {actor: answered(name, actor, cast, things) for actor in ACTORS}
    assert answers == {actor: expected(name, actor) for actor in ACTORS}


def test_the_exceptions_are_of_urls_and_actors_that_there_are() -> None:
    assert set(TABLE) >= DECISIONS
    assert all(actor in ACTORS and name in TABLE for actor, name in OTHERWISE)
