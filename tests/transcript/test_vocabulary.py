"""The terms of a team: added, changed, taken from tables and written to them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from tests.support import edits
from tests.views.conftest import client_of
from transcripts.models import Term
from transcripts.selectors import vocabulary as selector
from transcripts.services import vocabulary
from transcripts.services.errors import Refused
from transcripts.services.vocabulary import Wish

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


def terms(cast: Cast) -> list[tuple[str, list[str]]]:
    return [(term.term, term.sounds_like) for term in Term.objects.filter(vocabulary__team=cast.team)]


def test_a_term_is_there_once_whatever_its_capitals_and_marks(cast: Cast) -> None:
    vocabulary.add(cast.team, Wish(" Hryhorivka ", "Gregory weaker; gregory weaker, Gregory  weaker"), actor=cast.erin)
    with pytest.raises(Refused, match="already has this term"):
        vocabulary.add(cast.team, Wish("hryhorivka!"), actor=cast.erin)
    assert terms(cast) == [("Hryhorivka", ["Gregory weaker", "gregory weaker"])]


@pytest.mark.parametrize("term", ["", "  ", "…", "x" * 121])
def test_what_has_no_word_is_no_term(cast: Cast, term: str) -> None:
    with pytest.raises(Refused, match="Enter the term"):
        vocabulary.add(cast.team, Wish(term), actor=cast.erin)


def test_a_vocabulary_is_full_at_its_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_TERMS", 1)
    vocabulary.add(cast.team, Wish("one"), actor=cast.erin)
    with pytest.raises(Refused) as refused:
        vocabulary.add(cast.team, Wish("two"), actor=cast.erin)
    assert refused.value.code == "vocabulary_full"


def test_a_term_is_changed_on_the_page_and_removed(cast: Cast) -> None:
    term = vocabulary.add(cast.team, Wish("talweg"), actor=cast.erin)
    other = vocabulary.add(cast.team, Wish("Podil"), actor=cast.erin)
    url = reverse("vocabulary_term", args=[cast.team.slug, term.pk])
    client = client_of(cast.erin)
    client.post(url, {"term": "thalweg", "sounds_like": "tall vague, tail vague", "note": "the deepest line"})
    assert terms(cast) == [("Podil", []), ("thalweg", ["tall vague", "tail vague"])]
    page = client.post(url, {"term": "podil"}, follow=True).content.decode()
    assert vocabulary.EXISTS in page
    client.post(reverse("vocabulary_term", args=[cast.team.slug, other.pk]), {"remove": ""})
    assert terms(cast) == [("thalweg", ["tall vague", "tail vague"])]


def test_a_term_of_another_team_is_not_found(cast: Cast) -> None:
    elsewhere = factories.make_team("Elsewhere", owner=cast.charlie)
    term = vocabulary.add(elsewhere, Wish("thalweg"), actor=cast.charlie)
    url = reverse("vocabulary_term", args=[cast.team.slug, term.pk])
    assert client_of(cast.erin).post(url, {"remove": ""}).status_code == 404


@pytest.mark.parametrize(
    "table",
    [
        b"term,often transcribed as,note,weight\nthalweg,tall vague; tail vague,,2\n,,,\nPodil,,,\n",
        "\ufeffWeight;Term;Often transcribed as\n2;thalweg;tall vague, tail vague\n1;Podil;\n".encode(),
        b'thalweg\t"tall vague, tail vague"\t\t2\nPodil\t\t\t\n',
    ],
)
def test_tables_of_other_programs_are_read(cast: Cast, table: bytes) -> None:
    assert vocabulary.take_table(cast.team, table, actor=cast.erin) == 2
    assert terms(cast) == [("Podil", []), ("thalweg", ["tall vague", "tail vague"])]
    assert Term.objects.get(term="thalweg").weight == 2


def test_a_table_of_single_words_is_read(cast: Cast) -> None:
    assert vocabulary.take_table(cast.team, b"thalweg\nPodil\nKakhovka\n", actor=cast.erin) == 3


def test_a_table_that_is_taken_again_changes_what_is_there(cast: Cast) -> None:
    vocabulary.add(cast.team, Wish("THALWEG"), actor=cast.alice)
    vocabulary.take_table(cast.team, b"term,note\nthalweg,deepest\n", actor=cast.erin)
    term = Term.objects.get()
    assert (term.term, term.note, term.added_by) == ("thalweg", "deepest", cast.alice)


@pytest.mark.parametrize("table", [b"", b"\xff\xfe\x00", b"\n\n"])
def test_what_is_no_table_is_refused(cast: Cast, table: bytes) -> None:
    with pytest.raises(Refused) as refused:
        vocabulary.take_table(cast.team, table, actor=cast.erin)
    assert refused.value.code == "csv"
    assert terms(cast) == []


def test_no_cell_of_the_written_table_is_a_formula_and_it_is_read_back(cast: Cast) -> None:
    vocabulary.add(cast.team, Wish("=SUM(A1)", "@home, -one", "+1", 1.5), actor=cast.erin)
    answer = client_of(cast.vera).get(reverse("vocabulary_csv", args=[cast.team.slug]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["'=SUM(A1)", "'@home; -one", "'+1", "1.5", ""]
    Term.objects.all().delete()
    vocabulary.take_table(cast.team, answer.content, actor=cast.erin)
    term = Term.objects.get()
    assert (term.term, term.sounds_like, term.note, term.weight) == ("=SUM(A1)", ["@home", "-one"], "+1", 1.5)


def test_a_table_is_imported_on_the_page(cast: Cast) -> None:
    url = reverse("vocabulary_csv", args=[cast.team.slug])
    client = client_of(cast.erin)
    page = client.post(url, {"table": SimpleUploadedFile("v.csv", b"term\nthalweg\n")}, follow=True).content.decode()
    assert "Imported 1 term." in page
    assert vocabulary.UNREADABLE in client.post(url, follow=True).content.decode().replace("&#x27;", "’")


def test_what_people_corrected_the_same_way_twice_is_offered(cast: Cast) -> None:
    for _ in range(2):
        transcript = factories.make_transcript(factories.make_recording(cast.team), [("A", "in gregory weaker, so.")])
        edits.set_text(transcript.segments.get(), "in Hryhorivka, so.", actor=cast.erin)
    expected = {"was": "gregory weaker", "became": "Hryhorivka", "count": 2}
    assert selector.corrections_of(cast.erin, cast.team) == [expected]
    page = client_of(cast.erin).get(reverse("vocabulary", args=[cast.team.slug])).content.decode()
    assert "Add “<bdi>Hryhorivka</bdi>”" in page
    url = reverse("transcript_vocabulary", args=[transcript.pk])
    answer = client_of(cast.erin).post(url, {"term": "Hryhorivka", "sounds_like": "gregory weaker"}).json()
    assert answer == {"terms": [{"term": "Hryhorivka", "sounds_like": ["gregory weaker"]}], "corrections": [expected]}
    assert selector.page_of(cast.erin, cast.team.slug).offers == []


def test_accepted_words_and_new_sentences_are_no_corrections(cast: Cast) -> None:
    transcript = factories.make_transcript(
        factories.make_recording(cast.team), [("A", "hold the page"), ("A", "so be it")]
    )
    edits.apply(transcript, {"op": "accept", "id": "s0", "words": [[0, "hold"]]}, actor=cast.erin)
    edits.set_text(transcript.segments.get(key="s1"), "nothing of this is like what was there", actor=cast.erin)
    assert selector.corrections_of(cast.erin, cast.team) == []
