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
    assert find("deepgram").can_for("").unmet(wished) == (Wish.SPEAKERS,)
    assert find("openai").can_for("").unmet(wished) == (Wish.SPEAKERS, Wish.PUNCTUATION, Wish.PROFANITY)
    assert find("elevenlabs").can_for("").unmet(wished) == (Wish.LANGUAGES, Wish.PUNCTUATION, Wish.PROFANITY)
    assert find("elevenlabs").can_live_for("").unmet(Options("en", speakers=2)) == (Wish.SPEAKERS,)


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
    assert find("rev").can_for("machine") == find("rev").can_for("")


ALL = Wishes(languages=("es",), separates_speakers=False, punctuates=False, masks_profanity=True)


@pytest.mark.parametrize(
    ("kind", "model", "unmet", "terms"),
    [
        ("deepgram", "", (), 100),
        ("deepgram", "nova-3-medical", (), 100),
        ("deepgram", "nova-2-meeting", (), 100),
        ("deepgram", "whisper-large", (Wish.LANGUAGES,), 100),
        ("assemblyai", "", (Wish.LANGUAGES,), 200),
        ("assemblyai", "universal-2", (Wish.LANGUAGES,), 200),
        ("assemblyai", "universal-3-5-pro", (Wish.LANGUAGES,), 1_000),
        ("assemblyai", "universal-3-5-pro, universal-2", (Wish.LANGUAGES,), 200),
        ("elevenlabs", "", (Wish.LANGUAGES, Wish.PUNCTUATION, Wish.PROFANITY), 1_000),
        ("elevenlabs", "scribe_v1", (Wish.LANGUAGES, Wish.PUNCTUATION, Wish.PROFANITY), None),
        ("speechmatics", "enhanced", (Wish.LANGUAGES, Wish.PUNCTUATION, Wish.PROFANITY), 1_000),
        ("speechmatics", "melia-1", (Wish.PUNCTUATION, Wish.PROFANITY), None),
        ("google", "", (), 1_000),
        ("google", "chirp_2", (), 1_000),
        ("google", "chirp", (), None),
    ],
)
def test_models_of_a_vendor_are_known_by_their_names(
    kind: str, model: str, unmet: tuple[Wish, ...], terms: int | None
) -> None:
    can = find(kind).can_for(model)
    assert can.unmet(ALL) == unmet
    assert (can.vocabulary.most_terms if can.vocabulary else None) == terms


@pytest.mark.parametrize(
    ("kind", "model", "tells_speakers"),
    [("google", "", True), ("google", "chirp_2", False), ("google", "chirp", False), ("google", "long", True)],
)
def test_a_model_that_does_not_tell_speakers_apart_is_known(kind: str, model: str, *, tells_speakers: bool) -> None:
    assert find(kind).can_for(model).tells_speakers is tells_speakers


@pytest.mark.parametrize(
    ("kind", "model", "unmet", "takes_terms"),
    [
        ("openai", "", (), True),
        ("openai", "gpt-transcribe", (), True),
        ("openai", "gpt-4o-transcribe", (Wish.LANGUAGES,), True),
        ("assemblyai", "universal-streaming-english", (Wish.LANGUAGES,), True),
        ("assemblyai", "whisper-rt", (Wish.LANGUAGES,), False),
        ("speechmatics", "melia-1", (Wish.LANGUAGES,), True),
    ],
)
def test_live_models_can_do_different_things(
    kind: str, model: str, unmet: tuple[Wish, ...], *, takes_terms: bool
) -> None:
    can = find(kind).can_live_for(model)
    assert (can.unmet(Wishes(languages=("es",))), can.vocabulary is not None) == (unmet, takes_terms)


def test_who_tells_no_speakers_apart_live_says_so() -> None:
    assert [kind for kind in KINDS if KINDS[kind].live and not find(kind).can_live_for("").tells_speakers] == [
        "openai",
        "elevenlabs",
    ]


@pytest.mark.parametrize(
    ("kind", "model", "times_words"),
    [
        ("openai", "", False),
        ("openai", "whisper-1", True),
        ("openai", "gpt-4o-transcribe-diarize", False),
        ("groq", "", True),
        ("reverie", "", False),
        ("deepgram", "", True),
    ],
)
def test_who_gives_times_of_words_is_known(kind: str, model: str, *, times_words: bool) -> None:
    assert find(kind).can_for(model).times_words is times_words
