"""The vocabulary of a team: words that it wants written its way."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team


class Vocabulary(models.Model):
    """The terms of one team."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="vocabulary")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "vocabularies"

    def __str__(self) -> str:
        return f"Vocabulary of {self.team}"


class Term(models.Model):
    """One word or phrase as it should be written.

    `sounds_like` lists what is often transcribed in its place. `key` is the term without marks and capitals: a
    vocabulary has each once. Without a `language` it is one of all of
    them. `weight` says how much it matters to an engine that takes weights; 1 is ordinary.
    """

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    sounds_like = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35, blank=True, default="", db_default="")
    weight = models.FloatField(default=1)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["vocabulary", "key"], name="one_term_a_key"),
        ]

    def __str__(self) -> str:
        return self.term
