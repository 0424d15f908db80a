"""What people wish of a transcription beside its language: read from what they sent, made options of its provider."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts.models import TeamDefaults
from transcripts.providers.base import Options
from transcripts.providers.capabilities import NAMES
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import accounts, languages, selection, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from transcripts.models import LiveSession, ProcessingJob, ProviderAccount, Recording, Upload
    from transcripts.providers.capabilities import Capabilities, Wishes

# More voices than these are not told apart by any provider that takes a number, nor more languages.
MOST_SPEAKERS, MOST_LANGUAGES = 20, 10
SPEAKERS = re.compile(r"[1-9][0-9]?")
FLAGS = {
    "separates_speakers": "tell speakers apart",
    "punctuates": "punctuation, and numbers as figures",
    "masks_profanity": "mask profanity",
}
# All that `read` reads, by its name, with what it is
READ = {
    "speakers": f"number of speakers, 1 to {MOST_SPEAKERS}",
    "languages": "other languages spoken in it, as BCP-47 tags with commas between",
    **FLAGS,
}
ANSWERS = {"yes": True, "no": False}


def read(said: Mapping[str, str], otherwise: Wishes) -> Wishes:
    """Read wishes by their names; what isn't there is as it is `otherwise`. Raises Refused.

    Languages are listed with commas, and flags are "yes" or "no".
    """
    wishes = otherwise
    if "speakers" in said:
        wishes = replace(wishes, speakers=speakers_from(said["speakers"]))
    if "languages" in said:
        wishes = replace(wishes, languages=_languages_from(said["languages"]))
    flags: dict[str, Any] = {name: _flag(name, said[name]) for name in FLAGS if name in said}
    return replace(wishes, **flags)


def speakers_from(text: str) -> int | None:
    """Read how many speakers a person counts, None if that is to be found out. Raises Refused."""
    if not text.strip():
        return None
    if not SPEAKERS.fullmatch(text) or int(text) > MOST_SPEAKERS:
        raise Refused(
            "speakers", f"The number of speakers must be from 1 to {MOST_SPEAKERS}. Leave it out to have it detected."
        )
    return int(text)


def _languages_from(text: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))
    if len(tags) > MOST_LANGUAGES:
        raise Refused("language", f"Choose at most {MOST_LANGUAGES} other languages.")
    for tag in tags:
        languages.refuse_malformed_language(tag)
    return tags


def _flag(name: str, text: str) -> bool:
    if text not in ANSWERS:
        raise Refused("option", f"The option “{name}” must be “yes” or “no”.")
    return ANSWERS[text]


def for_upload(team_id: int, said: Mapping[str, str]) -> Wishes:
    """Read the wishes of an upload; what isn't said is as the team wishes. Raises Refused."""
    wishes = read(said, of_team(team_id))
    account = selection.found_for_team(team_id)
    if account is not None and said.get("languages"):
        refuse_languages(account, accounts.can(account), wishes, said.get("language", ""))
    return wishes


def of_team(team_id: int) -> Wishes:
    """Return what a team wishes for recordings whose sender doesn't say otherwise."""
    return TeamDefaults.wishes_of(team_id)


def for_live(account: ProviderAccount, team_id: int, said: Mapping[str, str], language: str) -> Wishes:
    """Read the wishes of a live session with this account; what isn't said is as the team wishes. Raises Refused."""
    wishes = read(said, of_team(team_id))
    if said.get("languages"):
        refuse_languages(account, accounts.can_live(account), wishes, language)
    return wishes


def of_latest(recording: Recording) -> Wishes:
    """Return what was wished for a recording last."""
    job = recording.jobs.filter(compares=None).order_by("-created_at").first()
    return job.wishes if job else of_arrival(recording)


def of_arrival(recording: Recording) -> Wishes:
    """Return what was wished before the recording was uploaded or spoken; if it is neither, what its team wishes."""
    arrival: Upload | LiveSession | None = getattr(recording, "upload", None) or getattr(
        recording, "live_session", None
    )
    return arrival.wishes if arrival else of_team(recording.team_id)


def told(account: ProviderAccount, wishes: Wishes, language: str) -> Wishes:
    """Return what the account's provider is told of them; pages say before what it can't do."""
    return _met(account, accounts.can(account), wishes, language)


def told_live(account: ProviderAccount, wishes: Wishes, language: str) -> Wishes:
    """Return what the account's provider is told of them in a live session, where it may be able to do less."""
    return _met(account, accounts.can_live(account), wishes, language)


def _met(account: ProviderAccount, can: Capabilities, wishes: Wishes, language: str) -> Wishes:
    wishes = replace(wishes, languages=tuple(_others(account, can.several, wishes.languages, language)))
    return wishes.without(can.unmet(wishes))


def refuse_languages(account: ProviderAccount, can: Capabilities, wishes: Wishes, language: str) -> None:
    """Raise Refused, naming one, if the provider doesn't transcribe these languages in one recording."""
    if found := left_out(account, can, wishes, language):
        raise Refused(
            "language",
            f"{account.name} doesn’t transcribe “{found[0]}” together with the other languages. Leave it out.",
        )


def left_out(account: ProviderAccount, can: Capabilities, wishes: Wishes, language: str) -> list[str]:
    """Return the languages that the provider doesn't transcribe together with the others in one recording."""
    spoken = _others(account, can.several, wishes.languages, language)
    return [tag for tag in wishes.languages if tag != language and tag not in spoken]


def _others(account: ProviderAccount, several: Sequence[str], tags: Iterable[str], language: str) -> list[str]:
    """Return the languages beside the main one that the provider takes together with it, `several` if it names any."""

    def takes(tag: str) -> bool:
        return account.knows(tag) and (not several or tag.partition("-")[0] in several)

    return [tag for tag in tags if takes(tag) and tag != language] if not language or takes(language) else []


def options_of(job: ProcessingJob, content_type: str) -> Options:
    """Return what a provider is told with the audio of a job."""
    return Options(
        language=accounts.language_to_ask(job.account, job.language),
        content_type=content_type,
        vocabulary=terms.told(job.account, job.recording.team, (job.language, *job.languages)),
        **named(job.wishes),
    )


def named(wishes: Wishes) -> dict[str, Any]:
    """Return wishes by the names that they have as options."""
    return {name: getattr(wishes, name) for name in NAMES.values()}
