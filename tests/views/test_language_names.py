"""Languages have names on pages, whichever the recogniser finds."""

from __future__ import annotations

import pytest
from faster_whisper.tokenizer import _LANGUAGE_CODES

from speechserver.languages import names_of
from transcripts.templatetags.verbatim import language_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("zh", "Chinese"),
        ("zh-hans", "Simplified Chinese"),
        ("de", "German"),
        ("haw", "Hawaiian"),
        ("no", "Norwegian"),
        ("tlh", "tlh"),
    ],
)
def test_a_language_has_its_english_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_every_language_of_whisper_has_a_name() -> None:
    assert [tag for tag in names_of(_LANGUAGE_CODES) if language_name(tag) == tag] == []
