"""What a person can choose for the files that they upload, and what is chosen when the dialog opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings

from accounts import preferences
from transcripts import access
from transcripts.models import TeamDefaults, Term
from transcripts.providers.capabilities import Wishes
from transcripts.services.provider_accounts import objections, options, selection, terms

if TYPE_CHECKING:
    from accounts.models import Team, User
    from transcripts.models import Folder, ProviderAccount
    from transcripts.services.provider_accounts.options import Offer


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices for one of the person's `teams`, and what is said beside them; without a team there are none.

    `wished` is what the team wishes, `unmet` a sentence for each wish of these that the provider can't meet.
    `terms` is how many words the team's vocabulary has, `vocabulary` says which the provider is told.
    """

    teams: list[Team]
    team: Team | None = None
    offer: Offer | None = None
    language: str = ""
    folders: list[Folder] = field(default_factory=list)
    folder: str = ""
    account: ProviderAccount | None = None
    wished: Wishes = field(default_factory=Wishes)
    unmet: tuple[str, ...] = ()
    terms: int = 0
    vocabulary: str = ""

    @property
    def largest_gb(self) -> str:
        """How many gigabytes a file can have."""
        return f"{settings.MAX_UPLOAD_BYTES / 1024**3:.3g}"


def choices_of(user: User, asked: str = "") -> Choices:
    """Return the choices for the team that is asked for, else for the one that the person remembers or works in."""
    teams = list(access.editable_teams_of(user))
    chosen = preferences.of(user)
    working: str = chosen["team"]
    remembered: dict[str, str] = chosen["uploads"].get(working, {})
    team = first_of(teams, asked, remembered.get("team", ""), working)
    if team is None:
        return Choices(teams)
    is_remembered = remembered.get("team") == team.slug
    account = selection.found_for_team(team.pk)
    wished = TeamDefaults.wishes_of(team.pk)
    offer = options.offer_of_any([account] if account else [])
    wanted = remembered["language"] if is_remembered else TeamDefaults.language_of(team.pk)
    language = wanted if wanted in offer.languages else offer.chosen
    return Choices(
        teams=teams,
        team=team,
        offer=offer,
        language=language,
        folders=list(team.folders.order_by("name")),
        folder=remembered["folder"] if is_remembered else "",
        account=account,
        wished=wished,
        unmet=objections.consequences(account, wished, language) if account else (),
        terms=Term.objects.filter(vocabulary__team=team).count(),
        vocabulary=terms.sentence(account, team) if account else "",
    )


def first_of(teams: list[Team], *slugs: str) -> Team | None:
    """Return the first of these teams that the person can add to, else their own."""
    by_slug = {team.slug: team for team in teams}
    return next((by_slug[slug] for slug in slugs if slug in by_slug), teams[0] if teams else None)
