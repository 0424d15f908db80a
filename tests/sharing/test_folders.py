"""Sharing a folder: what is in it at the time is shared, with people, teams and guests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mail
from tests import factories
from tests.sharing.conftest import PLACES, refused
from tests.views.conftest import client_of
from transcripts import access, clock
from transcripts.access import Level, NotAllowed, NotFound
from transcripts.models import Activity, Folder, Grant, Notification, Recording, Share, ShareOpening
from transcripts.selectors.sharing.received import shared_by
from transcripts.services import notifications
from transcripts.services.sharing import folder_links, grants, shares

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import FolderLink, Transcript

PASSWORD = "otter lamp"


@pytest.fixture
def folder(cast: Cast, transcript: Transcript) -> Folder:
    """A folder of the newsroom with one recording; Charlie is a colleague of Alice's."""
    factories.make_team("Court desk", owner=cast.alice, viewer=cast.charlie)
    court = Folder.objects.create(team=cast.team, name="Court", created_by=cast.alice)
    Recording.objects.filter(pk=transcript.recording_id).update(folder=court)
    return court


def share(folder: Folder, text: str, level: str = "view", *, actor: User) -> None:
    grants.share(folder, text, grants.Terms(level), actor=actor, places=PLACES)


def link(folder: Folder, *, actor: User, password: str = "", **options: object) -> FolderLink:
    return folder_links.create(folder, shares.Options(**options), actor=actor, password=password)  # type: ignore[arg-type]


def another(cast: Cast, folder: Folder | None = None) -> Transcript:
    recording = factories.make_recording(cast.team, "Budget hearing", owner=cast.alice)
    Recording.objects.filter(pk=recording.pk).update(folder=folder)
    return factories.make_transcript(recording)


def url(name: str, *args: object) -> str:
    return reverse(name, args=args)


# People and teams


