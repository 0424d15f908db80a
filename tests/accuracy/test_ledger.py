"""The page of the ledger: by what, for whom, and on how many transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.certificates.test_issuing import approve
from tests.support.edits import apply
from tests.transcript.pages import say
from tests.views.conftest import client_of
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.accuracy import ledger
from transcripts.services.accuracy import measuring
from transcripts.services.transcript.review import status

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


def measured(cast: Cast, was: str, became: str, **fields: str) -> Transcript:
    """Approve a transcript whose one segment was corrected."""
    made = factories.make_transcript(factories.make_recording(cast.team), [("Anna", was)], **fields)
    if was != became:
        apply(made, say("s0", was, became), actor=cast.erin)
    approve(made, cast)
    measuring.run()
    return made


def test_rates_are_by_provider_model_language_speaker_team_and_month(cast: Cast) -> None:
    measured(cast, "one too three for", "one two three four", engine="small")
    measured(cast, "eins zwei drei vier", "eins zwei drei vier", engine="large", language="de", provider="pulse")
    found = ledger.of()
    assert (found.whole.transcripts, found.whole.words, found.whole.errors) == (2, 8, 2)
    assert found.whole.percent == "25.0 %"
    groups = {group.title: {row.name: row.percent for row in group.rows} for group in found.groups}
    assert groups["By model"] == {"small": "50.0 %", "large": "0.0 %"}
    assert groups["By provider"] == {"speechstream": "50.0 %", "pulse": "0.0 %"}
    assert groups["By language"] == {"en": "50.0 %", "de": "0.0 %"}
    assert groups["By speaker"] == {"Anna": "25.0 %"}
    assert groups["By team"] == {"Newsroom": "25.0 %"}
    assert [row.percent for row in found.months] == ["25.0 %"]
    assert found.corrected == [("for", "four", 1), ("too", "two", 1)]


def test_only_what_is_approved_now_counts(cast: Cast) -> None:
    made = measured(cast, "one too", "one two")
    assert ledger.of().whole.transcripts == 1
    status.move(made, TranscriptStatus.IN_REVIEW, actor=cast.alice)
    assert ledger.of().whole.transcripts == 0
    assert ledger.of().corrected == []


def test_a_team_sees_its_own_alone(cast: Cast) -> None:
    measured(cast, "one too", "one two")
    other = factories.make_team("Archive", owner=cast.charlie)
    page = client_of(cast.alice).get("/teams/newsroom/accuracy/").content.decode()
    assert "50.0 %" in page
    assert "<bdi>too</bdi> → <bdi>two</bdi>" in page
    empty = client_of(cast.charlie).get(f"/teams/{other.slug}/accuracy/").content.decode()
    assert "Nothing is measured yet" in empty
    assert "too" not in empty.replace("tooltip", "")


def test_operators_see_all(cast: Cast) -> None:
    measured(cast, "one too", "one two")
    operator = client_of(factories.make_user("Olga Ops", is_staff=True, is_superuser=True))
    page = " ".join(operator.get("/admin/accuracy/").content.decode().split())
    assert '<b class="num">1</b> approved transcript' in page
    assert "Newsroom" in page
    assert client_of(cast.alice).get("/admin/accuracy/").status_code == 302
