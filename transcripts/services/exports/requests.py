"""What a person asks for: at most so many files at a time, and the options that their team used."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from transcripts import access, clock, events, formats, queue
from transcripts.models import Export, ExportChoice
from transcripts.models.choices import ACTIVE_EXPORT
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import Team
    from transcripts.models import Transcript

KEPT = timedelta(hours=24)
MOST_TRANSCRIPTS = 1_000
MOST_WAITING = 5
# Documents of more words take longer than a person should wait for an answer.
MANY_WORDS = 20_000
SLOW_FORMATS = ("docx", "pdf")

WAITING = "You have {count} exports waiting already. Wait until one is ready."
TOO_MANY = "An export holds at most {most} transcripts. Choose fewer."
NONE = "Choose at least one transcript."


def is_slow(transcript: Transcript, name: str) -> bool:
    """Tell whether a worker has to write this export."""
    return name in SLOW_FORMATS and transcript.word_count > MANY_WORDS


def request(actor: User, transcripts: Sequence[Transcript], name: str, options: Mapping[str, str]) -> Export:
    """Have a worker write an export. Raises Refused; KeyError for an unknown format."""
    exports.check_options(name, options)
    if not transcripts:
        raise Refused("export_transcripts", NONE)
    if len(transcripts) > MOST_TRANSCRIPTS:
        raise Refused("export_transcripts", TOO_MANY.format(most=MOST_TRANSCRIPTS))
    with transaction.atomic():
        # One request at a time of a person, so that two can't both take the last place.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        waiting = Export.objects.filter(requested_by=actor, status__in=ACTIVE_EXPORT).count()
        if waiting >= MOST_WAITING:
            raise Refused("exports_waiting", WAITING.format(count=waiting))
        return _create(actor, transcripts, name, options)


def _create(actor: User, transcripts: Sequence[Transcript], name: str, options: Mapping[str, str]) -> Export:
    team = transcripts[0].recording.team
    export = Export.objects.create(
        requested_by=actor,
        team=team,
        transcript_ids=[str(transcript.pk) for transcript in transcripts],
        format=name,
        options=dict(options),
        expires_at=clock.now() + KEPT,
    )
    for transcript in transcripts:
        activities.record("transcript:exported", transcript.recording, actor=actor, format=name)
    queue.wake_export(export.pk)
    events.publish_to_team("export.changed", team.pk, export.pk)
    return export


def remember(actor: User, team: Team, name: str, options: Mapping[str, str]) -> None:
    """Store the options that a team used; a person who can only view leaves those of the others."""
    if access.can_edit(actor, team):
        defaults = {"options": dict(options), "used_at": clock.now()}
        ExportChoice.objects.update_or_create(team=team, format=name, defaults=defaults)


def remembered(team: Team) -> dict[str, dict[str, str]]:
    """Return the options that a team used by format, the latest first, without those that no longer exist."""
    found = ExportChoice.objects.filter(team=team, format__in=formats.FORMATS).order_by("-used_at")
    return {choice.format: _valid(choice.format, choice.options) for choice in found}


def _valid(name: str, options: dict[str, str]) -> dict[str, str]:
    try:
        exports.check_options(name, options)
    except Refused:
        return {}
    return options
