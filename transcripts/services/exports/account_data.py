"""A person's own data as a ZIP file, written by a worker.

It can run twice and be killed between any two lines: the same file appears whole under its one name, and the row is
ready only after that.
"""

from __future__ import annotations

import json
import logging
import zipfile
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from accounts import preferences
from accounts.models import Membership, User
from accounts.outbox import post
from accounts.self_service import sessions
from transcripts import clock, queue
from transcripts.models import AccountExport, Activity, Comment, Recording
from transcripts.models.choices import ACTIVE_EXPORT, ExportStatus
from transcripts.services import storage
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
# Reading some rows takes seconds.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
DAY, MOST_A_DAY = timedelta(days=1), 3
WAITING = "Your data is being put together already."
MANY = "Your data was exported three times today. Download the latest file, or try again tomorrow."
SUBJECT = "Your data is ready"
TEXT = """Hello {name},

your data is ready. Sign in and download it on the page of your account, under "Your data".
The file is kept for seven days.
"""


def request(user: User) -> AccountExport:
    """Have a worker write a person's data. Raises Refused if one is under way."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if AccountExport.objects.filter(user=user, status__in=ACTIVE_EXPORT).exists():
            raise Refused("exports_waiting", WAITING)
        if AccountExport.objects.filter(user=user, created_at__gt=clock.now() - DAY).count() >= MOST_A_DAY:
            raise Refused("exports_waiting", MANY)
        export = AccountExport.objects.create(user=user, expires_at=clock.now() + KEPT)
        queue.wake_account_export(export.pk)
    return export


def due() -> list[UUID]:
    """Ids of the exports that wait for a worker, those whose worker died included."""
    running = AccountExport.objects.filter(status=ExportStatus.RUNNING, lease_until__lt=clock.now())
    running.transition(ExportStatus.QUEUED, lease_until=None)
    return list(AccountExport.objects.filter(status=ExportStatus.QUEUED).values_list("pk", flat=True)[:100])


def run(export_id: UUID) -> None:
    """Write the file, unless another worker does or did."""
    waiting = AccountExport.objects.filter(pk=export_id)
    if not waiting.transition(ExportStatus.RUNNING, attempts=F("attempts") + 1, lease_until=clock.now() + LEASE):
        return
    export = AccountExport.objects.select_related("user").get(pk=export_id)
    if export.attempts > MOST_ATTEMPTS:
        waiting.transition(ExportStatus.FAILED, lease_until=None)
        return
    try:
        _produce(export)
    except Exception:
        # Written again when the lease ends
        logger.exception("The data of account %s could not be written", export.user_id)


def remove_expired() -> None:
    """Remove files whose time is over, and then their rows."""
    for export in AccountExport.objects.filter(expires_at__lt=clock.now()):
        storage.remove(export.storage_name)
        export.delete()


def _produce(export: AccountExport) -> None:
    with storage.workspace() as folder:
        target = folder / "data"
        _write(export.user, target)
        storage.require_free_space(target.stat().st_size)
        size = storage.store(target, export.storage_name)
    with transaction.atomic():
        running = AccountExport.objects.filter(pk=export.pk)
        if running.transition(ExportStatus.READY, bytes=size, lease_until=None):
            post(export.user.email, SUBJECT, TEXT.format(name=export.user))


def _write(user: User, target: Path) -> None:
    parts = {
        "profile": _profile(user),
        "teams": _teams(user),
        "sessions": _sessions(user),
        "recordings": _recordings(user),
        "comments": _comments(user),
        "activities": _activities(user),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
            archive.writestr(f"{name}.json", text)


def _profile(user: User) -> dict[str, Any]:
    names = ("email", "name", "time_zone", "date_joined", "last_login")
    return {**{name: getattr(user, name) for name in names}, "preferences": preferences.of(user)}


def _teams(user: User) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(user=user).select_related("team").order_by("created_at")
    return [{"team": row.team.name, "role": row.role, "since": row.created_at} for row in rows]


def _sessions(user: User) -> list[dict[str, Any]]:
    return [
        {"device": one.device, "address": one.address, "signed_in_at": one.created_at, "last_used_at": one.seen_at}
        for one in sessions.of(user, None)
    ]


def _recordings(user: User) -> list[dict[str, Any]]:
    """List what the person uploaded or recorded, that in the trash too. The files are on their pages."""
    fields = ("id", "title", "filename", "team__name", "duration_ms", "created_at", "deleted_at")
    return list(Recording.objects.filter(owner=user).order_by("created_at").values(*fields))


def _comments(user: User) -> list[dict[str, Any]]:
    fields = ("transcript__recording__title", "kind", "quoted", "body", "tag", "created_at", "edited_at")
    return list(Comment.objects.filter(author=user, removed_at=None).order_by("created_at").values(*fields))


def _activities(user: User) -> list[dict[str, Any]]:
    fields = ("verb", "recording", "created_at")
    return list(Activity.objects.filter(actor=user, is_automatic=False).order_by("created_at").values(*fields))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
