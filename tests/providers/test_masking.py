"""A provider that says a key back, whole, in part or disguised, shows it to no one."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode

import pytest

from transcripts.providers.wire import masked

KEY = "dg-SECONDKEY-bbbbbbbbbbbb-2222"
DISGUISED = [
    KEY,
    "dg-SECONDKEY-bbbbbbbbbbbb-xxxx",
    "DKEY-bbbbbbbbbbbb",
    "\u200b".join(KEY),
    KEY[:9] + "\u00ad" + KEY[9:],
    b64encode(KEY.encode()).decode(),
    b64encode(f"user:{KEY}".encode()).decode().rstrip("="),
    urlsafe_b64encode(f"ü?>{KEY}".encode()).decode(),
]


@pytest.mark.parametrize("said", DISGUISED)
def test_a_key_is_not_shown(said: str) -> None:
    shown = masked(f"Invalid key {said}. Try another.", KEY)
    assert shown.startswith("Invalid key ***")
    assert "KEY-bbbb" not in shown
    assert said not in shown


def test_the_end_of_a_key_and_other_words_are_shown() -> None:
    sentence = "Invalid key …2222 (project 0123456789abcdef, region eu-central-1)"
    assert masked(sentence, KEY) == sentence


def test_without_a_key_nothing_is_masked() -> None:
    assert masked("Sign in first", " ") == "Sign in first"
