"""The kinds of providers, loaded when first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from transcripts.providers.base import Limits, RateRule
from transcripts.providers.capabilities import Capabilities, VocabularyRule, Wish
from transcripts.providers.errors import MediaRefused
from transcripts.providers.openai import dialects

if TYPE_CHECKING:
    from transcripts.providers.base import Connection, Options, Provider
    from transcripts.providers.live import LiveCodec


# Of recordings; live it takes others.
PULSE_LANGUAGES = (
    "en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "uk", "pl", "cs", "sk", "lv", "et", "ro", "fi", "sv", "bg",
    "hu", "da", "lt", "mt", "zh", "ja", "ko",
)  # fmt: skip
PULSE_LIVE_LANGUAGES = (
    "en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "zh", "yue", "ja", "ko", "gu", "mr", "or", "bn", "ta", "te",
    "kn", "ml",
)  # fmt: skip
ALL_BUT_SPEAKERS = frozenset({Wish.LANGUAGES, Wish.SEPARATION, Wish.PUNCTUATION, Wish.PROFANITY})
DEEPGRAM_TERMS = VocabularyRule(most_terms=100)
ELEVENLABS_TERMS = VocabularyRule(most_terms=1_000, longest_term=50, most_words=5)
ELEVENLABS_LIVE_TERMS = VocabularyRule(most_terms=50, longest_term=20)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of provider: the dotted path of its adapter and what its documentation says of it.

    `languages` holds all that it takes, None if it is asked. `live_languages` are those that it must be told one of
    before it transcribes live, None if it need not. `detection` is what it wants for a recording in place of a language
    that no one chose; empty if it needs nothing. `live` is the dotted path of its live codec, empty if it has none.
    `can` says which wishes it meets for a recording, `can_live` for a live session. `dialect` is for kinds that share
    an adapter.
    """

    name: str
    adapter: str
    live: str
    documented_limits: Limits
    languages: tuple[str, ...] | None = None
    live_languages: tuple[str, ...] | None = None
    detection: str = ""
    can: Capabilities = field(default_factory=Capabilities)
    can_live: Capabilities = field(default_factory=Capabilities)
    dialect: dialects.Dialect | None = None
    # A provider that took everything and never answers must not keep the line waiting; long audio gets time besides.
    upload_deadline_ms: int = 120_000


def _openai(dialect: dialects.Dialect, *, live: str = "", more: frozenset[Wish] = frozenset()) -> Kind:
    """Return a kind that speaks OpenAI's API: 25 MB a request, and no more speakers than the model tells apart."""
    can = Capabilities(frozenset({Wish.SEPARATION}) | more, VocabularyRule())
    return Kind(
        name=dialect.name,
        adapter="transcripts.providers.openai.files.OpenAI",
        live=live,
        documented_limits=Limits(max_bytes=25 * 1000**2),
        can=can,
        can_live=can if live else Capabilities(),
        dialect=dialect,
        upload_deadline_ms=900_000,
    )


KINDS = {
    "speechstream": Kind(
        name="SpeechStream",
        adapter="transcripts.providers.speechstream.files.SpeechStream",
        live="transcripts.providers.speechstream.live.SpeechStreamLive",
        documented_limits=Limits(uploads=RateRule(count=5, per_ms=60_000), status_interval_ms=5_000),
        can=Capabilities(frozenset({Wish.SPEAKERS}), VocabularyRule()),
        can_live=Capabilities(vocabulary=VocabularyRule()),
    ),
    "pulse": Kind(
        name="Pulse",
        adapter="transcripts.providers.pulse.files.Pulse",
        live="transcripts.providers.pulse.live.PulseLive",
        # Whether MB are 1000 or 1024 squared is not documented; the smaller one is safe. Of live sessions one page says
        # a hundred, another five sockets an account whatever they are for; five are safe.
        documented_limits=Limits(uploads=RateRule(count=25, per_ms=60_000), max_bytes=250 * 1000**2, live_sessions=5),
        languages=PULSE_LANGUAGES,
        live_languages=PULSE_LIVE_LANGUAGES,
        detection="multi-eu",
        # It may think for ten minutes once it has everything.
        upload_deadline_ms=900_000,
    ),
    "deepgram": Kind(
        name="Deepgram",
        adapter="transcripts.providers.deepgram.files.Deepgram",
        live="transcripts.providers.deepgram.live.DeepgramLive",
        # Its pages name 50 to 150 live sessions at the same time, by plan; the fewest are safe.
        documented_limits=Limits(max_bytes=2 * 1000**3, live_sessions=50),
        can=Capabilities(ALL_BUT_SPEAKERS, DEEPGRAM_TERMS),
        can_live=Capabilities(ALL_BUT_SPEAKERS, DEEPGRAM_TERMS),
        upload_deadline_ms=900_000,
    ),
    "openai": _openai(
        dialects.OPENAI,
        live="transcripts.providers.openai.live.OpenAILive",
        more=frozenset({Wish.LANGUAGES}),
    ),
    "groq": _openai(dialects.GROQ),
    "speaches": _openai(dialects.SPEACHES),
    "vllm": _openai(dialects.VLLM),
    "localai": _openai(dialects.LOCALAI),
    "whispercpp": _openai(dialects.WHISPER_CPP),
    "elevenlabs": Kind(
        name="ElevenLabs",
        adapter="transcripts.providers.elevenlabs.files.ElevenLabs",
        live="transcripts.providers.elevenlabs.live.ElevenLabsLive",
        documented_limits=Limits(max_bytes=3 * 1000**3),
        can=Capabilities(frozenset({Wish.SEPARATION, Wish.SPEAKERS}), ELEVENLABS_TERMS),
        can_live=Capabilities(frozenset({Wish.SEPARATION}), ELEVENLABS_LIVE_TERMS),
        upload_deadline_ms=1_800_000,
    ),
}


def build(kind: str, connection: Connection) -> Provider:
    """Make the adapter of a kind. Raises ValueError for an unknown kind."""
    known = find(kind)
    dialect = [known.dialect] if known.dialect else []
    provider: Provider = _load(known.adapter)(connection, *dialect)
    return provider


def live_codec(kind: str, connection: Connection, options: Options) -> LiveCodec:
    """Make the codec of one live connection. Raises MediaRefused if the provider does not support the options."""
    known = find(kind)
    if not known.live:
        raise MediaRefused(f"{known.name} transcribes recordings only, no live speech")
    codec: LiveCodec = _load(known.live)(connection, options)
    return codec


def _load(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def find(kind: str) -> Kind:
    """What is known of a kind. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"Unknown provider kind {kind!r}; choose one of: {', '.join(KINDS)}")
    return KINDS[kind]
