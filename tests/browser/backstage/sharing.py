"""A recording that is shared in every way."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from accounts.models import Membership, Role, Team, User
from tests import factories
from transcripts import clock
from transcripts.models import Folder, Grant, Recording, Share, ShareOpening
from transcripts.services.sharing import folder_links, grants, shares

PLACES = grants.Places("https://verbatim.example/", lambda share: f"https://verbatim.example/s/{share.token}/")


def colleague(person: str) -> None:
    """Put someone into a team of their own with Alice."""
    alice, email = User.objects.get(email="alice@example.org"), f"{person.split()[0].lower()}@example.org"
    user = User.objects.filter(email=email).first() or factories.make_user(person)
    Membership.objects.create(team=factories.make_team("Research", owner=alice), user=user, role=Role.VIEWER)


def shared_interview() -> dict[str, str]:
    """Share an interview of the newsroom with a person, a team and by links; return its transcript."""
    newsroom, alice = Team.objects.get(slug="newsroom"), User.objects.get(email="alice@example.org")
    colleague("Sofia Lind")
    recording = factories.make_recording(newsroom, "Interview: Dr Hale on river dams", owner=alice)
    transcript = factories.make_transcript(recording, [("Hale", "It was when the river moved.")])
    research = Team.objects.get(slug="research")
    for text, level in (("sofia@example.org", "edit"), (research.slug, "comment")):
        grants.share(recording, text, grants.Terms(level), actor=alice, places=PLACES)
    Grant.objects.filter(user__email="sofia@example.org").update(expires_at=clock.now() + timedelta(days=30))
    wish = shares.Options(label="For Dr Hale", level="comment", allows_text=True, from_ms=400, until_ms=2000)
    share = shares.create(recording, wish, actor=alice, password="open sesame")
    expired = shares.create(recording, shares.Options(label="Legal check"), actor=alice)
    Share.objects.filter(pk=expired.pk).update(expires_at=clock.now() - timedelta(days=8))
    for name, link in (("Dr Miriam Hale", share), ("", expired)):
        ShareOpening.objects.create(share=link, guest_name=name, browser="Firefox on Linux")
    return {"shared": str(transcript.pk), "shared_recording": str(recording.pk), **_folder(newsroom, recording.pk)}


def _folder(newsroom: Team, recording_id: UUID) -> dict[str, str]:
    """Share a folder with the recording by two links, one of them with a password."""
    alice = User.objects.get(email="alice@example.org")
    folder = Folder.objects.create(team=newsroom, name="River dams", created_by=alice)
    Recording.objects.filter(pk=recording_id).update(folder=folder)
    grants.share(folder, "sofia@example.org", grants.Terms("view"), actor=alice, places=PLACES)
    link = folder_links.create(folder, shares.Options(label="Counsel"), actor=alice)
    locked = folder_links.create(folder, shares.Options(), actor=alice, password="open sesame")
    return {"folder": str(folder.pk), "folder_link": link.token, "folder_locked": locked.token}


def folder(transcript: str, name: str = "Court") -> int:
    """Put the recording of a transcript into a folder of its team."""
    recording = Recording.objects.get(transcripts=UUID(transcript))
    made = Folder.objects.create(team=recording.team, name=name)
    Recording.objects.filter(pk=recording.pk).update(folder=made)
    return made.pk
