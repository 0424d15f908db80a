"""What the registry knows of each kind."""

from __future__ import annotations

import pytest

from transcripts.providers.base import Connection, Limits, Options
from transcripts.providers.capabilities import Wish, Wishes
from transcripts.providers.errors import MediaRefused
from transcripts.providers.registry import KINDS, build, find, live_codec

CONNECTION = Connection("https://api.example.com", "key")
RECORDINGS_ONLY = [name for name, kind in KINDS.items() if not kind.live]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_the_adapters_that_it_names(kind: str) -> None:
    assert callable(build(kind, CONNECTION).submit)
    if KINDS[kind].live:
        assert callable(live_codec(kind, CONNECTION, Options("en")).decode)


@pytest.mark.parametrize("kind", RECORDINGS_ONLY)
def test_a_kind_without_live_speech_says_so(kind: str) -> None:
    with pytest.raises(MediaRefused, match=f"{KINDS[kind].name} transcribes recordings only"):
        live_codec(kind, CONNECTION, Options("en"))


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("deepgram", Limits(max_bytes=2_000_000_000, live_sessions=50)),
        ("openai", Limits(max_bytes=25_000_000)),
        ("groq", Limits(max_bytes=25_000_000)),
        ("elevenlabs", Limits(max_bytes=3_000_000_000)),
    ],
)
def test_documented_limits_are_data(kind: str, limits: Limits) -> None:
    assert find(kind).documented_limits == limits


def test_what_a_kind_can_not_do_is_known_before_anything_is_sent() -> None:
    wished = Options("en", languages=("fr",), speakers=2, punctuates=False, masks_profanity=True)
    assert find("deepgram").can.unmet(wished) == (Wish.SPEAKERS,)
    assert find("openai").can.unmet(wished) == (Wish.SPEAKERS, Wish.PUNCTUATION, Wish.PROFANITY)
    assert find("elevenlabs").can.unmet(wished) == (Wish.LANGUAGES, Wish.PUNCTUATION, Wish.PROFANITY)
    assert find("elevenlabs").can_live.unmet(Options("en", speakers=2)) == (Wish.SPEAKERS,)


@pytest.mark.parametrize(
    ("model", "tells_speakers", "takes_terms", "unmet"),
    [
        ("", False, True, ()),
        ("whisper-1", False, True, (Wish.LANGUAGES,)),
        ("gpt-4o-transcribe", False, True, (Wish.LANGUAGES,)),
        ("gpt-4o-transcribe-diarize", True, False, (Wish.LANGUAGES, Wish.SEPARATION)),
        # For recordings it is not used
        ("gpt-live-transcribe", False, True, ()),
    ],
)
def test_models_of_one_kind_can_do_different_things(
    model: str, *, tells_speakers: bool, takes_terms: bool, unmet: tuple[Wish, ...]
) -> None:
    can = find("openai").can_for(model)
    assert (can.tells_speakers, can.vocabulary is not None) == (tells_speakers, takes_terms)
    assert can.unmet(Wishes(languages=("fr",), separates_speakers=False)) == unmet


def test_a_kind_whose_models_are_alike_can_do_the_same_with_any() -> None:
    assert find("deepgram").can_for("nova-2") == find("deepgram").can
