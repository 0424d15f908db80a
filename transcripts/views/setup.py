"""The first visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.first_administrator import create_first_administrator, has_accounts, is_valid_token
from accounts.forms import FirstAdministratorForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def setup(request: HttpRequest) -> HttpResponse:
    """Create the first administrator and sign them in; 404 once someone has an account."""
    if has_accounts():
        raise Http404
    if not is_valid_token(request.GET.get("token", "")):
        return render(request, "pages/setup_token.html", status=403)
    form = FirstAdministratorForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "pages/setup.html", {"form": form})
    user = create_first_administrator(**form.cleaned_data)
    if user is None:
        return redirect("account_login")
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="password", reauthenticated=True)
    return redirect("library")
