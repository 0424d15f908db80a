"""Links: created, changed, renewed, revoked; what their options exclude is refused in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.hashers import check_password
from django.urls import reverse

from tests import factories
from tests.sharing.conftest import refused
from transcripts import access, clock
from transcripts.access import NotAllowed, NotFound
from transcripts.models import Activity, Share
from transcripts.services.live import lifecycle
from transcripts.services.provider_accounts import environment
from transcripts.services.sharing import shares, terms

if TYPE_CHECKING:
    from django.test import Client

    from tests.factories import Cast
    from transcripts.models import Transcript


def create(transcript: Transcript, cast: Cast, password: str = "", **options: Any) -> Share:
    return shares.create(transcript.recording, shares.Options(**options), actor=cast.erin, password=password)


def expire(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(expires_at=clock.now() - timedelta(days=1))


def test_a_link_has_what_was_chosen_and_a_secret_of_its_own(cast: Cast, transcript: Transcript) -> None:
    wish = {"level": "comment", "label": " For\nDr Hale ", "allows_text": True, "from_ms": 5, "until_ms": 9}
    share, other = create(transcript, cast, "open sesame", **wish), create(transcript, cast)
    found = access.get_share(share.token)
    assert (found.level, found.label, found.allows_text, found.from_ms) == ("comment", "For Dr Hale", True, 5)
    assert check_password("open sesame", found.password)
    assert len(share.token) >= 43
    assert share.token != other.token
    assert other.password == ""
    assert Activity.objects.filter(verb="share:made", actor=cast.erin).count() == 2


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"level": "edit", "shows_initials": True}, "share_edit"),
        ({"level": "edit", "from_ms": 0, "until_ms": 9}, "share_edit"),
        ({"level": "edit", "is_approved_only": True}, "share_edit"),
        ({"level": "comment", "is_approved_only": True}, "share_comment"),
        ({"level": "own"}, "share_level"),
    ],
)
def test_options_that_exclude_each_other_are_refused(
    cast: Cast, transcript: Transcript, options: dict[str, Any], code: str
) -> None:
    with refused(code):
        create(transcript, cast, **options)
    share = create(transcript, cast)
    with refused(code):
        shares.change(transcript.recording, share.pk, actor=cast.erin, **options)
    share.refresh_from_db()
    assert share.level == "view"
    assert not share.is_approved_only


def test_a_link_keeps_its_address_when_its_options_change(cast: Cast, transcript: Transcript) -> None:
    share = create(transcript, cast)
    end = clock.now() + timedelta(days=1)
    shares.change(transcript.recording, share.pk, actor=cast.erin, level="comment", expires_at=end)
    found = access.get_share(share.token)
    assert (found.level, found.expires_at) == ("comment", end)


def test_another_password_ends_what_the_earlier_one_opened(cast: Cast, transcript: Transcript) -> None:
    share = create(transcript, cast, "first")
    session: dict[str, Any] = {}
    assert shares.open_with(share, "first", session)
    changed = shares.set_password(transcript.recording, share.pk, "second", actor=cast.erin)
    assert not shares.is_open_to(changed, session)
    assert not shares.open_with(changed, "first", session)
    removed = shares.set_password(transcript.recording, share.pk, "", actor=cast.erin)
    assert shares.is_open_to(removed, {})


def test_an_expired_link_is_renewed_with_the_same_address_and_a_revoked_one_is_not(
    cast: Cast, transcript: Transcript
) -> None:
    share = create(transcript, cast)
    expire(share)
    with pytest.raises(NotFound):
        access.get_share(share.token)
    shares.renew(transcript.recording, share.pk, actor=cast.erin)
    assert access.get_share(share.token) == share
    shares.revoke(share, actor=cast.erin)
    with pytest.raises(NotFound):
        shares.renew(transcript.recording, share.pk, actor=cast.erin)


def test_a_link_is_revoked_once(cast: Cast, transcript: Transcript) -> None:
    share = create(transcript, cast)
    shares.revoke(share, actor=cast.erin)
    shares.revoke(share, actor=cast.alice)
    assert Activity.objects.filter(verb="share:revoked").count() == 1


def test_the_link_of_another_recording_is_not_found(cast: Cast, transcript: Transcript) -> None:
    share = create(transcript, cast)
    with pytest.raises(NotFound):
        shares.change(factories.make_recording(cast.team, "Another"), share.pk, actor=cast.erin, level="edit")


def test_a_viewer_creates_no_link(cast: Cast, transcript: Transcript) -> None:
    with pytest.raises(NotAllowed):
        shares.create(transcript.recording, shares.Options(), actor=cast.vera)


def test_there_are_no_links_without_end(cast: Cast, transcript: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_LINKS", 1)
    share = create(transcript, cast)
    with refused("share_too_many"):
        create(transcript, cast)
    shares.revoke(share, actor=cast.erin)
    monkeypatch.setattr(shares, "MOST_A_DAY", 1)
    with refused("share_too_many"):
        create(transcript, cast)
    Share.objects.update(created_at=clock.now() - timedelta(days=2))
    create(transcript, cast)


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("19:20", "24:00", (1_160_000, 1_440_000)),
        ("0:00", "1:00:00", (0, 3_600_000)),
        ("90:05.5", "90:06", (5_405_500, 5_406_000)),
        (" ", "", (None, None)),
    ],
)
def test_a_stretch_is_read_as_people_write_times(begin: str, end: str, expected: tuple[int, int]) -> None:
    assert terms.stretch(begin, end, None) == expected


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("19:20", ""),
        ("", "19:20"),
        ("5:00", "5:00"),
        ("24:00", "19:20"),
        ("1:60", "2:00"),
        ("a", "b"),
        ("60:00", "61:00"),
        ("1:70:00", "2:00:00"),
    ],
)
def test_a_stretch_that_is_none_is_refused(begin: str, end: str) -> None:
    with refused("share_stretch"):
        terms.stretch(begin, end, 60_000)


@pytest.mark.django_db
def test_an_end_is_read_in_the_zone_of_the_person(settings: Any) -> None:
    year = clock.now().year + 1
    assert terms.expiry(f"{year}-07-01T18:00", "Europe/Kyiv") == datetime(year, 7, 1, 15, tzinfo=UTC)
    settings.TIME_ZONE = "UTC"
    for zone in ("", "Nowhere/Land", "../../etc/passwd", "\x00", "a" * 300, "/etc"):
        assert terms.expiry(f"{year}-07-01T18:00", zone) == datetime(year, 7, 1, 18, tzinfo=UTC)
    assert terms.expiry(" ") is None


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2020-01-01T00:00", "tomorrow", "9999-12-31T23:59", "0001-01-01T00:00", "2026-13-45"])
def test_an_end_that_is_none_is_refused(text: str) -> None:
    with refused("share_expiry"):
        terms.expiry(text, "Pacific/Kiritimati")


@pytest.mark.parametrize(
    "options", [{"from_ms": 0, "until_ms": 9}, {"shows_initials": True}, {"is_approved_only": True}]
)
def test_a_link_that_shows_less_opens_no_captions(cast: Cast, client: Client, options: dict[str, Any]) -> None:
    environment.from_environment()
    recording = lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting").recording
    whole = shares.create(recording, shares.Options(level="captions"), actor=cast.erin)
    less = shares.create(recording, shares.Options(**options), actor=cast.erin)
    answers = [client.get(reverse("captions", args=[share.token])).status_code for share in (whole, less)]
    assert answers == [200, 404]


def test_a_link_to_a_recording_without_a_session_opens_no_captions(
    cast: Cast, client: Client, transcript: Transcript
) -> None:
    share = create(transcript, cast)
    assert client.get(reverse("captions", args=[share.token])).status_code == 404
