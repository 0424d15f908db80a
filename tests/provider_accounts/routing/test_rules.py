"""Which rule comes before which."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from transcripts.services.provider_accounts.routing.rules import Rule, Work, accounts_in_order, alike, fits

TAGS = st.sampled_from(["", "de", "de-AT", "en", "EN-gb"])
MEDIA = st.sampled_from(["", "audio", "video", "live"])
RULES = st.lists(
    st.builds(
        Rule,
        account_id=st.integers(1, 6),
        order=st.integers(0, 4),
        team_id=st.sampled_from([None, 1, 2]),
        language=TAGS,
        media=MEDIA,
    ),
    max_size=12,
)
WORKS = st.builds(Work, team_id=st.integers(1, 3), language=TAGS, media=st.sampled_from(["audio", "video", "live"]))


@given(RULES, WORKS)
def test_exactly_the_accounts_of_fitting_rules_are_listed_once_each(rules: list[Rule], work: Work) -> None:
    listed = accounts_in_order(rules, work)
    assert len(listed) == len(set(listed))
    assert set(listed) == {rule.account_id for rule in rules if fits(rule, work)}


@given(RULES, WORKS, st.randoms())
def test_the_order_of_the_rows_says_nothing(rules: list[Rule], work: Work, chance: object) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert accounts_in_order(shuffled, work) == accounts_in_order(rules, work)


@given(RULES, WORKS)
def test_a_rule_of_the_team_comes_before_all_of_the_instance(rules: list[Rule], work: Work) -> None:
    mine = {rule.account_id for rule in rules if fits(rule, work) and rule.team_id is not None}
    listed = accounts_in_order(rules, work)
    assert set(listed[: len(mine)]) == mine


@given(RULES, WORKS)
def test_other_teams_rules_change_nothing(rules: list[Rule], work: Work) -> None:
    mine = [rule for rule in rules if rule.team_id in (None, work.team_id)]
    assert accounts_in_order(mine, work) == accounts_in_order(rules, work)


def test_the_more_particular_rule_comes_first_and_equals_by_their_order() -> None:
    rules = [
        Rule(1, order=0),
        Rule(2, order=9, language="de"),
        Rule(3, order=9, media="video"),
        Rule(4, order=9, language="de", media="video"),
        Rule(5, order=9, language="de-AT"),
        Rule(6, order=1),
        Rule(7, order=9, team_id=1),
    ]
    assert accounts_in_order(rules, Work(1, "de-AT", "video")) == [7, 5, 4, 2, 3, 1, 6]
    assert accounts_in_order(rules, Work(2, "de", "audio")) == [2, 1, 6]
    assert accounts_in_order(rules, Work(2, "", "video")) == [3, 1, 6]
    assert accounts_in_order(rules, Work(2, "den", "live")) == [1, 6]


@given(st.lists(st.integers(0, 3)))
def test_only_neighbours_of_a_kind_share(kinds: list[int]) -> None:
    groups = alike(kinds, lambda kind: kind)
    assert [kind for group in groups for kind in group] == kinds
    assert all(len(set(group)) == 1 for group in groups)
    assert all(one[0] != other[0] for one, other in itertools.pairwise(groups))
