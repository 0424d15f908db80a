"""Only so many live sessions at once go to a provider account; nobody's recording is refused for it later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.urls import reverse

from transcripts import clock
from transcripts.models import LiveSession, ProviderAccount
from transcripts.services.live import leases, lifecycle, slots

if TYPE_CHECKING:
    from django.test import Client

    from tests.support.pipeline import Pipeline


def begin(pipeline: Pipeline) -> LiveSession:
    return lifecycle.start(owner=pipeline.person, team=pipeline.person.personal_team, title="Meeting")


@pytest.fixture
def two(pipeline: Pipeline) -> list[LiveSession]:
    """Two sessions that were begun on an account with one place."""
    ProviderAccount.objects.update(live_limit=1)
    pipeline.account.refresh_from_db()
    return [begin(pipeline), begin(pipeline)]


def let_leases_pass() -> None:
    past = clock.now() - timedelta(seconds=1)
    LiveSession.objects.filter(slot_until__isnull=False).update(lease_until=past, slot_until=past)


def has_place(session: LiveSession) -> bool:
    session.refresh_from_db()
    return session.slot_until is not None


def test_a_session_is_refused_while_all_places_are_taken(
    pipeline: Pipeline, two: list[LiveSession], client: Client
) -> None:
    held = leases.take(two[0])
    client.force_login(pipeline.person)
    page = client.post(reverse("live"), {"title": "One more"}, follow=True).content.decode()
    assert "SpeechStream allows one live session at a time, and one is already in progress" in page
    assert "Wait until one ends, end one that isn’t needed, or ask an administrator" in page
    lifecycle.finish(held)
    begin(pipeline)


def test_one_that_was_begun_before_is_refused_when_somebody_wants_to_speak(two: list[LiveSession]) -> None:
    leases.take(two[0])
    with pytest.raises(slots.NoSlot, match="one live session at a time"):
        leases.take(two[1])
    two[1].refresh_from_db()
    assert two[1].status == "starting"


def test_of_two_that_take_the_last_place_at_once_one_gets_it(two: list[LiveSession]) -> None:
    both = Barrier(2)

    def take(session: LiveSession) -> bool:
        both.wait()
        try:
            leases.take(session)
        except slots.NoSlot:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, two)) == [False, True]


def test_its_own_browser_takes_a_session_over_with_its_place(two: list[LiveSession]) -> None:
    leases.take(two[0])
    assert has_place(leases.take(two[0]))


def test_a_session_that_comes_back_is_recorded_though_its_place_is_taken(two: list[LiveSession]) -> None:
    first = leases.take(two[0])
    let_leases_pass()
    second = leases.take(two[1])
    back = leases.take(first)
    assert back.slot_until is None
    assert not leases.renew_all([(back, 3)])
    assert not has_place(back)
    assert not leases.take_slot(back)
    lifecycle.finish(second)
    assert leases.take_slot(back)
    assert not leases.renew_all([(back, 4)])
    assert has_place(back)


def test_a_place_that_was_given_back_is_free_while_the_session_stays_held(two: list[LiveSession]) -> None:
    first = leases.take(two[0])
    leases.release_slot(first)
    assert not leases.renew_all([(first, 1)])
    assert leases.take(two[1]).slot_until


def test_without_a_limit_there_is_always_a_place(pipeline: Pipeline) -> None:
    assert all(leases.take(begin(pipeline)).slot_until for _ in range(12))
