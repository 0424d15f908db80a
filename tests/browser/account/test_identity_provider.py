"""From the sign-in to an identity provider of another origin and back, in a browser that keeps to our policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CLAIMS = {"email": "ana@acme.example", "email_verified": True, "name": "Ana Adler"}


@pytest.fixture
def own_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with an identity provider, beside the one that other tests share."""
    ana = oidc_provider_mock.User(sub="ana", claims=CLAIMS)
    with oidc_provider_mock.run_server_in_thread(user_claims=[ana]) as server:
        issuer = f"http://localhost:{server.server_port}"
        provider = {"id": "acme", "name": "Acme", "issuer": issuer, "client_id": "us", "domains": ["acme.example"]}
        made = Site(tmp_path_factory.mktemp("identities"))
        made.environment |= {"OIDC_PROVIDERS": json.dumps([provider]), "OIDC_SECRET_ACME": "a secret of theirs"}
        made.start()
        yield made
        made.stop()


def test_a_person_signs_in_with_an_identity_provider(own_site: Site, chromium: Browser) -> None:
    own_site.do("cast")
    page = chromium.new_context(base_url=own_site.url).new_page()
    page.goto("/accounts/login/?next=/live/")
    page.get_by_role("button", name="Sign in with Acme").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.get_by_role("button", name="ana").first.click()
    page.wait_for_url(f"{own_site.url}/live/")
    page.goto("/account/")
    expect(page.get_by_label("Name")).to_have_value("Ana Adler")
    expect(page.locator("#password")).to_contain_text("Acme")
    page.context.close()
