"""OpenID Connect against a provider that others wrote: who is signed in, who is not, and what is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings as django_settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.oidc import provider as ours
from accounts.oidc.configuration import read_providers
from tests.factories import PASSWORD, make_team, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

# The provider's library warns of itself, in its own thread
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
ONE = '{"id": "a", "issuer": "https://a", "client_id": "us"}'
CLAIMS: dict[str, Any] = {"email": "ana@acme.example", "email_verified": True, "name": "Ana Adler"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


def configure(settings: Settings, issuer: str, domains: str = '["acme.example:newsroom:editor"]') -> None:
    text = f'[{{"id": "acme", "name": "Acme", "issuer": "{issuer}", "client_id": "us", "domains": {domains}}}]'
    settings.OIDC = read_providers(text, {"OIDC_SECRET_ACME": "a secret of theirs"})
    app = {"provider_id": "acme", "name": "Acme", "client_id": "us", "secret": settings.OIDC[0].secret}
    apps = [{**app, "settings": {"server_url": issuer}}]
    configured = django_settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**configured, "APPS": apps}}


@pytest.fixture(autouse=True)
def _configured(settings: Settings, server: str) -> None:
    make_user("Root Adler", is_superuser=True)
    settings.SIGNUP = "closed"
    settings.PUBLIC_URL = "http://testserver"
    configure(settings, server)


def leave(client: Client, query: str = "") -> str:
    """Return where the provider's page is."""
    page = client.post(reverse("openid_connect_login", args=["acme"]) + query)
    return str(page.context["address"])


def come_back(client: Client, address: str, server: str, **claims: Any) -> Any:
    """Sign in there as a person with these claims; return our answer to what comes back."""
    requests.put(f"{server}/users/ana", json=claims or CLAIMS, timeout=5)
    back = requests.post(address, data={"sub": "ana"}, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def sign_in(server: str, client: Client | None = None, **claims: Any) -> Any:
    client = client or Client()
    return come_back(client, leave(client), server, **claims)


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("library")).status_code == 200


def test_the_sign_in_page_has_a_button_for_each_provider() -> None:
    assert "Sign in with Acme" in Client().get(reverse("account_login")).content.decode()


def test_an_address_of_a_vouched_domain_gets_an_account_and_joins_its_team_once(server: str) -> None:
    team = make_team("Newsroom")
    client = Client()
    sign_in(server, client)
    assert is_signed_in(client)
    user = User.objects.get(email="ana@acme.example")
    assert (user.email, user.name, user.has_usable_password()) == ("ana@acme.example", "Ana Adler", False)
    assert Membership.objects.get(team=team, user=user).role == "editor"
    assert user.personal_team.is_approved
    Membership.objects.filter(team=team).delete()
    sign_in(server)
    assert not Membership.objects.filter(team=team).exists(), "who was removed is not added again"
    assert SocialAccount.objects.count() == 1


def test_an_unverified_address_signs_in_to_nothing(server: str) -> None:
    make_user("Ana Adler", email="ana@acme.example")
    client = Client()
    answer = sign_in(server, client, **{**CLAIMS, "email_verified": False})
    assert answer.status_code == 403
    assert "hasn’t verified your e-mail address" in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_an_existing_account_is_linked_only_if_the_provider_vouches_for_the_domain(
    server: str, settings: Settings
) -> None:
    ana = make_user("Ana Adler", email="ana@acme.example")
    configure(settings, server, domains="[]")
    client = Client()
    answer = sign_in(server, client)
    assert "Sign in to it, then link Acme" in answer.content.decode()
    assert not is_signed_in(client)
    configure(settings, server, domains='["acme.example"]')
    EmailAddress.objects.filter(user=ana).update(verified=False)
    assert sign_in(server).status_code == 403, "the address might be a stranger's here"
    EmailAddress.objects.filter(user=ana).update(verified=True)
    sign_in(server, client)
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == ana


