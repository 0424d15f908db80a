"""Read the options of a transcription from form fields and queries."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

from speechserver.api.errors import problem
from speechserver.languages import TODAY, whisper_code
from speechserver.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from speechserver.jobs.recogniser import Description

MAX_SPEAKERS = 20
SPEAKERS = re.compile(r"[1-9][0-9]?")
# The model reads about this much of a prompt
VOCABULARY_CHARACTERS = 800
SEPARATORS = re.compile(r"[,\n]")
TRUE, FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}


def read_options(fields: Mapping[str, Sequence[str]], description: Description) -> Options:
    """Return the options in the fields of a form; unknown fields are ignored. Raises the problem to send."""
    last = {name: values[-1] for name, values in fields.items() if values}
    speakers = _speakers(last.get("speakers", ""))
    words = _words(last.get("words", ""), description)
    language = _language(last.get("language", ""), description)
    return Options(
        language=language,
        diarize=_switch("diarize", last.get("diarize", "")) and speakers != 1,
        speakers=speakers,
        vocabulary=read_vocabulary(fields.get("vocabulary", ())),
        words=words,
    )


def _language(requested: str, description: Description) -> str:
    language = whisper_code(requested)
    if not language or description.languages is None or TODAY.get(language, language) in description.languages:
        return language
    supported = ", ".join(description.languages)
    raise problem(
        422,
        "language_not_supported",
        f"{description.name} doesn't support the language {requested[:20]!r}; it supports: {supported}",
    )


def _words(text: str, description: Description) -> tuple[tuple[str, float], ...]:
    """Return words to be aligned: a JSON list of words, each with the second that it is expected at."""
    if not text:
        return ()
    if not description.aligns:
        raise problem(422, "bad_option", f"{description.name} can't align words")
    try:
        words = tuple((str(word), float(at)) for word, at in json.loads(text))
    except (ValueError, TypeError, RecursionError):
        words = ()
    if not words or not all(word.strip() and math.isfinite(at) for word, at in words):
        raise problem(422, "bad_option", 'words must be a JSON list like [["Good", 0.5], ["morning.", 0.9]]')
    return words


def _speakers(text: str) -> int | None:
    if not text or text == "auto":
        return None
    if not SPEAKERS.fullmatch(text) or int(text) > MAX_SPEAKERS:
        raise problem(422, "bad_option", f"speakers must be a number from 1 to {MAX_SPEAKERS}")
    return int(text)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in TRUE | FALSE | {""}:
        raise problem(422, "bad_option", f"{name} must be true or false")
    return text.lower() not in FALSE


def read_vocabulary(values: Sequence[str]) -> tuple[str, ...]:
    """Return each term of these lists once, in order, up to what the model reads."""
    terms = dict.fromkeys(term.strip() for value in values for term in SEPARATORS.split(value) if term.strip())
    read, left = [], VOCABULARY_CHARACTERS
    for term in terms:
        left -= len(term) + 2
        if left < 0:
            break
        read.append(term)
    return tuple(read)
