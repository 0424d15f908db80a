"""Whom a recording or a folder is shared with, by account and by link, and who opened the links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse

from accounts.models import Membership
from transcripts import access, clock
from transcripts.models import Folder, FolderLink, Grant, LiveSession, Share, ShareOpening
from transcripts.models.choices import ShareLevel
from transcripts.services.sharing import grants

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django_stubs_ext import WithAnnotations

    from accounts.models import User
    from transcripts.models import Recording, Transcript
    from transcripts.services.sharing.targets import Target

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
    CountedShare = WithAnnotations[Share, Openings] | WithAnnotations[FolderLink, Openings]


@dataclass(frozen=True, slots=True)
class Shared:
    """A grant as the page shows it. `through` names the teams by which a person has the same as well."""

    grant: Grant
    action: str
    is_expired: bool
    members: int = 0
    through: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the page shows it, with its full address."""

    share: CountedShare
    url: str
    action: str
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
    """Everything that the page and the dialog show of a recording or a folder.

    `here` is the address of the page; `through` is the folder of a recording, if that is shared.
    """

    target: Target
    here: str
    back: str
    tab: str
    shared: list[Shared]
    links: list[Link]
    openings: list[ShareOpening]
    opened: int
    members: int
    offers: list[Offer]
    link_levels: tuple[tuple[str, str], ...]
    through: Folder | None = None
    grant_levels: tuple[tuple[str, str], ...] = GRANT_LEVELS

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder that is shared."""
        return isinstance(self.target, Folder)


def page_of(user: User, transcript: Transcript, tab: str, address: Callable[[Share | FolderLink], str]) -> SharePage:
    """Return what someone sees who may share the transcript, which the caller got from `access`."""
    recording = transcript.recording
    has_captions = LiveSession.objects.filter(recording=recording).exists()
    levels = (CAPTIONS_LEVEL if has_captions else ()) + LINK_LEVELS
    here = reverse("transcript_share", args=[transcript.pk])
    return _page(user, recording, (here, transcript.get_absolute_url(), tab), levels, address)


def page_of_folder(user: User, folder: Folder, tab: str, address: Callable[[Share | FolderLink], str]) -> SharePage:
    """Return what someone sees who may share the folder, which the caller got from `access`."""
    here = reverse("folder_share", args=[folder.pk])
    return _page(user, folder, (here, folder.get_absolute_url(), tab), LINK_LEVELS, address)


def _page(
    user: User,
    target: Target,
    place: tuple[str, str, str],
    levels: tuple[tuple[str, str], ...],
    address: Callable[[Share | FolderLink], str],
) -> SharePage:
    here, back, tab = place
    openings = ShareOpening.objects.filter(_openings_of(target)).select_related("share__recording")
    return SharePage(
        target=target,
        here=here,
        back=back,
        tab=tab if tab in TABS else "people",
        shared=_shared(target, here),
        links=_links(target, here, address),
        openings=list(openings.order_by("-opened_at")[:OPENINGS_SHOWN]),
        opened=openings.count(),
        members=Membership.objects.filter(team=target.team_id).count(),
        offers=_offers(user, target),
        link_levels=levels,
        through=_shared_folder(target),
    )


def _shared_folder(target: Target) -> Folder | None:
    """Return the folder of a recording if it is shared: whoever has that has the recording."""
    if isinstance(target, Folder) or target.folder_id is None:
        return None
    is_given = Exists(access.open_grants().filter(folder=OuterRef("pk")))
    is_linked = Exists(access.open_folder_links().filter(folder=OuterRef("pk")))
    return Folder.objects.filter(is_given | is_linked, pk=target.folder_id).first()


def _openings_of(target: Target) -> Q:
    """Return what is true of the openings of links: those of links to a folder are in its log."""
    if isinstance(target, Folder):
        return Q(share__folder_link__folder=target)
    return Q(share__recording=target, share__folder_link=None)


def count_of(recording: Recording) -> int:
    """Return how many people, teams and links a recording is shared with."""
    grants_of = Grant.objects.of(recording).filter(revoked_at=None)
    return grants_of.count() + Share.objects.filter(recording=recording, folder_link=None, revoked_at=None).count()


def _shared(target: Target, here: str) -> list[Shared]:
    now = clock.now()
    held = Grant.objects.of(target).filter(revoked_at=None)
    found = list(held.select_related("user", "team", "created_by").order_by("-team", "created_at"))
    teams = {one.team_id: one.team.name for one in found if one.team}
    members = Membership.objects.filter(team__in=teams, user__is_active=True).values_list("team", "user")
    by_team: dict[int, set[int]] = {}
    for team_id, user_id in members:
        by_team.setdefault(team_id, set()).add(user_id)
    return [
        Shared(
            grant=one,
            action=f"{here}grants/{one.pk}/",
            is_expired=bool(one.expires_at and one.expires_at <= now),
            members=len(by_team.get(one.team_id or 0, ())),
            through=[teams[team_id] for team_id, users in by_team.items() if one.user_id in users],
        )
        for one in found
    ]


def _links(target: Target, here: str, address: Callable[[Share | FolderLink], str]) -> list[Link]:
    now = clock.now()
    return [
        Link(one, address(one), f"{here}links/{one.pk}/", bool(one.expires_at and one.expires_at <= now))
        for one in _counted(target)
    ]


def _counted(target: Target) -> list[CountedShare]:
    """Return the links with how often each was opened, and when last."""
    if isinstance(target, Folder):
        links = FolderLink.objects.filter(folder=target, revoked_at=None).select_related("created_by")
        opened = links.annotate(opened=Count("shares__openings"), last_opened=Max("shares__openings__opened_at"))
        return cast("list[CountedShare]", list(opened.order_by("-created_at")))
    own = Share.objects.filter(recording=target, folder_link=None, revoked_at=None).select_related("created_by")
    counted = own.annotate(opened=Count("openings"), last_opened=Max("openings__opened_at"))
    return cast("list[CountedShare]", list(counted.order_by("-created_at")))


def _offers(user: User, target: Target) -> list[Offer]:
    """Return the person's teams and colleagues, those aside who are in the team that owns it."""
    teams = list(grants.teams_for(target, user).annotate(size=Count("memberships")))
    names = [one.name for one in teams]
    offered = [
        Offer(one.name if names.count(one.name) == 1 else one.slug, f"{one.name}, {one.size} members") for one in teams
    ]
    others = grants.colleagues(user).exclude(memberships__team=target.team_id).order_by("name", "email")
    return offered + [Offer(one.email, str(one)) for one in others]
