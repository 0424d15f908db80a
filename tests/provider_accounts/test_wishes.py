"""What people wish for a transcription arrives at its provider, and nothing is claimed that it wasn't told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from transcripts.models import TeamDefaults
from transcripts.providers.capabilities import Wishes
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import accounts, wishes

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.providers.double import Double

PLAIN = Wishes(separates_speakers=False, punctuates=False, masks_profanity=True)


def asked(double: Double) -> dict[str, Any]:
    """What the last upload said beside its audio."""
    entry = double.ledger("upload")[-1]
    found: dict[str, Any] = next(entry[name] for name in ("asked", "options", "form", "query") if name in entry)
    return found


@pytest.mark.parametrize("double", ["deepgram"], indirect=True)
def test_deepgram_is_told_what_a_person_wishes(through: Pipeline, double: Double) -> None:
    recording = through.bring(language="en", wishes=Wishes(languages=("es", "en"), masks_profanity=True))
    through.until_idle()
    told = asked(double)
    assert (told["profanity_filter"], told["language"], told["language_hint"]) == ("true", "multi", ["en", "es"])
    assert through.job(recording).wishes == Wishes(languages=("es",), masks_profanity=True)


@pytest.mark.parametrize("double", ["deepgram"], indirect=True)
def test_languages_that_are_not_transcribed_together_are_left_out(through: Pipeline, double: Double) -> None:
    assert wishes.told(through.account, Wishes(languages=("es", "uk")), "en") == Wishes(languages=("es",))
    assert wishes.told(through.account, Wishes(languages=("es",)), "uk") == Wishes()
    with pytest.raises(Refused, match="“uk” together"):
        wishes.refuse_languages(through.account, accounts.can(through.account), Wishes(languages=("es", "uk")), "en")


@pytest.mark.parametrize("double", ["deepgram"], indirect=True)
def test_deepgram_leaves_out_what_a_person_does_not_want(through: Pipeline, double: Double) -> None:
    through.bring(language="en", wishes=PLAIN)
    through.until_idle()
    assert not {"punctuate", "smart_format", "numerals", "diarize_model"} & asked(double).keys()


@pytest.mark.parametrize("double", ["assemblyai"], indirect=True)
def test_assemblyai_is_told_what_a_person_wishes(through: Pipeline, double: Double) -> None:
    through.bring(language="en", wishes=PLAIN)
    through.until_idle()
    told = asked(double)
    assert (told["punctuate"], told["format_text"], told["filter_profanity"]) == (False, False, True)
    assert told["speaker_labels"] is False


@pytest.mark.parametrize("double", ["rev"], indirect=True)
def test_rev_is_told_what_a_person_wishes(through: Pipeline, double: Double) -> None:
    through.bring(language="en", wishes=PLAIN)
    through.until_idle()
    told = asked(double)
    assert (told["skip_diarization"], told["skip_punctuation"], told["filter_profanity"]) == (True, True, True)


@pytest.mark.parametrize("double", ["speechmatics"], indirect=True)
def test_what_a_provider_can_not_do_is_claimed_nowhere(through: Pipeline, double: Double) -> None:
    recording = through.bring(language="en", wishes=PLAIN)
    assert through.job(recording).wishes == Wishes(separates_speakers=False)


@pytest.mark.parametrize("double", ["assemblyai"], indirect=True)
def test_another_attempt_wishes_the_same(through: Pipeline, double: Double) -> None:
    double.rescript({"failure": {"code": "invalid_media", "message": "The file has no speech that can be read"}})
    recording = through.bring(language="en", wishes=PLAIN)
    through.until_idle()
    double.rescript({})
    assert jobs.retry(recording, actor=through.person).wishes == PLAIN


@pytest.mark.parametrize("double", ["assemblyai"], indirect=True)
def test_what_no_one_chose_is_as_the_team_wishes(through: Pipeline, double: Double) -> None:
    TeamDefaults.objects.create(team=through.person.personal_team, masks_profanity=True)
    recording = factories.make_recording(through.person.personal_team)
    assert jobs.start(recording, actor=through.person, language="en").wishes == Wishes(masks_profanity=True)


def test_wishes_are_read_by_their_names() -> None:
    said = {"speakers": "3", "languages": "de, fr,de", "separates_speakers": "no", "masks_profanity": "yes"}
    assert wishes.read(said, Wishes()) == Wishes(3, ("de", "fr"), separates_speakers=False, masks_profanity=True)


def test_what_is_not_said_stays_as_it_was() -> None:
    assert wishes.read({}, PLAIN) == PLAIN
    assert wishes.read({"languages": "", "punctuates": "yes"}, Wishes(2, ("de",), punctuates=False)) == Wishes(2)


@pytest.mark.parametrize(
    "said", [{"languages": "no language"}, {"languages": "de," * 3 + "x" * 36}, {"punctuates": "perhaps"}]
)
def test_what_makes_no_sense_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(Refused):
        wishes.read(said, Wishes())


def test_no_more_languages_are_taken_than_anyone_speaks() -> None:
    tags = ",".join(f"a{letter}" for letter in "abcdefghijk")
    with pytest.raises(Refused, match="at most 10"):
        wishes.read({"languages": tags}, Wishes())