def test_who_gets_a_folder_has_what_is_in_it(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    outside = another(cast)
    share(folder, "charlie@example.org", "edit", actor=cast.alice)
    assert access.get_transcript(cast.charlie, transcript.pk, need=Level.EDIT) == transcript
    with pytest.raises(NotFound):
        access.get_transcript(cast.charlie, outside.pk)
    assert list(access.shared_with(cast.charlie)) == [transcript.recording]
    assert shared_by(cast.charlie, [transcript.recording_id])[transcript.recording_id].names == ["Alice Adams"]


def test_what_comes_later_is_shared_and_what_leaves_is_not(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    share(folder, "Court desk", actor=cast.alice)
    later = another(cast, folder)
    assert access.get_transcript(cast.charlie, later.pk) == later
    Recording.objects.filter(pk=transcript.recording_id).update(folder=None)
    with pytest.raises(NotFound):
        access.get_transcript(cast.charlie, transcript.pk)
    assert transcript.recording_id not in shared_by(cast.charlie, [transcript.recording_id])


def test_the_people_are_told_of_the_folder(cast: Cast, folder: Folder) -> None:
    share(folder, "charlie@example.org", actor=cast.alice)
    mail = Mail.objects.get(to="charlie@example.org")
    assert mail.subject == "Alice Adams shared “Court” with you"
    assert "the folder “Court”" in mail.text
    told = Notification.objects.get(user=cast.charlie)
    assert notifications.sentence_of(told) == "Alice Adams shared “Court” with you"
    page = client_of(cast.charlie).get(url("notifications"))
    assert "“Court”" in page.content.decode()
    led = client_of(cast.charlie).get(url("notification", told.pk))
    assert (led.status_code, led["Location"]) == (302, folder.get_absolute_url())


def test_a_notification_of_a_folder_goes_with_the_access(cast: Cast, folder: Folder) -> None:
    share(folder, "charlie@example.org", actor=cast.alice)
    grant = Grant.objects.get(folder=folder)
    grants.revoke(folder, grant.pk, actor=cast.alice)
    assert "“Court”" not in client_of(cast.charlie).get(url("notifications")).content.decode()


def test_revoking_ends_access_to_all_of_it(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    share(folder, "charlie@example.org", "edit", actor=cast.alice)
    grants.revoke(folder, Grant.objects.get(folder=folder).pk, actor=cast.alice)
    with pytest.raises(NotFound):
        access.get_transcript(cast.charlie, transcript.pk)
    verbs = Activity.objects.filter(subject="Court", actor=cast.alice).values_list("verb", flat=True)
    assert {*verbs} == {"share:granted", "share:grant_revoked"}


def test_the_higher_of_the_two_levels_counts(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    share(folder, "charlie@example.org", "comment", actor=cast.alice)
    grants.share(transcript.recording, "charlie@example.org", grants.Terms("view"), actor=cast.alice, places=PLACES)
    assert access.level_on(cast.charlie, transcript.recording) == Level.COMMENT


def test_followers_of_the_feed_are_those_who_have_the_folder(
    cast: Cast, transcript: Transcript, folder: Folder
) -> None:
    desk = factories.make_team("Sports", owner=cast.alice, viewer=factories.make_user("Sam Score"))
    share(folder, "charlie@example.org", actor=cast.alice)
    share(folder, desk.slug, actor=cast.alice)
    sam = desk.memberships.exclude(user=cast.alice).get().user
    _, followers = access.viewers_of([transcript.pk])[transcript.pk]
    assert {("user", cast.charlie.pk), ("user", sam.pk)} <= followers
    Recording.objects.filter(pk=transcript.recording_id).update(folder=None)
    _, followers = access.viewers_of([transcript.pk])[transcript.pk]
    assert not {("user", cast.charlie.pk), ("user", sam.pk)} & followers


def test_a_folder_of_a_team_that_requires_two_steps_stays_closed_without_them(
    cast: Cast, transcript: Transcript, folder: Folder
) -> None:
    share(folder, "charlie@example.org", actor=cast.alice)
    cast.team.requires_second_factor = True
    cast.team.save()
    with pytest.raises(NotFound):
        access.get_transcript(cast.charlie, transcript.pk)


def test_only_those_who_decide_about_a_folder_share_it(cast: Cast, folder: Folder) -> None:
    for person, error in ((cast.vera, NotAllowed), (cast.charlie, NotFound)):
        with pytest.raises(error):
            share(folder, "charlie@example.org", actor=person)
    share(folder, "charlie@example.org", "edit", actor=cast.alice)
    share(folder, "vera@example.org", actor=cast.erin)
    with pytest.raises(NotAllowed):
        share(folder, "vera@example.org", actor=cast.charlie)


def test_the_page_of_a_recording_says_that_its_folder_is_shared(
    cast: Cast, transcript: Transcript, folder: Folder
) -> None:
    page = url("transcript_share", transcript.pk)
    assert "Who has the folder" not in client_of(cast.erin).get(page).content.decode()
    share(folder, "charlie@example.org", actor=cast.alice)
    assert url("folder_share", folder.pk) in client_of(cast.erin).get(page).content.decode()


# Links


def test_a_guest_sees_the_recordings_and_opens_one(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    outside = another(cast)
    opened = link(folder, actor=cast.alice)
    client = Client()
    page = client.get(url("guest_folder", opened.token))
    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert transcript.recording.title in page.content.decode()
    assert outside.recording.title not in page.content.decode()
    text = client.get(url("guest_folder_recording", opened.token, transcript.recording_id), follow=True)
    assert text.context["reading"].transcript == transcript
    assert url("guest_folder", opened.token) in text.content.decode()
    assert client.get(url("guest_folder_recording", opened.token, outside.recording_id)).status_code == 404


def test_each_recording_has_one_link_for_the_guests_of_a_folder(
    cast: Cast, transcript: Transcript, folder: Folder
) -> None:
    opened = link(folder, actor=cast.alice)
    for _ in range(2):
        Client().get(url("guest_folder_recording", opened.token, transcript.recording_id), follow=True)
    assert Share.objects.get(folder_link=opened).recording == transcript.recording
    assert ShareOpening.objects.count() == 2
    log = client_of(cast.erin).get(url("folder_share", folder.pk), {"tab": "opened"}).content.decode()
    assert log.count(transcript.recording.title) == 2
    own = client_of(cast.erin).get(url("transcript_share", transcript.pk), {"tab": "opened"}).content.decode()
    assert "No one has opened a link yet" in own


def test_the_password_of_the_folder_opens_all_and_nothing_else_does(
    cast: Cast, transcript: Transcript, folder: Folder
) -> None:
    opened = link(folder, actor=cast.alice, password=PASSWORD)
    client = Client()
    one = url("guest_folder_recording", opened.token, transcript.recording_id)
    assert client.get(one)["Location"] == url("guest_folder", opened.token)
    assert "asks for a password" in client.get(url("guest_folder", opened.token)).content.decode()
    client.post(url("guest_folder", opened.token), {"password": PASSWORD})
    assert client.get(one, follow=True).context["reading"].transcript == transcript
    share = Share.objects.get(folder_link=opened)
    stranger = Client().get(url("guest", share.token))
    assert (stranger.status_code, stranger["Location"]) == (302, url("guest_folder", opened.token))
    assert Client().get(url("guest_words", share.token, transcript.pk)).status_code == 403
    assert Client().post(url("guest", share.token), {"password": ""})["Location"] == url("guest_folder", opened.token)


@pytest.mark.parametrize("end", ["revoked", "expired", "left", "deleted", "trashed"])
def test_what_a_guest_has_open_ends(cast: Cast, transcript: Transcript, folder: Folder, end: str) -> None:
    opened = link(folder, actor=cast.alice)
    share = folder_links.share_of(opened, transcript.recording)
    words = url("guest_words", share.token, transcript.pk)
    assert Client().get(words).status_code == 200
    if end == "revoked":
        folder_links.revoke(folder, opened.pk, actor=cast.alice)
    elif end == "expired":
        type(opened).objects.update(expires_at=clock.now() - timedelta(minutes=1))
    elif end == "left":
        Recording.objects.filter(pk=transcript.recording_id).update(folder=None)
    elif end == "deleted":
        folder.delete()
    else:
        Recording.objects.filter(pk=transcript.recording_id).update(deleted_at=clock.now())
    assert Client().get(words).status_code == 404
    assert ("share", share.pk) not in access.viewers_of([transcript.pk]).get(transcript.pk, (0, frozenset()))[1]


def test_other_options_hold_for_what_is_open(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    opened = link(folder, actor=cast.alice, level="comment", allows_text=True)
    share = folder_links.share_of(opened, transcript.recording)
    assert Client().get(url("guest_download", share.token, "txt")).status_code == 200
    folder_links.change(folder, opened.pk, actor=cast.alice, level="view", allows_text=False)
    assert Client().get(url("guest_download", share.token, "txt")).status_code == 404
    assert Share.objects.get(pk=share.pk).level == "view"


def test_a_guest_gives_a_name_once_for_the_folder(cast: Cast, transcript: Transcript, folder: Folder) -> None:
    second = another(cast, folder)
    opened = link(folder, actor=cast.alice, level="comment")
    client = Client()
    tokens = [folder_links.share_of(opened, one.recording).token for one in (transcript, second)]
    client.post(url("guest_name", tokens[0]), {"name": "Dana"})
    assert "You are" in client.get(url("guest", tokens[1])).content.decode()
    other = Client()
    other.post(url("guest_name", tokens[1]), {"name": "dana"})
    assert "dana 2" in other.get(url("guest", tokens[0])).content.decode()


def test_members_are_led_to_their_library(cast: Cast, folder: Folder) -> None:
    opened = link(folder, actor=cast.alice)
    led = client_of(cast.vera).get(url("guest_folder", opened.token))
    assert led["Location"] == folder.get_absolute_url()
    assert client_of(cast.vera).get(url("guest_folder", opened.token), {"preview": ""}).status_code == 200


def test_a_folder_has_no_captions_and_is_edited_as_it_is(cast: Cast, folder: Folder) -> None:
    with refused("share_level"):
        link(folder, actor=cast.alice, level="captions")
    with refused("share_edit"):
        link(folder, actor=cast.alice, level="edit", shows_initials=True)
    with refused("share_comment"):
        link(folder, actor=cast.alice, level="comment", is_approved_only=True)


def test_the_links_of_a_folder_are_managed_on_its_page(cast: Cast, folder: Folder) -> None:
    client = client_of(cast.erin)
    links = url("folder_links", folder.pk)
    client.post(links, {"level": "view", "label": "Counsel"})
    made = folder.links.get()
    one = url("folder_link", folder.pk, made.pk)
    page = client.get(url("folder_share", folder.pk), {"tab": "links"}).content.decode()
    assert url("guest_folder", made.token) in page
    client.post(one, {"change": "password", "password": PASSWORD})
    client.post(one, {"change": "options", "level": "comment", "label": "Counsel", "allows_text": "on"})
    made.refresh_from_db()
    assert (made.level, made.allows_text, bool(made.password)) == ("comment", True, True)
    client.post(one, {"change": "renew"})
    client.post(one, {"change": "revoke"})
    made.refresh_from_db()
    assert made.expires_at
    assert made.revoked_at
    assert client.post(one, {"change": "renew"}).status_code == 404


def test_links_without_end_are_refused(cast: Cast, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_LINKS", 1)
    link(folder, actor=cast.alice)
    with refused("share_too_many"):
        link(folder, actor=cast.alice)


def test_those_of_a_folder_don_t_count_for_its_recordings(
    cast: Cast, transcript: Transcript, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST_LINKS", 1)
    folder_links.share_of(link(folder, actor=cast.alice), transcript.recording)
    shares.create(transcript.recording, shares.Options(), actor=cast.alice)
    assert list(shares.of(transcript.recording)) == [Share.objects.get(folder_link=None)]
