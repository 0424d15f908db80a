"""The vocabulary of a team, as its page and the pages of its transcripts show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.document import diff, scripts
from transcripts.document.doubts.rules import key_of, without_marks
from transcripts.models import Segment, Term
from transcripts.models.choices import Origin
from transcripts.selectors.teams.frame import Frame, frame_of
from transcripts.services.provider_accounts import selection
from transcripts.services.provider_accounts import terms as sent
from transcripts.services.provider_accounts.languages import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from accounts.models import Team, User

# So many of the latest corrected segments are read, and so long ones, to learn what people correct.
LATEST_SEGMENTS, LONGEST_SEGMENT = 400, 400
# A correction of more words is a new sentence, and tells nothing of a term.
MOST_WORDS = 4
MOST_CORRECTIONS = 300


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a vocabulary shows; `told` says which terms leave with the team's recordings, and where to."""

    frame: Frame
    team: Team
    terms: list[Term]
    offers: list[dict[str, Any]]
    may_edit: bool
    told: str = ""
    languages: tuple[str, ...] = COMMON


def page_of(user: User, slug: str) -> Page:
    """Return the vocabulary of one of the person's teams. Raises access.NotFound."""
    frame = frame_of(user, slug)
    team = frame.team
    terms = list(Term.objects.filter(vocabulary__team=team).select_related("added_by"))
    known = {term.key for term in terms}
    offers = [one for one in corrections_of(user, team) if one["count"] >= 2 and key_of(one["became"]) not in known]
    account = selection.found_for_team(team.pk)
    told = sent.sentence(account, team) if account else ""
    return Page(frame, team, terms, offers[:5], access.can_edit(user, team), told)


def known_to(user: User, transcript_id: UUID) -> dict[str, Any]:
    """Return the terms of the transcript's team, and what the team corrected before. Raises access.NotFound.

    Both belong to the team: someone the transcript is shared with gets none.
    """
    team = access.get_transcript(user, transcript_id).recording.team
    if access.level_in(user, team) is None:
        return {"terms": [], "corrections": []}
    terms = Term.objects.filter(vocabulary__team=team).values("term", "sounds_like")
    return {"terms": list(terms), "corrections": corrections_of(user, team)}


def corrections_of(user: User, team: Team) -> list[dict[str, Any]]:
    """Return what people of the team made of the machine's words: `was`, `became` and how often, most often first."""
    recordings = access.recordings_of(user).filter(team=team)
    changed = Segment.objects.filter(transcript__recording__in=recordings, origin=Origin.HUMAN)
    latest = changed.exclude(machine=None).order_by("-pk").values_list("machine", "text")[:LATEST_SEGMENTS]
    counts: Counter[tuple[str, str]] = Counter()
    for machine, text in latest:
        counts.update(_corrections(machine["text"] if machine else text, text))
    return [
        {"was": was, "became": became, "count": count} for (was, became), count in counts.most_common(MOST_CORRECTIONS)
    ]


def _corrections(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the few words that replaced a few others."""
    if before == after:
        return
    old, new = scripts.words_in(before), scripts.words_in(after)
    if max(len(old), len(new)) > LONGEST_SEGMENT:
        return
    for change in diff.changes([key_of(word) for word in old], [key_of(word) for word in new]):
        was, became = old[change.first : change.last], new[change.begin : change.end]
        if change.tag != "equal" and 0 < len(was) <= MOST_WORDS and 0 < len(became) <= MOST_WORDS:
            yield without_marks(" ".join(was)).lower(), without_marks(" ".join(became))
