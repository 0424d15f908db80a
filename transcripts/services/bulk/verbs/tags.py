"""Marking recordings with a tag of their team, and taking one away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document.plain import one_line
from transcripts.models import Recording, Tag
from transcripts.services import activities
from transcripts.services.bulk.verbs.base import CHANGED, Change
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User

LONGEST = 40
NO_NAME = f"Enter a tag of up to {LONGEST} characters."


def _named(parameters: Mapping[str, object]) -> dict[str, Any]:
    name = one_line(str(parameters.get("name", "")))
    if not name or len(name) > LONGEST:
        raise Refused("tag_name", NO_NAME)
    return {"name": name}


def _put(recording: Recording, tag: Tag, actor: User) -> None:
    recording.tags.add(tag)
    activities.record("recording:tagged", recording, actor=actor, tag=tag.pk)


def _take(recording: Recording, tag: Tag, actor: User) -> None:
    recording.tags.remove(tag)
    activities.record("recording:untagged", recording, actor=actor, tag=tag.pk)


def _tag_of(recording: Recording, name: str) -> Tag | None:
    return Tag.objects.filter(team=recording.team_id, name__iexact=name).first()


def _has(recording: Recording, tag: Tag) -> bool:
    # Locked, so that two who change the tags of a recording do it one after the other
    Recording.objects.select_for_update(of=("self",), no_key=True).get(pk=recording.pk)
    return recording.tags.filter(pk=tag.pk).exists()


class Add:
    """`name` is the tag, which each team that lacks it gets."""

    is_quiet = True
    leads_to_trash = False

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the name of the tag."""
        return _named(parameters)

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Mark a recording."""
        name = parameters["name"]
        tag = _tag_of(recording, name) or Tag.objects.create(team_id=recording.team_id, name=name)
        if _has(recording, tag):
            return None
        _put(recording, tag, actor)
        return {}, {"tag": tag.pk}

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Take the tag away again."""
        tag = Tag.objects.filter(pk=after["tag"]).first()
        if tag is None or not _has(recording, tag):
            raise Refused("changed_since", CHANGED)
        _take(recording, tag, actor)


class Remove:
    """`name` is the tag that is taken away."""

    is_quiet = True
    leads_to_trash = False

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the name of the tag."""
        return _named(parameters)

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Take the tag away."""
        tag = _tag_of(recording, parameters["name"])
        if tag is None or not _has(recording, tag):
            return None
        _take(recording, tag, actor)
        return {"tag": tag.pk}, {}

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Mark the recording again."""
        tag = Tag.objects.filter(pk=before["tag"]).first()
        if tag is None or _has(recording, tag):
            raise Refused("changed_since", CHANGED)
        _put(recording, tag, actor)
