"""Whom a recording is shared with, by account and by link, and who opened the links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Max

from accounts.models import Membership
from transcripts import clock
from transcripts.models import Grant, LiveSession, Share, ShareOpening
from transcripts.models.choices import ShareLevel
from transcripts.services.sharing import grants

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from accounts.models import User
    from transcripts.models import Recording, Transcript

TABS = ("people", "links", "opened")
# So many openings are listed, the latest first; all are counted.
OPENINGS_SHOWN = 100

GRANT_LEVELS = (("view", "Can read"), ("comment", "Can comment"), ("edit", "Can edit"))
LINK_LEVELS = (("view", "Read and listen"), ("comment", "Read, listen and comment"), ("edit", "Edit"))
CAPTIONS_LEVEL = (("captions", "Read live captions"),)


class Openings(TypedDict):
    """How often a link was opened, and when last."""

    opened: int
    last_opened: datetime | None


if TYPE_CHECKING:
    CountedShare = WithAnnotations[Share, Openings]


@dataclass(frozen=True, slots=True)
class Shared:
    """A grant as the page shows it. `through` names the teams by which a person has the recording as well."""

    grant: Grant
    is_expired: bool
    members: int = 0
    through: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the page shows it, with its full address."""

    share: CountedShare
    url: str
    is_expired: bool

    @property
    def is_captions(self) -> bool:
        """Whether it opens live captions alone."""
        return self.share.level == ShareLevel.CAPTIONS


@dataclass(frozen=True, slots=True)
class Offer:
    """A team or a colleague that the page offers: what is entered, and who that is."""

    entered: str
    about: str


@dataclass(frozen=True, slots=True)
class SharePage:
    """Everything that the page and the dialog show."""

    transcript: Transcript
    recording: Recording
    tab: str
    shared: list[Shared]
    links: list[Link]
    openings: list[ShareOpening]
    opened: int
    members: int
    offers: list[Offer]
    link_levels: tuple[tuple[str, str], ...]
    grant_levels: tuple[tuple[str, str], ...] = GRANT_LEVELS


def page_of(user: User, transcript: Transcript, tab: str, address: Callable[[Share], str]) -> SharePage:
    """Return what someone sees who may share the transcript, which the caller got from `access`."""
    recording = transcript.recording
    openings = ShareOpening.objects.filter(share__recording=recording).select_related("share").order_by("-opened_at")
    has_captions = LiveSession.objects.filter(recording=recording).exists()
    return SharePage(
        transcript=transcript,
        recording=recording,
        tab=tab if tab in TABS else "people",
        shared=_shared(recording),
        links=_links(recording, address),
        openings=list(openings[:OPENINGS_SHOWN]),
        opened=openings.count(),
        members=Membership.objects.filter(team=recording.team_id).count(),
        offers=_offers(user, recording),
        link_levels=(CAPTIONS_LEVEL if has_captions else ()) + LINK_LEVELS,
    )


def count_of(recording: Recording) -> int:
    """Return how many people, teams and links a recording is shared with."""
    return _grants(recording).count() + Share.objects.filter(recording=recording, revoked_at=None).count()


def _grants(recording: Recording) -> QuerySet[Grant]:
    return Grant.objects.filter(recording=recording, revoked_at=None)


def _shared(recording: Recording) -> list[Shared]:
    now = clock.now()
    found = list(_grants(recording).select_related("user", "team", "created_by").order_by("-team", "created_at"))
    teams = {one.team_id: one.team.name for one in found if one.team}
    members = Membership.objects.filter(team__in=teams, user__is_active=True).values_list("team", "user")
    by_team: dict[int, set[int]] = {}
    for team_id, user_id in members:
        by_team.setdefault(team_id, set()).add(user_id)
    return [
        Shared(
            grant=one,
            is_expired=bool(one.expires_at and one.expires_at <= now),
            members=len(by_team.get(one.team_id or 0, ())),
            through=[teams[team_id] for team_id, users in by_team.items() if one.user_id in users],
        )
        for one in found
    ]


def _links(recording: Recording, address: Callable[[Share], str]) -> list[Link]:
    now = clock.now()
    found = Share.objects.filter(recording=recording, revoked_at=None).select_related("created_by")
    counted = found.annotate(opened=Count("openings"), last_opened=Max("openings__opened_at")).order_by("-created_at")
    shares = cast("list[CountedShare]", list(counted))
    return [Link(one, address(one), bool(one.expires_at and one.expires_at <= now)) for one in shares]


def _offers(user: User, recording: Recording) -> list[Offer]:
    """Return the person's teams and colleagues, those aside who are in the recording's team."""
    teams = list(grants.teams_for(recording, user).annotate(size=Count("memberships")))
    names = [one.name for one in teams]
    offered = [
        Offer(one.name if names.count(one.name) == 1 else one.slug, f"{one.name}, {one.size} members") for one in teams
    ]
    others = grants.colleagues(user).exclude(memberships__team=recording.team_id).order_by("name", "email")
    return offered + [Offer(one.email, str(one)) for one in others]
