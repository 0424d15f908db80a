"""Who else may open a recording or a folder: people and teams it is shared with, and links that let guests in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from transcripts import clock
from transcripts.models.choices import GrantLevel, ShareLevel
from transcripts.models.library.folders import Folder
from transcripts.models.recordings import Recording

# What shows a transcript otherwise than it is can't be edited
AS_IT_IS = Q(from_ms=None, until_ms=None, shows_initials=False, is_approved_only=False)


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants."""

    def of(self, target: Recording | Folder) -> GrantQuerySet:
        """Those of a recording itself, or of a folder."""
        return self.filter(folder=target) if isinstance(target, Folder) else self.filter(recording=target)

    def on(self, target: Recording | Folder) -> GrantQuerySet:
        """Those of a folder; those of a recording, with those of the folder that it is in."""
        if isinstance(target, Folder):
            return self.of(target)
        return self.filter(Q(recording=target) | Q(folder__recordings=target))


class Grant(models.Model):
    """A recording that is shared with a person, or with all of a team, until `expires_at` and unless revoked.

    In its place it can be a folder, with what is in it at the time: what comes later too, what leaves it no more.
    """

    recording = models.ForeignKey(Recording, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    level = models.CharField(max_length=10, choices=GrantLevel, default=GrantLevel.VIEW)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(level__in=GrantLevel.values), name="grant_known_level"),
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None), name="grant_to_one"
            ),
            models.CheckConstraint(
                condition=Q(recording=None, folder__isnull=False) | Q(recording__isnull=False, folder=None),
                name="grant_of_one",
            ),
            models.UniqueConstraint(
                fields=["recording", "user"], condition=Q(revoked_at=None), name="one_grant_a_person"
            ),
            models.UniqueConstraint(
                fields=["folder", "user"], condition=Q(revoked_at=None), name="one_folder_grant_a_person"
            ),
            models.UniqueConstraint(
                fields=["folder", "team"], condition=Q(revoked_at=None), name="one_folder_grant_a_team"
            ),
            models.UniqueConstraint(
                fields=["recording", "team"], condition=Q(revoked_at=None), name="one_grant_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} of {self.target} for {self.user or self.team}"

    @property
    def target(self) -> Recording | Folder:
        """What is shared."""
        return self.recording or self.folder  # type: ignore[return-value]  # by the constraint, it is one of them


class Link(models.Model):
    """What links to recordings and to folders have in common.

    `token` is the secret part of the link; members of the team may read it again, so it is kept as it is. `password`
    is a hash, empty if the link asks for none. A link can show less than there is: initials instead of the names of
    speakers, the text as it was approved last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=120, blank=True, default="", db_default="")
    level = models.CharField(max_length=10, choices=ShareLevel, default=ShareLevel.CAPTIONS)
    token = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(max_length=128, blank=True, editable=False)
    allows_text = models.BooleanField("text downloads", default=False, db_default=False)
    allows_audio = models.BooleanField("audio download", default=False, db_default=False)
    shows_initials = models.BooleanField("initials of speakers", default=False, db_default=False)
    is_approved_only = models.BooleanField("always the approved version", default=False, db_default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def shows_less(self) -> bool:
        """Whether guests see less than there is."""
        return self.shows_initials or self.is_approved_only


class FolderLink(Link):
    """A link to a folder for anyone who has it.

    Each recording that a guest opens there has a `Share` of its own, with the same options, which holds as long as
    this link does and the recording is in the folder.
    """

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="links")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(level__in=(ShareLevel.VIEW, ShareLevel.COMMENT, ShareLevel.EDIT)),
                name="folder_link_known_level",
            ),
            models.CheckConstraint(
                condition=~Q(level=ShareLevel.EDIT) | Q(shows_initials=False, is_approved_only=False),
                name="folder_link_edits_as_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(level=ShareLevel.COMMENT) | Q(is_approved_only=False),
                name="folder_link_comments_on_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} of the folder {self.folder_id}"


class Share(Link):
    """A link to a recording for anyone who has it, until `expires_at` and unless revoked.

    It can show less than a link to a folder: the words and the audio from `from_ms` to `until_ms` alone. `opens_text`
    says that a captions link leads to the transcript once its session is over. One that a `folder_link` made holds no
    longer than that, whose password it asks for.
    """

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="shares")
    folder_link = models.ForeignKey(FolderLink, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    from_ms = models.PositiveBigIntegerField(null=True, blank=True)
    until_ms = models.PositiveBigIntegerField(null=True, blank=True)
    opens_text = models.BooleanField("the transcript after the session", default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(level__in=ShareLevel.values), name="share_known_level"),
            models.CheckConstraint(
                condition=Q(from_ms=None, until_ms=None)
                | Q(from_ms__isnull=False, until_ms__isnull=False, until_ms__gt=models.F("from_ms")),
                name="share_stretch",
            ),
            models.CheckConstraint(condition=~Q(level=ShareLevel.EDIT) | AS_IT_IS, name="share_edits_as_it_is"),
            # A comment needs the text as it is now, to have a place in it
            models.CheckConstraint(
                condition=~Q(level=ShareLevel.COMMENT) | Q(is_approved_only=False), name="share_comments_on_newest"
            ),
            models.UniqueConstraint(fields=["folder_link", "recording"], name="one_share_a_folder_link"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} of {self.recording_id}"

    @property
    def shows_less(self) -> bool:
        """Whether guests see less than the transcript as it is: what `AS_IT_IS` asks in a query."""
        return self.from_ms is not None or self.until_ms is not None or super().shows_less


class ShareOpening(models.Model):
    """That a guest opened a link: when, with which browser, and the name they gave; their address is not kept."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="openings")
    guest_name = models.CharField(max_length=120, blank=True)
    browser = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["share", "-opened_at"], name="openings_of_a_link"),
        ]

    def __str__(self) -> str:
        return f"{self.share_id} opened {self.opened_at:%Y-%m-%d %H:%M}"
