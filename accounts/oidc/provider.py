"""OpenID Connect as its specification asks: allauth sends no nonce and skips the signature of direct answers.

allauth finds it by its name in SOCIALACCOUNT_PROVIDERS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import jwt
from allauth.core.internal.httpkit import add_query_params
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.adapter import public_url

if TYPE_CHECKING:
    from django.http import HttpRequest


class CheckFailed(OAuth2Error):  # type: ignore[misc]
    """An answer that isn't what was asked for. The message is for the log and quotes nothing of the answer."""


# A secret of ours can sign nothing, so that no provider is believed for knowing it.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_DIFFER_S = 60


def nonce_of(state: str) -> str:
    """Return the nonce of a sign-in: derived from its state, which is used once and belongs to one session."""
    return salted_hmac("accounts.oidc.nonce", state).hexdigest()


class NonceClient(OAuth2Client):  # type: ignore[misc]
    """Sends the nonce along."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, Any]) -> str:
        """Return where the browser goes. The endpoint may have a query of its own."""
        url: str = super().get_redirect_url("", scope, {**extra_params, "nonce": nonce_of(self.state or "")})
        joined: str = add_query_params(authorization_url, dict(parse_qsl(url.removeprefix("?"))))
        return joined


class OidcAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Checks what the specification says must be checked. Every failure is an OAuth2Error."""

    client_class = NonceClient

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's document, which must name the issuer that was configured (Discovery, 4.3)."""
        config: dict[str, Any] = super().openid_config
        expected = str(self.get_provider().app.settings["server_url"])
        if str(config.get("issuer", "")).rstrip("/") != expected:
            raise CheckFailed("The issuer is another one")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Require an ID token, and the same person in it and in the userinfo (Core, 5.3.2)."""
        if not kwargs["response"].get("id_token"):
            raise CheckFailed("There is no ID token")
        login = super().complete_login(request, app, token, **kwargs)
        data = login.account.extra_data
        if data.get("userinfo", {}).get("sub") != data["id_token"].get("sub"):
            raise CheckFailed("Userinfo is about someone else")
        return login

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return our own address, whatever Host the request claimed."""
        return public_url(request) + reverse("openid_connect_callback", args=[self.provider_id])

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """Check signature, issuer, audience, expiry and nonce (Core, 3.1.3.7)."""
        with get_adapter().get_requests_session() as session:
            keys = session.get(self.openid_config["jwks_uri"])
            keys.raise_for_status()
        data = verified(id_token, keys.json(), issuer=self.openid_config["issuer"], audience=app.client_id)
        expected = nonce_of(str(self.request.GET.get("state", "")))
        if not constant_time_compare(str(data.get("nonce", "")), expected):
            raise CheckFailed("The nonce is another one")
        return data


def verified(id_token: str, keys: Any, *, issuer: str, audience: str) -> dict[str, Any]:
    """Return the claims of an ID token that one of these keys signed for us. A provider of one key may not name it."""
    try:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise CheckFailed("The algorithm is not one of public keys")
        named = [key for key in jwt.PyJWKSet.from_dict(keys).keys if header.get("kid") in (None, key.key_id)]
        if not named:
            raise CheckFailed("No key has this name")
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=named[0],
            algorithms=[header["alg"]],
            issuer=issuer,
            audience=audience,
            leeway=CLOCKS_DIFFER_S,
            options={"require": ["exp", "iat", "aud", "iss", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, AttributeError, TypeError):
        raise CheckFailed("The ID token is not valid") from None
    return claims


class OidcProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """Each provider of OIDC_PROVIDERS."""

    oauth2_adapter_class = OidcAdapter
    pkce_enabled_default = True
