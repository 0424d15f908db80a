"""The way to a provider and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from accounts.oidc.provider import OidcAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider.

    By a page and not by a redirect: browsers hold redirects of a form to our policy, which names no other sites.
    """
    adapter = OidcAdapter(request, provider_id)
    try:
        response: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException, ValueError) as error:
        failed: HttpResponse = render_authentication_error(request, adapter.get_provider(), exception=error)
        return failed
    if response.status_code != 302:
        return response
    return render(request, "account/oidc_leaving.html", {"address": response["Location"]})


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer."""
    try:
        response: HttpResponse = OAuth2CallbackView.adapter_view(OidcAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response