def test_a_signed_in_person_links_an_identity_with_another_address(server: str) -> None:
    ben = make_user("Ben Bauer")
    client = Client()
    client.force_login(ben)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    address = leave(client, f"?process=connect&next={reverse('account')}")
    come_back(client, address, server, **{**CLAIMS, "email": "ben@home.example"})
    assert SocialAccount.objects.get().user == ben
    other = Client()
    sign_in(server, other, **{**CLAIMS, "email": "ben@home.example"})
    assert is_signed_in(other)
    client.post(reverse("account_identity_unlink", args=[SocialAccount.objects.get().pk]))
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(("mode", "status"), [("closed", 200), ("invitation", 200), ("open", 302)])
def test_an_address_of_another_domain_follows_the_rule_of_sign_up(
    server: str, settings: Settings, mode: str, status: int
) -> None:
    settings.SIGNUP = mode
    answer = sign_in(server, **{**CLAIMS, "email": "eve@elsewhere.example"})
    assert answer.status_code == status
    assert User.objects.filter(email="eve@elsewhere.example").exists() is (status == 302)


def test_a_document_of_another_issuer_and_a_provider_that_is_away_are_refused(settings: Settings, server: str) -> None:
    # What proxies of a provider would be: its document names another issuer than the setting
    configure(settings, f"{server}/.well-known/openid-configuration?for=us")
    for issuer in (settings.OIDC[0].issuer, "http://127.0.0.1:9"):
        configure(settings, issuer)
        answer = Client().post(reverse("openid_connect_login", args=["acme"]))
        assert answer.status_code == 403
        assert "couldn’t sign you in" in answer.content.decode()


@pytest.mark.parametrize("wrong", ["nonce", "state", "key", "audience", "issuer"])
def test_an_answer_that_is_not_for_this_sign_in_is_refused(
    server: str, monkeypatch: pytest.MonkeyPatch, settings: Settings, wrong: str
) -> None:
    client = Client()
    address = leave(client)
    assert parse_qs(urlsplit(address).query).keys() >= {"nonce", "state", "code_challenge"}
    if wrong == "nonce":
        nonce = parse_qs(urlsplit(address).query)["nonce"][0]
        address = address.replace(nonce, "0" * len(nonce))
    elif wrong == "state":
        client = Client()
    else:
        checked = ours.verified

        def by_another(token: str, keys: Any, **expected: str) -> dict[str, Any]:
            if wrong == "key":
                return checked(token, keys_of_another_provider(), **expected)
            return checked(token, keys, **{**expected, wrong: "https://elsewhere.example"})

        monkeypatch.setattr(ours, "verified", by_another)
    answer = come_back(client, address, server)
    assert answer.status_code == 403
    assert "couldn’t sign you in" in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def keys_of_another_provider() -> Any:
    with oidc_provider_mock.run_server_in_thread() as other:
        return requests.get(f"http://localhost:{other.server_port}/jwks", timeout=5).json()


def test_a_token_that_our_own_secret_signed_is_refused() -> None:
    forged = jwt.encode({"sub": "ana"}, "a secret that is long enough for it", algorithm="HS256")
    with pytest.raises(ours.CheckFailed, match="algorithm"):
        ours.verified(forged, {"keys": []}, issuer="https://a", audience="us")


def test_a_second_step_is_asked_for_as_well(server: str) -> None:
    ana = make_user("Ana Adler", email="ana@acme.example")
    TOTP.activate(ana, generate_totp_secret())
    client = Client()
    assert sign_in(server, client)["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a JSON list"),
        ('[{"id": "acme"}]', 'has no "issuer"'),
        ('[{"id": "Acme!", "issuer": "https://a", "client_id": "us"}]', "other characters"),
        ('[{"id": "a", "issuer": "http://id.example", "client_id": "us"}]', "not an https address"),
        ('[{"id": "a", "issuer": "https://a", "client_id": "us", "domains": ["a.b:team:king"]}]', "is not like"),
        (f"[{ONE}, {ONE}]", "twice"),
    ],
)
def test_a_setting_that_can_not_be_read_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_providers(text, {})


def test_a_secret_comes_from_a_variable_or_a_file(tmp_path: Any) -> None:
    text = '[{"id": "my-org", "issuer": "https://a", "client_id": "us"}]'
    assert read_providers(text, {"OIDC_SECRET_MY_ORG": "x"})[0].secret == "x"
    (tmp_path / "secret").write_text("from a file\n")
    assert read_providers(text, {"OIDC_SECRET_MY_ORG_FILE": str(tmp_path / "secret")})[0].secret == "from a file"


def test_providers_are_configured_in_the_environment_alone() -> None:
    assert not admin.site.is_registered(SocialApp)
