"""Codes of authenticator apps and recovery codes, with the limits of passwords."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.exceptions import ValidationError

from accounts import attempts


class _Limited:
    """Counts an attempt at a code before it is made; a right one doesn't count."""

    user: Any

    def clean_code(self) -> str:
        """Check a code. Raises ValidationError if it is wrong, or if there were too many wrong ones."""
        try:
            attempt = attempts.begin(context.request, self.user.email, what="code")
        except attempts.TooManyAttempts as refusal:
            raise ValidationError(str(refusal)) from None
        code: str = super().clean_code()  # type: ignore[misc]
        attempt.forgive()
        return code


class CodeForm(_Limited, AuthenticateForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class RepeatedCodeForm(_Limited, ReauthenticateForm):  # type: ignore[misc]
    """A code that confirms who is at the keyboard."""
