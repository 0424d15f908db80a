"""The options of an upload, which survive a restart."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from speechserver.api.options import VOCABULARY_CHARACTERS, read_options
from speechserver.jobs.recogniser import Description
from speechserver.jobs.store import Job, JobStore
from speechserver.options import Options

if TYPE_CHECKING:
    from pathlib import Path

ANY = Description("any", is_draft=False, languages=None)
ALIGNS = Description("aligns", is_draft=False, languages=None, aligns=True)
SOME = Description("some", is_draft=False, languages=("en", "jv", "no"))


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({}, Options()),
        ({"language": ["de-CH"]}, Options(language="de")),
        ({"language": ["auto"]}, Options()),
        ({"diarize": ["false"]}, Options(diarize=False)),
        ({"diarize": ["true"], "speakers": ["3"]}, Options(speakers=3)),
        ({"speakers": ["1"]}, Options(diarize=False, speakers=1)),
        ({"speakers": ["auto"]}, Options()),
        ({"vocabulary": ["Ana, Bede", "Ana\nCrwth ", ""]}, Options(vocabulary=("Ana", "Bede", "Crwth"))),
        ({"mood": ["sunny"]}, Options()),
    ],
)
def test_options_are_read(fields: dict[str, list[str]], options: Options) -> None:
    assert read_options(fields, ANY) == options


@pytest.mark.parametrize("language", ["nb", "no-NO", "jv", "jw", "en_GB"])
def test_languages_have_several_names(language: str) -> None:
    assert read_options({"language": [language]}, SOME).language in ("no", "jw", "en")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"speakers": ["0"]}, "bad_option"),
        ({"speakers": ["21"]}, "bad_option"),
        ({"speakers": ["two"]}, "bad_option"),
        ({"speakers": ["0003"]}, "bad_option"),
        ({"speakers": ["9" * 5000]}, "bad_option"),
        ({"diarize": ["perhaps"]}, "bad_option"),
        ({"language": ["de"]}, "language_not_supported"),
        ({"words": ['[["Good", 0.5]]']}, "bad_option"),
    ],
)
def test_invalid_options_are_refused(fields: dict[str, list[str]], code: str) -> None:
    with pytest.raises(web.HTTPException) as refusal:
        read_options(fields, SOME)
    assert refusal.value.status == 422
    assert json.loads(refusal.value.text or "")["error"] == {"code": code}


def test_words_are_read() -> None:
    fields = {"words": ['[["Good", 0.5], ["morning.", 1]]'], "language": ["en"]}
    assert read_options(fields, ALIGNS) == Options(language="en", words=(("Good", 0.5), ("morning.", 1.0)))


@pytest.mark.parametrize(
    "words",
    [
        "no",
        "7",
        "[]",
        "{}",
        "null",
        '["Good"]',
        '[["Good"]]',
        '[["Good", "soon"]]',
        '[["", 1]]',
        '[["a", NaN]]',
        "[" * 99_999,
    ],
)
def test_words_that_can_not_be_read_are_refused(words: str) -> None:
    with pytest.raises(web.HTTPException) as refusal:
        read_options({"words": [words]}, ALIGNS)
    assert "words must be a JSON list" in (refusal.value.text or "")


def test_a_vocabulary_is_cut_to_what_the_model_reads_between_terms() -> None:
    terms = read_options({"vocabulary": [", ".join(f"term number {number}" for number in range(500))]}, ANY).vocabulary
    assert terms[0] == "term number 0"
    assert VOCABULARY_CHARACTERS - 20 < len(", ".join(terms)) <= VOCABULARY_CHARACTERS


def test_options_survive_a_restart(tmp_path: Path) -> None:
    job = Job(
        "one", "me", "a.wav", Options(language="de", speakers=2, vocabulary=("Ana", "Bede"), words=(("Ana", 1.0),))
    )
    store = JobStore(tmp_path)
    store.audio(job.id).touch()
    store.add(job)
    store.close()
    assert JobStore(tmp_path).waiting() == [job]


def test_a_folder_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "jobs.sqlite3") as database:
        database.execute(
            "CREATE TABLE jobs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, "
            "filename TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL, accepted_at REAL NOT NULL, "
            "answer TEXT NOT NULL DEFAULT '{}')"
        )
        database.execute("INSERT INTO jobs VALUES (1, 'old', 'me', 'a.wav', 'de', 'waiting', 0, '{}')")
    assert JobStore(tmp_path).waiting() == [Job("old", "me", "a.wav", Options(language="de"))]
