"""The Word template of a team: stored, replaced, removed, and read for exports.

A row exists before its file and after it, so no file is ever left without a row: a template that is replaced or
removed, or whose team is deleted, is a row without a team until its file is gone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Team
from transcripts import clock
from transcripts.formats.documents import templates
from transcripts.models import DocumentTemplate
from transcripts.services import activities, storage
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

# Longer than an upload takes from its row to its file.
UNUSED_AFTER = timedelta(hours=1)
MISSING = "The team’s document template can’t be read. Ask a team owner or admin to upload it again, or to remove it."
NO_SPACE = "The disk of this instance is full. Tell an administrator, and try again later."


def of(team: Team) -> DocumentTemplate | None:
    """Return the template of a team, if it has one."""
    return DocumentTemplate.objects.filter(team=team).select_related("uploaded_by").first()


def content_of(team: Team) -> bytes | None:
    """Return the content of a team's template; None if it has none. Raises Refused if the storage lost it."""
    # Once more, for one that is replaced between the row and the file
    for _ in range(2):
        template = of(team)
        if template is None:
            return None
        try:
            return storage.path_of(template.storage_name).read_bytes()
        except FileNotFoundError:
            continue
    raise Refused("template_missing", MISSING)


def replace(team: Team, *, filename: str, content: bytes, actor: User) -> DocumentTemplate:
    """Store a template in place of the one that the team has. Raises Refused if the file can't be one."""
    try:
        cleaned = templates.accept(content)
    except templates.UnusableTemplate as error:
        raise Refused("template", str(error)) from error
    template = DocumentTemplate.objects.create(filename=filename, bytes=len(cleaned), uploaded_by=actor)
    _store(template, cleaned)
    with transaction.atomic():
        # One at a time for a team, so that the last one is the template and each earlier one is removed
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        before = list(DocumentTemplate.objects.filter(team=team))
        DocumentTemplate.objects.filter(pk__in=[one.pk for one in before]).update(team=None)
        DocumentTemplate.objects.filter(pk=template.pk).update(team=team)
        activities.record_for_team("template:replaced", team, actor=actor)
    _delete(before)
    template.refresh_from_db()
    return template


def _store(template: DocumentTemplate, content: bytes) -> None:
    try:
        storage.require_free_space(len(content))
        with storage.workspace() as folder:
            source = folder / "template"
            source.write_bytes(content)
            storage.store(source, template.storage_name)
    except OSError as error:
        raise Refused("no_space", NO_SPACE) from error


@transaction.atomic
def _take_away(team: Team, actor: User) -> list[DocumentTemplate]:
    before = list(DocumentTemplate.objects.filter(team=team))
    DocumentTemplate.objects.filter(pk__in=[one.pk for one in before]).update(team=None)
    activities.record_for_team("template:removed", team, actor=actor)
    return before


def remove(team: Team, *, actor: User) -> None:
    """Remove the template of a team; exports have the ordinary look again."""
    _delete(_take_away(team, actor))


def remove_unused() -> None:
    """Remove the files that belong to no team any more, and then their rows."""
    _delete(DocumentTemplate.objects.filter(team=None, created_at__lt=clock.now() - UNUSED_AFTER))


def _delete(unused: Iterable[DocumentTemplate]) -> None:
    for template in unused:
        storage.remove(template.storage_name)
        template.delete()
