"""The subtitles of the page: the same as those of the file, with faults that people can mend or accept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.transcript.pages import Page
from tests.views.conftest import client_of
from transcripts.formats.timecode import timecode
from transcripts.models import AcceptedFault
from transcripts.selectors.subtitles import described
from transcripts.services.exports import requests
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

LINES = [
    ("Dr Hale", "My readers reconsidered almost everything."),
    ("Tomas", "You said in the car that."),
    ("Dr Hale", "Gates are steel. Steel is easy. The silt behind them is sixty years of everything upstream 🦫."),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, duration_ms=60_000), LINES)


def shown(cast: Cast, transcript: Transcript, profile: str = "bbc") -> dict[str, Any]:
    return described(cast.erin, transcript.pk, profile)


def answer(user: User, transcript: Transcript, **asked: str) -> HttpResponseBase:
    return client_of(user).post(reverse("subtitle_fault", args=[transcript.pk]), asked)


@pytest.mark.parametrize("profile", ["netflix", "bbc", "ted", "own"])
def test_the_page_shows_the_cues_of_the_srt_file(cast: Cast, transcript: Transcript, profile: str) -> None:
    page = client_of(cast.vera).get(reverse("transcript_subtitles", args=[transcript.pk]), {"profile": profile}).json()
    file = exports.export(transcript, "srt", {"profile": profile, "speakers": "no"}).content.decode()
    blocks = [
        f"{number}\n{timecode(cue['start'], ',')} --> {timecode(cue['end'], ',')}\n" + "\n".join(cue["lines"]) + "\n"
        for number, cue in enumerate(page["cues"], start=1)
    ]
    assert file == "\n".join(blocks)


def test_the_places_of_the_cues_are_the_text(cast: Cast, transcript: Transcript) -> None:
    texts = {row.key: row.text.encode("utf-16-le") for row in transcript.segments.all()}
    found = [
        texts[key][2 * begin : 2 * end].decode("utf-16-le")
        for cue in shown(cast, transcript)["cues"]
        for key, begin, end in cue["places"]
    ]
    assert " ".join(found) == " ".join(text for _, text in LINES)


def test_the_profile_is_that_of_the_last_export_of_the_team(cast: Cast, transcript: Transcript) -> None:
    assert shown(cast, transcript, "")["profile"] == "netflix"
    requests.remember(cast.erin, cast.team, "srt", {"profile": "ted", "speakers": "no"})
    assert shown(cast, transcript, "")["profile"] == "ted"
    assert shown(cast, transcript, "bbc")["profile"] == "bbc"


def test_an_unknown_profile_is_refused(cast: Cast, transcript: Transcript) -> None:
    found = client_of(cast.erin).get(reverse("transcript_subtitles", args=[transcript.pk]), {"profile": "cinema"})
    assert (found.status_code, found.json()["code"]) == (422, "subtitle_profile")


def too_fast(cast: Cast, transcript: Transcript) -> dict[str, Any]:
    return next(one for one in shown(cast, transcript)["faults"] if one["kind"] == "too_fast")


def test_a_fault_says_what_would_meet_the_limit(cast: Cast, transcript: Transcript) -> None:
    message = too_fast(cast, transcript)["message"]
    assert re.fullmatch(r"The limit is 17\. Give it \d\.\d s more, or shorten it by \d+ characters?\.", message)


def test_extending_moves_the_boundary_to_the_next_segment_and_meets_the_limit(
    cast: Cast, transcript: Transcript
) -> None:
    where = too_fast(cast, transcript)["extend"]
    assert (where["id"], where["at"]) == ("s1", 0)
    Page(transcript, cast.erin, "e1").send({"op": "move_boundary", "id": where["id"], "ms": where["ms"]})
    assert not [one for one in shown(cast, transcript)["faults"] if one["cue"] == 0]


def test_splitting_at_sense_makes_two_subtitles_of_one(cast: Cast, transcript: Transcript) -> None:
    before = shown(cast, transcript)["cues"]
    cue = next(one for one in before if one["split"])
    key, at = cue["split"]
    was = transcript.segments.get(key=key).text
    Page(transcript, cast.erin, "e1").send({"op": "split", "id": key, "was": was, "at": at, "new": "n1"})
    after = shown(cast, transcript)["cues"]
    assert len(after) == len(before) + 1


def test_an_accepted_fault_counts_again_when_the_text_changes(cast: Cast, transcript: Transcript) -> None:
    fault = too_fast(cast, transcript)
    wish = {"profile": "bbc", "key": fault["key"], "digest": fault["digest"]}
    assert answer(cast.erin, transcript, **wish).status_code == 200
    assert too_fast(cast, transcript)["accepted"]
    assert not any(one["accepted"] for one in shown(cast, transcript, "ted")["faults"])
    row = transcript.segments.get(key=fault["key"])
    row.text = row.text.replace("everything", "everything twice")
    row.save()
    assert not too_fast(cast, transcript)["accepted"]
    assert answer(cast.erin, transcript, **wish).status_code == 409


def test_an_acceptance_is_withdrawn(cast: Cast, transcript: Transcript) -> None:
    fault = too_fast(cast, transcript)
    wish = {"profile": "bbc", "key": fault["key"], "digest": fault["digest"]}
    answer(cast.erin, transcript, **wish)
    answer(cast.erin, transcript, **wish)
    assert AcceptedFault.objects.count() == 1
    answer(cast.erin, transcript, on="no", **wish)
    assert not too_fast(cast, transcript)["accepted"]


def test_a_viewer_accepts_nothing(cast: Cast, transcript: Transcript) -> None:
    fault = too_fast(cast, transcript)
    assert answer(cast.vera, transcript, profile="bbc", key=fault["key"], digest=fault["digest"]).status_code == 403
    assert not AcceptedFault.objects.exists()
