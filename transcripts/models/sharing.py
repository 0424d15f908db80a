"""Who else may open a recording: people and teams it is shared with, and links that let guests in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from transcripts import clock
from transcripts.models.choices import GrantLevel, ShareLevel
from transcripts.models.recordings import Recording

# What shows a transcript otherwise than it is can't be edited
AS_IT_IS = Q(from_ms=None, until_ms=None, shows_initials=False, is_approved_only=False)


class Grant(models.Model):
    """A recording that is shared with a person, or with all of a team, until `expires_at` and unless revoked."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    level = models.CharField(max_length=10, choices=GrantLevel, default=GrantLevel.VIEW)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(level__in=GrantLevel.values), name="grant_known_level"),
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None), name="grant_to_one"
            ),
            models.UniqueConstraint(
                fields=["recording", "user"], condition=Q(revoked_at=None), name="one_grant_a_person"
            ),
            models.UniqueConstraint(
                fields=["recording", "team"], condition=Q(revoked_at=None), name="one_grant_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} of {self.recording_id} for {self.user or self.team}"


class Share(models.Model):
    """A link to a recording for anyone who has it, until `expires_at` and unless revoked.

    `token` is the secret part of the link; members of the team may read it again, so it is kept as it is. `password`
    is a hash, empty if the link asks for none. A link can show less than there is: the words and the audio from
    `from_ms` to `until_ms`, initials instead of the names of speakers, the text as it was approved last. `opens_text`
    says that a captions link leads to the transcript once its session is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="shares")
    label = models.CharField(max_length=120, blank=True, default="", db_default="")
    level = models.CharField(max_length=10, choices=ShareLevel, default=ShareLevel.CAPTIONS)
    token = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(max_length=128, blank=True, editable=False)
    allows_text = models.BooleanField("text downloads", default=False, db_default=False)
    allows_audio = models.BooleanField("audio download", default=False, db_default=False)
    from_ms = models.PositiveBigIntegerField(null=True, blank=True)
    until_ms = models.PositiveBigIntegerField(null=True, blank=True)
    shows_initials = models.BooleanField("initials of speakers", default=False, db_default=False)
    is_approved_only = models.BooleanField("always the approved version", default=False, db_default=False)
    opens_text = models.BooleanField("the transcript after the session", default=False, db_default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} of {self.recording_id}"

    @property
    def shows_less(self) -> bool:
        """Whether guests see less than the transcript as it is: what `AS_IT_IS` asks in a query."""
        is_stretch = self.from_ms is not None or self.until_ms is not None
        return is_stretch or self.shows_initials or self.is_approved_only


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
