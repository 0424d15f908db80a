"""Teams with people, invitations and defaults."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Invitation, Mail, Membership, Role, Team, User
from tests import factories
from transcripts import clock
from transcripts.services.provider_accounts import selection
from transcripts.services.provider_accounts.routing import changes
from transcripts.services.teams import creation, defaults, invitations


def invite(email: str, role: str = "editor") -> None:
    """Invite an address to the newsroom, as Alice."""
    team, alice = Team.objects.get(slug="newsroom"), User.objects.get(email="alice@example.org")
    invitations.invite(team, email, role, actor=alice, address=lambda token: f"https://verbatim.example/{token}")


def invitation_link(role: str = "viewer", **wish: str) -> str:
    """Create a link to the newsroom, as Alice; return its path."""
    team, alice = Team.objects.get(slug="newsroom"), User.objects.get(email="alice@example.org")
    return f"/invitations/{invitations.create_link(team, invitations.Link(role, **wish), actor=alice).token}/"


def mailed_link(to: str) -> str:
    """Return the address in the last mail to someone."""
    text = Mail.objects.filter(to=to).latest("created_at").text
    return next(line for line in text.splitlines() if line.startswith("http"))


def court_desk() -> dict[str, str]:
    """Fill the newsroom with everything that its pages show; return the paths of two invitations."""
    team, alice = Team.objects.get(slug="newsroom"), User.objects.get(email="alice@example.org")
    adam = factories.make_user("Adam Ash", email="adam@example.org")
    Membership.objects.create(team=team, user=adam, role=Role.ADMIN)
    creation.create("Court desk", actor=alice)
    open_link = invitation_link(label="Link for the court desk", domain="court.example", places="5")
    invite("maria@freelance.example")
    invite("jan@agency.example", "commenter")
    Invitation.objects.filter(email="jan@agency.example").update(expires_at=clock.now() - timedelta(days=3))
    wish = defaults.Wish(language="en", retention_days="365", forbids_doubtful_approval=True)
    defaults.change(team, wish, actor=alice)
    for account in selection.usable():
        changes.add(team, str(account.pk), language="de", media="video")
        changes.add(None, str(account.pk))
    Team.objects.filter(pk=team.pk).update(minutes_a_month=600, live_minutes_a_month=300, storage_gb=10)
    long_ago = clock.now() - timedelta(days=362)
    factories.make_transcript(factories.make_recording(team, "Budget hearing", owner=alice, created_at=long_ago))
    return {"invitation": open_link}
