"""Accounts with speech-to-text providers, and what people wish of them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts.providers.capabilities import Wishes
from transcripts.providers.parsing.language_tags import english_name


class Place(models.TextChoices):
    """Where a provider is, as an operator said."""

    BY_ADDRESS = "", "As its address says"
    INSIDE = "inside", "On this instance"
    OUTSIDE = "outside", "Outside"


class Media(models.TextChoices):
    """What a route is for."""

    ANY = "", "Any"
    AUDIO = "audio", "Audio files"
    VIDEO = "video", "Video files"
    LIVE = "live", "Live speech"


class ProviderAccount(models.Model):
    """Endpoint and limits of one provider, and what it last said of itself.

    Its keys are its credentials, and what the variable `key_variable` holds, unless that is empty. Since
    `key_refused_at` nothing new is sent to it, because the provider refused every key; `refused_key` is a mark of the
    key that was in the environment then, and `environment_key_refused_at` when that was. At most one account is chosen
    `for_files` and one `for_live`; if none is, the account that the environment describes is used. An upload limit of 0
    means none, as does a `live_limit` (live sessions at the same time). `languages` is None until the provider has said
    what it supports; a list is all it supports. `health_checked_at` is None until it answered once. Since `paused_at`
    nothing new is sent to it, because an operator said so; what it has is still asked for. Prices are in the currency
    of the instance (CURRENCY). `model` is the one that is asked for, empty for the usual one of the kind. `place` is
    where an operator says that it is; what counts is told by `provider_accounts/routing/places.py`. One that `aligns`
    says that it finds when the words of a known text are spoken.
    """

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    endpoint = models.CharField(max_length=300)
    place = models.CharField(max_length=10, choices=Place, blank=True, default=Place.BY_ADDRESS, db_default="")
    ws_endpoint = models.CharField(max_length=300, blank=True)
    model = models.CharField(max_length=120, blank=True, db_default="")
    key_variable = models.CharField(max_length=80, default="STT_API_KEY", blank=True)
    is_environment = models.BooleanField(default=False)
    has_key = models.BooleanField(default=False)
    for_files = models.BooleanField(default=False)
    for_live = models.BooleanField(default=False)
    upload_limit = models.PositiveIntegerField(default=0)
    upload_window_ms = models.PositiveIntegerField(default=60_000)
    status_interval_ms = models.PositiveIntegerField(default=5_000)
    live_limit = models.PositiveIntegerField(default=0)
    max_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    price_a_minute = models.DecimalField(max_digits=10, decimal_places=6, default=Decimal(0), db_default=Decimal(0))
    live_price_a_minute = models.DecimalField(
        max_digits=10, decimal_places=6, default=Decimal(0), db_default=Decimal(0)
    )
    engine = models.CharField(max_length=120, blank=True)
    is_draft = models.BooleanField(default=False)
    languages = models.JSONField(null=True, blank=True)
    aligns = models.BooleanField(default=False, db_default=False)
    is_healthy = models.BooleanField(default=False)
    health_message = models.CharField(max_length=500, blank=True)
    health_checked_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    key_refused_at = models.DateTimeField(null=True, blank=True)
    refused_key = models.CharField(max_length=64, blank=True, db_default="")
    environment_key_refused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(upload_window_ms__gt=0), name="window_has_length"),
            models.UniqueConstraint(
                fields=["for_files"], condition=models.Q(for_files=True), name="one_account_for_files"
            ),
            models.UniqueConstraint(
                fields=["for_live"], condition=models.Q(for_live=True), name="one_account_for_live"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def knows(self, language: str) -> bool:
        """Tell whether the provider takes `language` (a BCP-47 tag), as far as it has said what it knows."""
        if not language or self.languages is None:
            return True
        return language in self.languages or language.partition("-")[0] in self.languages


class Route(models.Model):
    """A rule of which account takes what: the account is one of those that work of this kind goes to.

    Without a `team` it is for all teams, without a `language` (a BCP-47 tag) or `media` for any. Which rule comes
    before which is decided in `provider_accounts/routing/rules.py`; of equals, the lower `order` does.
    """

    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="routes")
    language = models.CharField(max_length=35, blank=True)
    media = models.CharField(max_length=10, choices=Media, blank=True)
    order = models.PositiveIntegerField(default=0)
    account = models.ForeignKey(ProviderAccount, models.CASCADE, related_name="routes")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["team", "language", "media", "account"],
                condition=models.Q(team__isnull=False),
                name="one_route_of_a_team",
            ),
            models.UniqueConstraint(
                fields=["language", "media", "account"],
                condition=models.Q(team__isnull=True),
                name="one_route_of_the_instance",
            ),
            models.CheckConstraint(condition=models.Q(media__in=Media.values), name="route_known_media"),
        ]

    def __str__(self) -> str:
        language = english_name(self.language) or self.language or "any language"
        media = self.get_media_display().lower() if self.media else "any media"
        return f"{self.account} for {language}, {media}"


class Credential(models.Model):
    """A key of an account that was entered in the console, encrypted (`provider_accounts/secret_stores/sealing.py`).

    Once it is retired, `secret` is empty. `last_four` is all that is ever shown of it; `refused_at` says since when the
    provider doesn't take it.
    """

    account = models.ForeignKey(ProviderAccount, models.CASCADE, related_name="credentials")
    secret = models.TextField()
    last_four = models.CharField(max_length=4, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"…{self.last_four}"


class Wished(models.Model):
    """What people wish for a transcription beside its language and, where the row has it, the number of speakers.

    `languages` are others that are spoken as well.
    """

    languages = models.JSONField(default=list, blank=True, db_default=[])
    separates_speakers = models.BooleanField("tells speakers apart", default=True, db_default=True)
    punctuates = models.BooleanField(default=True, db_default=True)
    masks_profanity = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def wishes(self) -> Wishes:
        """All of it as a value."""
        return Wishes(
            getattr(self, "speakers", None),
            tuple(self.languages),
            self.separates_speakers,
            self.punctuates,
            self.masks_profanity,
        )
