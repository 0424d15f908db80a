"""The change of a person's e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.adapter import public_url
from accounts.self_service import address_change
from transcripts.views.account.recent_sign_in import recent_sign_in_required

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from transcripts.views.requests import SignedInRequest

SENT = "We sent a link to {email}. Open it to verify the address. Until then you sign in with the old one."
TOO_MANY = "Too many links were sent. Try again in an hour."
CHANGED = "You now sign in with {email}."
TAKEN = "Another account has this address. Choose a different one."


class AddressForm(forms.Form):
    """The new address."""

    email = forms.EmailField(label="New e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        email: str = self.cleaned_data["email"]
        return email.lower()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_required
def change(request: SignedInRequest) -> HttpResponse:
    """Ask for a new address, and verify it by mail if there is mail."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _take(request, form):
        return redirect("account")
    return render(request, "account/address_change.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@login_required
def cancel(request: SignedInRequest) -> HttpResponse:
    """Forget a new address that waits to be verified."""
    address_change.cancel(request.user)
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Change the address. The link was mailed to it, so it needs no sign-in; opening it alone changes nothing."""
    try:
        if request.method == "POST":
            address_change.verify(token)
            return render(request, "account/address_changed.html")
        _, new = address_change.read(token)
    except address_change.InvalidLink:
        return render(request, "account/address_link_gone.html", status=404)
    return render(request, "account/address_verify.html", {"email": new, "token": token})


def _take(request: SignedInRequest, form: AddressForm) -> bool:
    """Do what the form asks for; False leaves its error on the page."""
    email = form.cleaned_data["email"]
    if email == request.user.email:
        return True
    if settings.HAS_MAIL:
        return _send_link(request, form, email)
    try:
        address_change.change(request.user, email)
    except address_change.AddressTaken:
        form.add_error("email", TAKEN)
        return False
    messages.success(request, CHANGED.format(email=email))
    return True


def _send_link(request: SignedInRequest, form: AddressForm, email: str) -> bool:
    base = public_url(request)
    if not address_change.request(
        request.user, email, lambda token: base + reverse("account_address_verify", args=[token])
    ):
        form.add_error("email", TOO_MANY)
        return False
    messages.success(request, SENT.format(email=email))
    return True
