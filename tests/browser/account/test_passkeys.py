"""Passkeys, with a virtual authenticator of Chromium, and codes: set up, sign in, confirm, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.account.states import give_password, set_up_app
from tests.factories import PASSWORD
from tests.support.codes import totp

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def plug_in_authenticator(page: Page) -> None:
    """Give the browser a device that stores passkeys and knows its person."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("#page").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_added_signs_in_alone_confirms_and_is_removed(browse: Callable[..., Page]) -> None:
    page = browse("/account/")
    plug_in_authenticator(page)
    page.get_by_role("link", name="Add a passkey").click()
    give_password(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes span")).to_have_count(10)
    page.get_by_role("link", name="I have saved them").click()
    expect(page.locator("#two-step")).to_contain_text("Laptop")
    expect(page.locator("#two-step")).to_contain_text("10 of 10 left")

    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()

    page.goto("/account/")
    page.get_by_role("link", name="Remove Laptop").click()
    expect(page.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.locator("#two-step")).to_contain_text("Off.")


def test_a_password_and_a_passkey_as_second_step(browse: Callable[..., Page]) -> None:
    page = browse("/account/")
    plug_in_authenticator(page)
    page.get_by_role("link", name="Add a passkey").click()
    give_password(page)
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add passkey").click()
    page.get_by_role("link", name="I have saved them").click()
    sign_out(page)
    page.get_by_label("Email").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


def test_an_authenticator_app_is_set_up_and_asked_for(browse: Callable[..., Page]) -> None:
    page = browse("/account/")
    secret = set_up_app(page)
    recovery = page.locator(".codes span").first.inner_text()
    page.get_by_role("link", name="I have saved them").click()
    expect(page.locator("#two-step")).to_contain_text("Authenticator app")
    sign_out(page)
    page.get_by_label("Email").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    assert len(totp(secret)) == 6


def test_a_session_that_is_signed_out_ends_on_its_open_page(browse: Callable[..., Page]) -> None:
    other = browse("/")
    other.locator("html[data-events=on]").wait_for(state="attached")
    page = browse("/account/")
    page.get_by_role("button", name="Sign out all other sessions").click()
    expect(page.get_by_text("Signed out 1 other session.")).to_be_visible()
    expect(other.locator("[data-when=signed-out]")).to_be_visible()


def test_settings_of_the_player_are_those_of_the_account(browse: Callable[..., Page]) -> None:
    page = browse("/account/")
    with page.expect_response("**/account/preferences/"):
        page.get_by_label("While typing").select_option("pause")
    page.reload()
    expect(page.get_by_label("While typing")).to_have_value("pause")
