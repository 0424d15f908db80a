"""Tags of a team, and the recordings that they mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Lower

from transcripts import events
from transcripts.document.plain import one_line
from transcripts.models import Recording, Tag
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.library.names import name_of, only_one

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

MOST_TAGS = 20
LONGEST = 40
TOO_MANY = "A recording can have 20 tags. Remove one first."


def names_in(text: str) -> list[str]:
    """Read names that are separated by commas or lines; each counts once, whatever its case."""
    names = (one_line(part)[:LONGEST].strip() for part in text.replace("\n", ",").split(","))
    return list({name.lower(): name for name in names if name}.values())


@transaction.atomic
def set_tags(recording: Recording, names: Iterable[str], *, actor: User) -> None:
    """Mark a recording with these tags and no others; those that its team doesn't have yet are created."""
    wanted = {name.lower(): name for name in names}
    if len(wanted) > MOST_TAGS:
        raise Refused("too_many_names", TOO_MANY)
    locked = Recording.objects.select_for_update(no_key=True, of=("self",)).get(pk=recording.pk)
    tags = _tags(locked.team_id, wanted)
    if set(locked.tags.values_list("pk", flat=True)) == {tag.pk for tag in tags}:
        return
    locked.tags.set(tags)
    activities.record("recording:tagged", recording, actor=actor, tags=[tag.pk for tag in tags])
    events.publish("recording.changed", recording)


def _tags(team_id: int, wanted: dict[str, str]) -> list[Tag]:
    """Return the team's tags of these names. One that another person creates at this moment is waited for."""
    present = _present(team_id, wanted)
    new = [Tag(team_id=team_id, name=name) for key, name in wanted.items() if key not in present]
    Tag.objects.bulk_create(new, ignore_conflicts=True)
    return list(_present(team_id, wanted).values())


def _present(team_id: int, wanted: Iterable[str]) -> dict[str, Tag]:
    # SQLite lowers ASCII letters alone: a name is compared as the database and as people see it
    found = Tag.objects.filter(team=team_id).annotate(key=Lower("name"))
    return {tag.name.lower(): tag for tag in found if tag.name.lower() in wanted or tag.key in wanted}


@transaction.atomic
def rename(tag: Tag, name: str, *, actor: User) -> None:
    """Give a tag another name. Raises Refused if the team has one of this name."""
    with only_one("tag"):
        Tag.objects.filter(pk=tag.pk).update(name=name_of(name, longest=LONGEST))
    activities.record_for_team("tag:renamed", tag.team, actor=actor, tag=tag.pk)
    events.publish_to_team("library.changed", tag.team_id)


@transaction.atomic
def delete(tag: Tag, *, actor: User) -> None:
    """Delete a tag, and take it off all recordings."""
    activities.record_for_team("tag:deleted", tag.team, actor=actor, tag=tag.pk)
    events.publish_to_team("library.changed", tag.team_id)
    tag.delete()
