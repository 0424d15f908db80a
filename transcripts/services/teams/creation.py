"""Teams are created, renamed and, once they have no recordings, deleted."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction

from accounts.models import Membership, Role, Team, User
from transcripts import clock
from transcripts.access import NotFound
from transcripts.document.plain import one_line
from transcripts.models import Recording, Upload
from transcripts.models.choices import UploadStatus
from transcripts.services import activities, quotas
from transcripts.services.errors import Refused
from transcripts.services.teams.lock import locked, role_in
from transcripts.services.teams.members import OWNERS_ONLY

LONGEST_NAME = 120
# So many teams that no administrator approved can one person own, besides their own.
MOST_TEAMS = 20
ATTEMPTS = 5
# No one wants a second team of the same name so soon
SAME_PRESS = timedelta(seconds=30)
NO_NAME = "Enter a name for the team."
TOO_MANY = f"You own {MOST_TEAMS} teams that no administrator has approved. Delete one, or ask for approval."
NOT_EMPTY = (
    "The team still has recordings, in the library or in the trash, or uploads under way. "
    "Delete the recordings and wait until the trash is emptied, then delete the team."
)
PERSONAL = "Your own team can’t be deleted. It goes with your account."


def create(name: str, *, actor: User) -> Team:
    """Create a team that the actor owns; pressed twice it is one. Raises Refused for no name, or one team too many."""
    name = _checked(name)
    for _ in range(ATTEMPTS - 1):
        try:
            return _create(name, actor)
        except IntegrityError:  # another team took the address in the meantime
            continue
    return _create(name, actor)


@transaction.atomic
def _create(name: str, actor: User) -> Team:
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if pressed_before := Team.objects.filter(
        memberships__user=actor, memberships__role=Role.OWNER, name=name, created_at__gt=clock.now() - SAME_PRESS
    ).first():
        return pressed_before
    owned = Membership.objects.filter(user=actor, role=Role.OWNER, team__personal_owner=None, team__is_approved=False)
    if owned.count() >= MOST_TEAMS:
        raise Refused("too_many_teams", TOO_MANY)
    team = Team.objects.create(name=name, slug=Team.objects.free_slug(name), is_approved=_has_no_limits(actor))
    Membership.objects.create(team=team, user=actor, role=Role.OWNER)
    activities.record_for_team("team:created", team, actor=actor)
    return team


def _has_no_limits(person: User) -> bool:
    """Tell whether the person's own team is unlimited: only then is another team of theirs, so that none evades any."""
    own = Team.objects.filter(personal_owner=person).first()
    return own is not None and quotas.limits_of(own) == quotas.Limits()


def rename(team: Team, name: str, *, actor: User) -> None:
    """Give a team another name; its address stays. Raises Refused for an empty one."""
    name = _checked(name)
    with locked(team) as team:
        role_in(team, actor)
        if team.name != name:
            activities.record_for_team("team:renamed", team, actor=actor, before=team.name, after=name)
            Team.objects.filter(pk=team.pk).update(name=name)


def delete(team: Team, *, actor: User) -> None:
    """Delete a team that has nothing. Raises Refused while it has recordings, in the trash too, or uploads."""
    with transaction.atomic():
        # The whole row: nothing that refers to the team may come between
        if not Team.objects.select_for_update().filter(pk=team.pk).exists():
            raise NotFound
        if role_in(team, actor) != Role.OWNER:
            raise Refused("owners_only", OWNERS_ONLY)
        if team.personal_owner_id:
            raise Refused("personal_team", PERSONAL)
        receiving = Upload.objects.filter(team=team, status=UploadStatus.RECEIVING)
        if Recording.objects.filter(team=team).exists() or receiving.exists():
            raise Refused("team_not_empty", NOT_EMPTY)
        team.delete()


def _checked(name: str) -> str:
    name = one_line(name)[:LONGEST_NAME].strip()
    if not name:
        raise Refused("no_name", NO_NAME)
    return name
