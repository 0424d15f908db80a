"""Forms that create accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.password_validation import validate_password

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User


class SignupForm(forms.Form):
    """The field of sign-up besides e-mail and password."""

    name = forms.CharField(
        max_length=150,
        label="Your name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        required=False,
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Do nothing: the adapter stores the name."""


class FirstAdministratorForm(forms.Form):
    """The first administrator of a new instance."""

    name = forms.CharField(
        max_length=150,
        label="Your name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        required=False,
    )
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label="Password",
        help_text="Use at least ten characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Reject a password that is easy to guess."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
