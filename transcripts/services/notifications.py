"""Telling people what happened to their recordings: in the page, by mail at once, or in a digest once a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import outbox, preferences
from accounts.models import Team, User
from transcripts import clock, events
from transcripts.models import Folder, Notification, Recording
from transcripts.models.choices import NotificationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DIGEST_AT = time(7)
# So many are kept in a person's list
MOST_KEPT = 500

SENTENCES = {
    NotificationKind.READY: "The transcript of “{title}” is ready",
    NotificationKind.FAILED: "“{title}” could not be transcribed",
    NotificationKind.MENTIONED: "{who} mentions you in “{title}”",
    NotificationKind.ASSIGNED: "{who} asks you to review “{title}”",
    NotificationKind.SHARED: "{who} shared “{title}” with you",
    NotificationKind.APPROVED: "{who} approved “{title}”",
    NotificationKind.BUDGET_NEAR: "The team “{title}” has spent 80 % of its budget of this month",
    NotificationKind.BUDGET_USED: "The team “{title}” has spent its budget of this month; new recordings wait",
}
SUBJECT = "{count} notifications from Verbatim"
FOOTER = "You choose what you are told of on the page of your account: {url}"


class Wish(NamedTuple):
    """How a person wants to be told of something: in the page, and by mail `off`, `now` or `daily`."""

    page: bool = True
    mail: str = "off"


DEFAULTS = {
    NotificationKind.READY: Wish(),
    NotificationKind.FAILED: Wish(mail="now"),
    NotificationKind.MENTIONED: Wish(mail="now"),
    NotificationKind.ASSIGNED: Wish(mail="now"),
    NotificationKind.SHARED: Wish(mail="now"),
    NotificationKind.APPROVED: Wish(mail="daily"),
    NotificationKind.BUDGET_NEAR: Wish(mail="now"),
    NotificationKind.BUDGET_USED: Wish(mail="now"),
}


def wishes_of(user: User) -> dict[NotificationKind, Wish]:
    """Return how a person wants to be told of each kind."""
    chosen: dict[str, Any] = preferences.of(user)["notify"]
    return {kind: Wish(**chosen[kind]) if kind in chosen else wish for kind, wish in DEFAULTS.items()}


def notify(
    kind: NotificationKind,
    people: Iterable[User | None],
    about: Recording | Folder | Team,
    actor: User | None = None,
    *,
    is_mailed: bool = True,
) -> None:
    """Tell people what happened, each as they want; call it in the transaction that did it. No one is told of what they
    did themselves. Without `is_mailed` the caller has a mail of its own for those who want one immediately.
    """
    for user in {one.pk: one for one in people if one is not None and one.is_active and one != actor}.values():
        wish = wishes_of(user)[kind]
        if is_mailed and wish.mail == "now" and settings.HAS_MAIL:
            said = _sentence(kind, str(actor or ""), about)
            outbox.post(user.email, said, _mail([(said, about)]))
        is_daily = wish.mail == "daily" and settings.HAS_MAIL
        if wish.page or is_daily:
            Notification.objects.create(
                user=user,
                created_at=clock.now(),
                recording=about if isinstance(about, Recording) else None,
                folder=about if isinstance(about, Folder) else None,
                team=about if isinstance(about, Team) else None,
                kind=kind,
                actor_name=str(actor or ""),
                is_shown=wish.page,
                digest=is_daily,
            )
            _tell(user)


def sentence_of(notification: Notification) -> str:
    """Return what a notification says."""
    return _sentence(NotificationKind(notification.kind), notification.actor_name, notification.about)


def mark_read(user: User, notification_id: int | None = None) -> None:
    """Mark one of a person's notifications as read, or all."""
    unread = Notification.objects.filter(user=user, read_at=None)
    if notification_id is not None:
        unread = unread.filter(pk=notification_id)
    if unread.update(read_at=clock.now()):
        _tell(user)


def send_digests() -> None:
    """Mail to everyone what waits since before seven in the morning where they are."""
    waiting = Notification.objects.filter(digest=True).values("user")
    for user in User.objects.filter(pk__in=waiting, is_active=True):
        _send_digest(user)


@transaction.atomic
def _send_digest(user: User) -> None:
    found = Notification.objects.select_for_update(of=("self",)).select_related("recording", "folder", "team")
    due = list(found.filter(user=user, digest=True, created_at__lt=_this_morning(user)).order_by("pk"))
    if not due:
        return
    Notification.objects.filter(pk__in=[one.pk for one in due]).update(digest=False)
    lines = [(sentence_of(one), one.about) for one in due if one.recording is None or one.recording.deleted_at is None]
    if lines:
        subject = lines[0][0] if len(lines) == 1 else SUBJECT.format(count=len(lines))
        outbox.post(user.email, subject, _mail(lines))


def _this_morning(user: User) -> datetime:
    """Return the last time that it was seven in the morning where a person is."""
    zone = ZoneInfo(user.time_zone or settings.TIME_ZONE)
    now = clock.now().astimezone(zone)
    has_come = now.time() >= DIGEST_AT
    return datetime.combine(now.date() - timedelta(days=0 if has_come else 1), DIGEST_AT, zone)


def remove_old() -> None:
    """Keep the newest of each person's list."""
    for user in Notification.objects.order_by().values_list("user", flat=True).distinct():
        mine = Notification.objects.filter(user=user, digest=False).order_by("-pk")
        last = mine.values_list("pk", flat=True)[MOST_KEPT : MOST_KEPT + 1]
        mine.filter(pk__lte=next(iter(last), 0)).delete()


def _sentence(kind: NotificationKind, who: str, about: Recording | Folder | Team) -> str:
    title = about.name if isinstance(about, Team) else about.title
    return SENTENCES[kind].format(title=title, who=who or "Someone")


def path_of(about: Recording | Folder | Team) -> str:
    """Return the address of what a notification is about."""
    return reverse("team_usage", args=[about.slug]) if isinstance(about, Team) else about.get_absolute_url()


def _mail(lines: Sequence[tuple[str, Recording | Folder | Team]]) -> str:
    parts = [f"{said}:\n{_url(path_of(about))}" for said, about in lines]
    return "\n\n".join([*parts, FOOTER.format(url=_url(f"{reverse('account')}#notifications"))]) + "\n"


def _url(path: str) -> str:
    """Return an address for a mail, which no request tells the host of."""
    base = settings.PUBLIC_URL or f"http://localhost:{settings.PORT}"
    return f"{base.rstrip('/')}{path}"


def _tell(user: User) -> None:
    """Let the person's open pages count again: each follows their own team."""
    personal = getattr(user, "personal_team", None)
    if personal is not None:
        events.publish_to_team("notifications.changed", personal.pk)
