"""The keys that certificates are signed with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SigningKey(models.Model):
    """An Ed25519 key of this instance. `public` is in hexadecimal digits, `secret` encrypted with the SECRET_KEY.

    New certificates are signed with the active one. None is ever removed: with its public key old certificates stay
    valid.
    """

    public = models.CharField(max_length=64, unique=True)
    secret = models.TextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="one_active_signing_key"
            ),
        ]

    def __str__(self) -> str:
        return self.public
