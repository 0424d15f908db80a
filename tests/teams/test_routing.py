"""The page of a team's providers, and the console's page of the rules for every team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.factories import Cast, make_cast
from transcripts.models import Activity, ProviderAccount, Route, TeamDefaults
from transcripts.services.provider_accounts import credentials, environment
from transcripts.services.provider_accounts.routing import changes, places

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

CONSOLE = reverse("operations_routing")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def account(cast: Cast) -> ProviderAccount:
    return environment.from_environment()


@pytest.fixture
def court(cast: Cast) -> ProviderAccount:
    """Another account, outside, with a key."""
    made = ProviderAccount.objects.create(
        name="Court", kind="deepgram", endpoint="https://stt.example.org", key_variable=""
    )
    credentials.enter(made, "a-key-of-court", by=cast.alice)
    return made


@pytest.fixture
def console(cast: Cast, client: Client) -> Client:
    """The console as a superuser sees it."""
    cast.alice.is_staff = cast.alice.is_superuser = True
    cast.alice.save()
    client.force_login(cast.alice)
    return client


def page(cast: Cast) -> str:
    return reverse("team_routing", args=[cast.team.slug])


def route(cast: Cast, which: Route) -> str:
    return reverse("team_route", args=[cast.team.slug, which.pk])


def test_an_admin_orders_the_providers_of_a_team(
    cast: Cast, client: Client, account: ProviderAccount, court: ProviderAccount
) -> None:
    client.force_login(cast.alice)
    for one in (account, court):
        client.post(page(cast), {"account": one.pk, "language": "de", "media": "audio"})
    first, second = Route.objects.filter(team=cast.team).order_by("order")
    assert (first.account, second.account) == (account, court)
    shown = client.get(page(cast)).content.decode()
    assert "German" in shown
    assert shown.count("Takes new work") == 1
    assert "Next, if those above can’t" in shown
    client.post(route(cast, second), {"up": ""})
    assert [one.account for one in Route.objects.order_by("order")] == [court, account]
    client.post(route(cast, second), {"remove": ""})
    assert Route.objects.get() == first
    assert Activity.objects.filter(verb="team:routes_changed", team=cast.team).count() == 4


def test_members_see_the_rules_and_change_nothing(cast: Cast, client: Client, account: ProviderAccount) -> None:
    made = changes.add(cast.team, str(account.pk))
    client.force_login(cast.erin)
    shown = client.get(page(cast)).content.decode()
    assert "Owners and admins of the team change these." in shown
    assert "Add rule" not in shown
    for url in (page(cast), route(cast, made), reverse("team_audio", args=[cast.team.slug])):
        assert client.post(url, {"account": account.pk}).status_code == 403
    assert Route.objects.get() == made


def test_a_rule_of_another_team_can_t_be_changed(cast: Cast, client: Client, account: ProviderAccount) -> None:
    theirs = changes.add(None, str(account.pk))
    client.force_login(cast.alice)
    shown = client.post(route(cast, theirs), {"remove": ""}, follow=True).content.decode()
    assert "This rule isn’t there any more." in shown
    assert Route.objects.get() == theirs


def test_an_admin_keeps_the_audio_here(
    cast: Cast, client: Client, account: ProviderAccount, court: ProviderAccount
) -> None:
    changes.add(None, str(court.pk))
    client.force_login(cast.alice)
    url = reverse("team_audio", args=[cast.team.slug])
    client.post(url, {"keeps_audio": "on"})
    assert places.keeps_audio(cast.team.pk)
    shown = client.get(page(cast)).content.decode()
    assert "On this instance:\n            SpeechStream." in shown
    assert "Not used: it is outside this instance" in shown
    assert f'<option value="{court.pk}">' not in shown
    client.post(url)
    assert not TeamDefaults.objects.get(team=cast.team).keeps_audio
    verbs = set(Activity.objects.filter(team=cast.team).values_list("verb", flat=True))
    assert {"team:audio_kept", "team:audio_released"} <= verbs


def test_the_defaults_of_a_team_leave_its_audio_here(cast: Cast, client: Client, account: ProviderAccount) -> None:
    TeamDefaults.objects.create(team=cast.team, keeps_audio=True)
    client.force_login(cast.alice)
    client.post(reverse("team_defaults", args=[cast.team.slug]), {"retention_days": "0"})
    assert places.keeps_audio(cast.team.pk)


def test_a_superuser_orders_the_instances_accounts_and_says_where_they_are(
    cast: Cast, console: Client, account: ProviderAccount, court: ProviderAccount
) -> None:
    console.post(CONSOLE, {"account": account.pk, "language": "", "media": ""})
    console.post(CONSOLE, {"account": court.pk, "language": "", "media": ""})
    _, second = Route.objects.order_by("order")
    console.post(reverse("operations_route", args=[second.pk]), {"up": ""})
    assert [one.account for one in Route.objects.order_by("order")] == [court, account]
    console.post(reverse("operations_place", args=[court.pk]), {"place": "inside"})
    court.refresh_from_db()
    assert places.is_inside(court)
    ProviderAccount.objects.filter(pk=court.pk).update(paused_at=court.created_at)
    shown = console.get(CONSOLE).content.decode()
    assert "None: it is paused" in shown
    assert "Not used: it is paused" in shown
    console.post(reverse("operations_route", args=[second.pk]), {"remove": ""})
    assert Route.objects.get().account == account
    assert LogEntry.objects.count() == 5
    assert console.post(reverse("operations_place", args=[court.pk]), {"place": "x"}).status_code == 404


def test_other_staff_have_no_routing_page(cast: Cast, client: Client, account: ProviderAccount) -> None:
    cast.erin.is_staff = True
    cast.erin.save()
    client.force_login(cast.erin)
    for url in (CONSOLE, reverse("operations_place", args=[account.pk])):
        assert client.post(url).status_code in (302, 404)
    account.refresh_from_db()
    assert account.place == ""
