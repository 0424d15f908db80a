"""What becomes of quotations: exact, differing word by word, or not found, and only in what the person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.quotes.conftest import LINES
from tests.support.edits import set_text
from transcripts.models import Grant, Recording
from transcripts.selectors.quotes import passages
from transcripts.selectors.quotes.check import Checked, check

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript


def one(text: str, user: User) -> Checked:
    (found,) = check(text, user).checked
    return found


def shown(found: Checked) -> str:
    marks = {"same": "{}", "quoted": "-{}-", "said": "+{}+"}
    return " ".join(marks[piece.kind].format(piece.text) for piece in found.pieces)


def test_what_was_said_so_is_exact_whatever_its_case_and_punctuation(cast: Cast, interview: Transcript) -> None:
    found = one("“the dam was never designed — for this much SILT!”", cast.vera)
    assert (found.kind, found.changes) == ("exact", 0)
    assert found.source
    assert found.source.transcript == interview
    assert found.source.speakers == ("Miriam Hale",)
    assert found.source.said == "The dam was never designed for this much silt"


def test_the_moment_is_that_of_the_first_word(cast: Cast, interview: Transcript) -> None:
    source = one("“everybody upstream knew it”", cast.vera).source
    segment = interview.segments.get(key="s1")
    assert source
    assert (source.at_ms, source.until_ms) == (segment.words[10][1], segment.words[13][2])


def test_words_that_differ_are_shown_beside_what_was_said(cast: Cast, interview: Transcript) -> None:
    found = one("“The dam was not designed for so much silt, and everybody knew it”", cast.vera)
    assert found.kind == "differing"
    assert shown(found) == (
        "The dam was -not- +never+ designed for -so- +this+ much silt, and everybody +upstream+ knew it"
    )
    assert found.changes == 3


def test_a_quotation_goes_over_segments_and_speakers(cast: Cast, interview: Transcript) -> None:
    found = one("“they read it. And what did they say?”", cast.vera)
    assert found.kind == "exact"
    assert found.source
    assert found.source.speakers == ("Miriam Hale", "Tomas Berg")


@pytest.mark.parametrize("gap", ["…", "...", "[…]", "(…)", "[the officials]"])
def test_what_was_left_out_or_put_in_brackets_does_not_differ(cast: Cast, interview: Transcript, gap: str) -> None:
    found = one(f"“We warned the ministry twice. {gap} they read it.”", cast.vera)
    assert found.kind == "exact"


@pytest.mark.parametrize(
    "invented",
    [
        "“The dam will be repaired by the end of the year”",
        "“We will sue the ministry over the silt”",
        "“They never had the report because nobody sent it”",
    ],
)
def test_what_was_never_said_is_not_found(cast: Cast, interview: Transcript, invented: str) -> None:
    assert one(invented, cast.vera).kind == "not_found"


def test_nothing_is_found_in_what_one_may_not_read(cast: Cast, interview: Transcript) -> None:
    text = f"“{LINES[1][1]}”"
    assert one(text, cast.charlie).kind == "not_found"
    Grant.objects.create(recording=interview.recording, user=cast.charlie)
    assert one(text, cast.charlie).kind == "exact"
    Recording.objects.update(deleted_at=interview.created_at)
    assert one(text, cast.charlie).kind == "not_found"


def test_the_text_as_it_was_corrected_counts(cast: Cast, interview: Transcript) -> None:
    set_text(interview.segments.get(key="s1"), "The dam was always designed for that.", actor=cast.erin)
    assert one("“The dam was always designed for that”", cast.vera).kind == "exact"
    assert one("“never designed for this much silt”", cast.vera).kind == "not_found"


def test_the_newest_transcript_of_a_recording_counts(cast: Cast, interview: Transcript) -> None:
    newer = factories.make_transcript(interview.recording, [("Speaker 1", "Nothing of the kind was designed here.")])
    assert one(f"“{LINES[1][1]}”", cast.vera).kind == "not_found"
    source = one("“nothing of the kind was designed”", cast.vera).source
    assert source
    assert source.transcript == newer


def test_the_nearest_of_several_places_is_shown(cast: Cast, interview: Transcript) -> None:
    other = factories.make_recording(cast.team, "Later", owner=cast.alice)
    factories.make_transcript(other, [("Ana", "The dam was never quite designed for that much silt, people say.")])
    source = one("“The dam was never designed for this much silt”", cast.vera).source
    assert source
    assert source.transcript == interview


def test_common_words_alone_are_found_in_a_row(
    cast: Cast, interview: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "VOTERS", 0)
    assert one("“do what we can with what we have”", cast.vera).kind == "exact"
    monkeypatch.setattr(passages, "MOST", 1)
    missing = one("“we can do what we have to”", cast.vera)
    assert (missing.kind, missing.is_partial) == ("not_found", True)


def test_scripts_without_spaces_are_checked_too(cast: Cast, interview: Transcript) -> None:
    recording = factories.make_recording(cast.team, "会議", owner=cast.alice)
    factories.make_transcript(recording, [("話者", "このダムは土砂のために設計されていません。")])
    assert one("「ダムは土砂のために設計されて」", cast.vera).kind == "exact"
    assert one("「ダムは水のために設計されて」", cast.vera).kind == "differing"


def test_the_counts_are_those_of_the_quotations(cast: Cast, interview: Transcript) -> None:
    report = check("“They had the report” “They had a report and they read it” “It rained all week” “silt”", cast.vera)
    assert report.counts == {"exact": 1, "differing": 1, "not_found": 1}
    assert report.short == 1


def test_a_row_with_more_places_than_were_looked_at_is_told_though_another_was_found(
    cast: Cast, interview: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "VOTERS", 0)
    monkeypatch.setattr(passages, "MOST", 2)
    for title in ("One", "Two"):
        other = factories.make_recording(cast.team, title, owner=cast.alice)
        factories.make_transcript(other, [("Ana", "We do what can be said to have been what we do.")])
    missing = one("“what we do can be to what we have said been”", cast.vera)
    assert (missing.kind, missing.is_partial) == ("not_found", True)
