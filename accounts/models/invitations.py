"""Invitations to a team: a mail to one address, or a link with a number of places."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.db import models

from accounts.models.people import Role, Team, User

# Who joins by invitation never owns the team: an owner makes an owner of a member.
INVITED_ROLES = (Role.ADMIN, Role.EDITOR, Role.COMMENTER, Role.VIEWER)
TOKEN_BYTES = 32


def new_token() -> str:
    """Return the secret part of an address, of 256 bit."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Invitation(models.Model):
    """An invitation to join a team with a role, until `expires_at` and unless revoked.

    One with an `email` was mailed and is used once; any other is a link for anyone who has it, with an address at
    `domain` if that is given, `places` times. `token` is the secret part of the address that managers of the team can
    copy. The address in the mail has `mail_token` in its place, which no page shows: who has it reads that mailbox.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=[(role.value, role.label) for role in INVITED_ROLES])
    email = models.EmailField("e-mail", blank=True)
    label = models.CharField(max_length=120, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    places = models.PositiveIntegerField(null=True, blank=True, help_text="How many can join; empty for any number.")
    token = models.CharField(max_length=64, unique=True, editable=False)
    mail_token = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in INVITED_ROLES]), name="invitation_known_role"
            ),
        ]

    def __str__(self) -> str:
        return self.email or self.label or "Invitation link"

    @property
    def most_uses(self) -> int | None:
        """How many can join by it; None for any number."""
        return 1 if self.email else self.places


class InvitationUse(models.Model):
    """Someone who joined by an invitation."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="uses")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invitation", "user"], name="one_use_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} by {self.invitation}"


class Removal(models.Model):
    """When a person was removed from a team: invitations from before, which they may know, are not for them."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="removals")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "user"], name="one_removal_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.user} from {self.team}"
