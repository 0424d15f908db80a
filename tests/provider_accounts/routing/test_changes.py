"""Rules are added at the end of their list, moved within it and removed."""

from __future__ import annotations

import pytest

from tests.factories import Cast, make_cast
from transcripts.models import ProviderAccount, Route
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import credentials, environment
from transcripts.services.provider_accounts.routing import candidates, changes
from transcripts.services.provider_accounts.routing.rules import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def three(cast: Cast) -> list[ProviderAccount]:
    """Three accounts with keys."""
    made = [environment.from_environment()]
    for name in ("Court", "Radio"):
        account = ProviderAccount.objects.create(
            name=name, kind="speechstream", endpoint="http://127.0.0.1:9", key_variable=""
        )
        credentials.enter(account, f"a-key-of-{name}", by=cast.alice)
        made.append(account)
    return made


def names(work: Work) -> list[str]:
    return [account.name for account in candidates.rules_for(work)]


def test_a_rule_moves_up_and_down_in_its_own_list(cast: Cast, three: list[ProviderAccount]) -> None:
    first, second, third = (changes.add(cast.team, str(account.pk)) for account in three)
    german = changes.add(cast.team, str(three[2].pk), language="de")
    work = Work(cast.team.pk, "en")
    assert names(work) == ["SpeechStream", "Court", "Radio"]
    changes.shift(cast.team, third.pk, -1)
    assert names(work) == ["SpeechStream", "Radio", "Court"]
    changes.shift(cast.team, third.pk, -1)
    changes.shift(cast.team, third.pk, -1)
    assert names(work) == ["Radio", "SpeechStream", "Court"]
    changes.shift(cast.team, second.pk, 1)
    assert names(work) == ["Radio", "SpeechStream", "Court"]
    changes.shift(cast.team, first.pk, 1)
    assert names(work) == ["Radio", "Court", "SpeechStream"]
    changes.remove(cast.team, second.pk)
    assert names(work) == ["Radio", "SpeechStream"]
    german.refresh_from_db()
    assert german.order == 0


def test_only_the_rules_of_the_team_can_be_changed_there(cast: Cast, three: list[ProviderAccount]) -> None:
    theirs = changes.add(None, str(three[0].pk))
    with pytest.raises(Refused, match="isn’t there any more"):
        changes.remove(cast.team, theirs.pk)
    with pytest.raises(Refused, match="isn’t there any more"):
        changes.shift(cast.team, theirs.pk, 1)
    assert Route.objects.get() == theirs


@pytest.mark.parametrize(
    ("account", "language", "media", "code"),
    [
        ("0", "", "", "no_provider"),
        ("", "", "", "no_provider"),
        ("mine", "!", "", "language"),
        ("mine", "", "x", "media"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cast: Cast, three: list[ProviderAccount], account: str, language: str, media: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        changes.add(cast.team, str(three[0].pk) if account == "mine" else account, language=language, media=media)
    assert refused.value.code == code


def test_the_same_rule_is_there_once(cast: Cast, three: list[ProviderAccount]) -> None:
    for team in (cast.team, None):
        changes.add(team, str(three[0].pk), language="de")
        with pytest.raises(Refused, match="such a rule already"):
            changes.add(team, str(three[0].pk), language="de")


def test_a_rule_is_named_with_its_language_and_media(cast: Cast, three: list[ProviderAccount]) -> None:
    account = three[0]
    assert str(Route(account=account, language="cy")) == f"{account} for Welsh, any media"
    assert str(Route(account=account, media="video")) == f"{account} for any language, video files"
