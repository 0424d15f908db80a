"""Passwords can't be guessed, and guessing locks no one out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import attempts
from project.networks import read_networks
from tests.factories import PASSWORD, make_user

if TYPE_CHECKING:
    import redis
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

ANA = "ana@example.org"


@pytest.fixture(autouse=True)
def _ana() -> None:
    make_user("Ana Adler")


def sign_in(
    password: str,
    *,
    address: str = "192.0.2.1",
    email: str = ANA,
    client: Client | None = None,
    forwarded: str = "",
) -> Any:
    environ: dict[str, Any] = {"REMOTE_ADDR": address, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})}
    return (client or Client()).post(reverse("account_login"), {"login": email, "password": password}, **environ)


def is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302)


def is_refused_unseen(answer: Any) -> bool:
    return "Too many attempts" in answer.content.decode()


def guess(times: int, address: str = "192.0.2.1") -> Any:
    return [sign_in("wrong password", address=address) for _ in range(times)][-1]


def test_a_guesser_is_stopped_after_five_attempts_at_an_account() -> None:
    assert not is_refused_unseen(guess(5))
    assert is_refused_unseen(sign_in("wrong password"))
    assert is_refused_unseen(sign_in(PASSWORD))


def test_the_same_account_stays_open_to_another_address() -> None:
    guess(20)
    assert is_in(sign_in(PASSWORD, address="198.51.100.7"))


def test_an_address_is_stopped_whichever_accounts_it_tries() -> None:
    for number in range(attempts.BY_ADDRESS.count):
        assert not is_refused_unseen(sign_in("wrong password", email=f"{number}@example.org"))
    assert is_refused_unseen(sign_in("wrong password", email="one-more@example.org"))


def test_addresses_of_one_ipv6_client_count_as_one() -> None:
    for number in range(5):
        sign_in("wrong password", address=f"2001:db8::{number}")
    assert is_refused_unseen(sign_in("wrong password", address="2001:db8::ffff"))
    assert is_in(sign_in(PASSWORD, address="2001:db8:1::1"))


def test_guessing_from_many_addresses_is_slowed_down_but_the_owner_can_sign_in() -> None:
    for number in range(attempts.BY_ACCOUNT.count):
        guess(1, address=f"203.0.113.{number}")
    assert not is_refused_unseen(guess(1, address="198.51.100.7"))
    assert is_refused_unseen(guess(1, address="198.51.100.7"))
    assert is_in(sign_in(PASSWORD, address="198.51.100.8"))


def test_a_browser_that_signed_in_before_can_sign_in_although_its_address_guesses() -> None:
    browser = Client()
    assert is_in(sign_in(PASSWORD, client=browser))
    browser.post(reverse("account_logout"))
    guess(6)
    assert is_refused_unseen(sign_in(PASSWORD))
    assert is_in(sign_in(PASSWORD, client=browser))


def test_a_cookie_of_another_account_or_a_forged_one_has_no_effect() -> None:
    make_user("Ben Bauer")
    browser, forger = Client(), Client()
    assert is_in(sign_in(PASSWORD, email="ben@example.org", client=browser))
    browser.post(reverse("account_logout"))
    forger.cookies[attempts.COOKIE] = "WyJ4IixbInkiXV0:forged"
    guess(5)
    assert is_refused_unseen(sign_in(PASSWORD, client=browser))
    assert is_refused_unseen(sign_in(PASSWORD, client=forger))


def test_right_passwords_cost_no_attempts() -> None:
    for _ in range(12):
        assert is_in(sign_in(PASSWORD))


def test_every_window_ends_however_many_attempts_follow(redis_client: redis.Redis) -> None:
    guess(5)
    before = {key: redis_client.pttl(key) for key in redis_client.keys("*attempts*")}
    guess(5)
    assert before
    assert all(0 < redis_client.pttl(key) <= left for key, left in before.items())


def test_no_address_and_no_account_is_in_redis_in_the_clear(redis_client: redis.Redis) -> None:
    guess(2)
    assert redis_client.keys("*attempts*")
    assert not [key for key in redis_client.keys("*") if b"ana" in key or b"192.0.2.1" in key]


def test_a_client_cannot_choose_its_address() -> None:
    answers = [sign_in("wrong password", forwarded=f"198.51.100.{number}") for number in range(6)]
    assert is_refused_unseen(answers[-1])


def test_behind_a_trusted_proxy_clients_are_identified_by_x_forwarded_for(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = read_networks("192.0.2.0/28")
    guesser, other = (f"203.0.113.9, 198.51.100.{number}, 192.0.2.2" for number in (1, 2))
    answers = [sign_in("wrong password", forwarded=guesser) for _ in range(6)]
    assert is_refused_unseen(answers[-1])
    assert is_in(sign_in(PASSWORD, forwarded=other))


def test_sign_in_works_while_redis_is_unavailable(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    assert cache.get("anything", "nothing") == "nothing"
    assert is_in(sign_in(PASSWORD))
