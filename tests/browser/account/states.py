"""States of the pages with which people sign in and look after their accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import PASSWORD
from tests.support.codes import totp

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def plain(path: str) -> Callable[[Page, dict[str, str]], None]:
    """A state that is there as soon as the page is."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(path.format(**ids))

    return go


def confirmed(path: str) -> Callable[[Page, dict[str, str]], None]:
    """A page that asks for the password first."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(path)
        give_password(page)
        page.wait_for_url(f"**{path}")

    return go


def give_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def set_up_app(page: Page) -> str:
    """Set up an authenticator app; return its secret. The page shows recovery codes then."""
    page.goto("/accounts/2fa/totp/activate/")
    if page.get_by_role("heading", name="Confirm").is_visible():
        give_password(page)
    secret = page.locator(".secret").inner_text().strip()
    page.get_by_label("code", exact=False).fill(totp(secret))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    return secret


def codes(page: Page, ids: dict[str, str]) -> None:
    confirmed("/accounts/2fa/recovery-codes/generate/")(page, ids)
    page.get_by_role("button", name="Create codes").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def second_step(page: Page, ids: dict[str, str]) -> None:
    """The second step of a sign-in, with a wrong code."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("dora@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".errorlist").wait_for()


ACCOUNT = {
    "account": ("alice", plain("/account/")),
    "account-with-second-step": ("dora", plain("/account/#two-step")),
    "account-confirm": ("alice", plain("/account/address/")),
    "account-address": ("alice", confirmed("/account/address/")),
    "account-add-passkey": ("alice", confirmed("/accounts/2fa/passkeys/add/")),
    "account-set-up-app": ("alice", confirmed("/accounts/2fa/totp/activate/")),
    "account-recovery-codes": ("dora", codes),
    "account-delete": ("vera", confirmed("/account/delete/")),
    "account-hand-over": ("alice", confirmed("/account/delete/")),
    "account-address-link-gone": ("", plain("/account/address/verify/nothing/")),
    "sign-in-second-step": ("", second_step),
    "password-change": ("alice", plain("/accounts/password/change/")),
    "sign-out": ("alice", plain("/accounts/logout/")),
}
