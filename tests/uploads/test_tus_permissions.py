"""Who can upload, where to, and whose uploads they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.models import Membership, Role, Team, User
from tests.uploads.tus import TUS, begin, create, patch

if TYPE_CHECKING:
    from django.test import Client


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]


def test_whoever_is_signed_out_is_told_to_sign_in(client: Client) -> None:
    response = create(client)
    assert response.status_code == 401
    assert "Sign in again" in response.content.decode()


def test_nobody_else_sees_an_upload(client: Client, alice: User) -> None:
    url = begin(client)
    client.force_login(User.objects.create_user("charlie@example.org", "a password of his"))
    assert client.head(url, headers=TUS).status_code == 404
    assert patch(client, url, b"0").status_code == 404
    assert client.delete(url, headers=TUS).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.EDITOR, 201), (None, 404)])
def test_only_who_may_add_to_a_team_uploads_to_it(client: Client, alice: User, role: Role | None, status: int) -> None:
    team = Team.objects.create(name="Newsroom", slug="newsroom")
    if role:
        Membership.objects.create(team=team, user=alice, role=role)
    assert create(client, 10, team="newsroom").status_code == status


def test_whoever_lost_their_place_in_the_team_cannot_go_on(client: Client, alice: User) -> None:
    team = Team.objects.create(name="Newsroom", slug="newsroom")
    membership = Membership.objects.create(team=team, user=alice, role=Role.EDITOR)
    url = begin(client, 10, team="newsroom")
    membership.delete()
    assert patch(client, url, b"0").status_code == 404
