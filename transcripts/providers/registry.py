"""The kinds of providers, loaded when first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from transcripts.providers.assemblyai import models as assemblyai
from transcripts.providers.base import Limits, RateRule
from transcripts.providers.capabilities import ByModel, Capabilities, VocabularyRule, Wish
from transcripts.providers.deepgram import models as deepgram
from transcripts.providers.elevenlabs import models as elevenlabs
from transcripts.providers.errors import MediaRefused
from transcripts.providers.google import models as google
from transcripts.providers.openai import dialects
from transcripts.providers.speechmatics import models as speechmatics

if TYPE_CHECKING:
    from transcripts.providers.base import Connection, Options, Provider
    from transcripts.providers.live import LiveCodec
    from transcripts.providers.speechstream.drills import Drills
    from transcripts.providers.tokens import Grant


# Of recordings; live it takes others.
PULSE_LANGUAGES = (
    "en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "uk", "pl", "cs", "sk", "lv", "et", "ro", "fi", "sv", "bg",
    "hu", "da", "lt", "mt", "zh", "ja", "ko",
)  # fmt: skip
PULSE_LIVE_LANGUAGES = (
    "en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "zh", "yue", "ja", "ko", "gu", "mr", "or", "bn", "ta", "te",
    "kn", "ml",
)  # fmt: skip
# They are listed with commas.
NO_COMMAS = VocabularyRule(pattern="[^,]*")
# Basic Latin letters without digits: one other makes it refuse the job.
REV_TERMS = VocabularyRule(most_terms=6_000, most_words=12, pattern=r"(?=.*[A-Za-z])(?!.*\d)(?!.*\S{35})[\x00-\x7f]+")

# Those of its widest model for recordings; the others know fewer and say so.
ASSEMBLYAI_LANGUAGES = (
    "en", "es", "fr", "de", "it", "pt", "nl", "hi", "ja", "zh", "fi", "ko", "pl", "ru", "tr", "uk", "vi", "af", "sq",
    "am", "ar", "hy", "as", "az", "ba", "eu", "be", "bn", "bs", "br", "bg", "my", "ca", "hr", "cs", "da", "et", "fo",
    "gl", "ka", "el", "gu", "ht", "ha", "haw", "he", "hu", "is", "id", "jv", "kn", "kk", "km", "lo", "la", "lv", "ln",
    "lt", "lb", "mk", "mg", "ms", "ml", "mt", "mi", "mr", "mn", "ne", "no", "nn", "oc", "pa", "ps", "fa", "ro", "sa",
    "sr", "sn", "sd", "si", "sk", "sl", "so", "su", "sw", "sv", "tl", "tg", "ta", "tt", "te", "th", "bo", "tk", "ur",
    "uz", "cy", "yi", "yo",
)  # fmt: skip

REV_LANGUAGES = (
    "en", "es", "fr", "de", "it", "pt", "nl", "zh", "ja", "ko", "ar", "af", "hy", "az", "be", "bs", "bg", "ca", "hr",
    "cs", "da", "et", "fa", "fi", "gl", "el", "he", "hi", "hu", "is", "id", "kn", "kk", "lv", "lt", "mk", "ms", "mr",
    "mi", "ne", "no", "pl", "ro", "ru", "sr", "sk", "sl", "sw", "sv", "tl", "ta", "te", "th", "tr", "uk", "ur", "vi",
    "cy",
)  # fmt: skip
REV_LIVE_LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "zh", "ja", "ko")

# It names Mandarin `cmn`; its adapter says so.
SPEECHMATICS_LANGUAGES = (
    "en", "es", "fr", "de", "it", "pt", "nl", "zh", "yue", "ja", "ko", "ar", "ba", "eu", "be", "bn", "bg", "ca", "hr",
    "cs", "da", "eo", "et", "fa", "fi", "ga", "gl", "el", "he", "hi", "hu", "ia", "id", "lv", "lt", "ms", "mt", "mr",
    "mn", "no", "pl", "ro", "ru", "sk", "sl", "sw", "sv", "ta", "th", "tr", "ug", "uk", "ur", "vi", "cy",
)  # fmt: skip

REVERIE_LANGUAGES = ("hi", "bn", "gu", "kn", "ml", "mr", "pa", "ta", "te", "en", "as", "or")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of provider: the dotted path of its adapter and what its documentation says of it.

    `languages` holds all that it takes, None if it is asked. `live_languages` are those that it must be told one of
    before it transcribes live, None if it need not. `detection` is what it wants for a recording in place of a language
    that no one chose; empty if it needs nothing. One without `detects_languages` must be told the language. `live` is
    the dotted path of its live codec, empty if it has none. `can` says which wishes its models meet for a recording,
    `can_live` for a live session. `dialect` is for kinds that share an adapter, and says both itself. `drills` is the
    dotted path of what asks an engine on this machine to misbehave for a while; empty if none of this kind does.
    `grant` is that of what exchanges a key for short-lived tokens of live handshakes; empty: the key itself is sent.
    """

    name: str
    adapter: str
    live: str
    documented_limits: Limits
    languages: tuple[str, ...] | None = None
    live_languages: tuple[str, ...] | None = None
    detection: str = ""
    detects_languages: bool = True
    can: ByModel = field(default_factory=ByModel)
    can_live: ByModel = field(default_factory=ByModel)
    drills: str = ""
    grant: str = ""
    dialect: dialects.Dialect | None = None
    # A provider that took everything and never answers must not keep the line waiting; long audio gets time besides.
    upload_deadline_ms: int = 120_000

    def can_for(self, model: str) -> Capabilities:
        """Return which wishes a model meets for a recording; an empty name is that of the usual one."""
        return self.dialect.can(model) if self.dialect else self.can.of(model)

    def can_live_for(self, model: str) -> Capabilities:
        """Return which wishes a model meets in a live session; an empty name is that of the usual one."""
        return self.dialect.can_live(model) if self.dialect else self.can_live.of(model)


def _openai(dialect: dialects.Dialect, *, live: str = "") -> Kind:
    """Return a kind that speaks OpenAI's API: 25 MB a request of vendors, and no number of speakers."""
    return Kind(
        name=dialect.name,
        adapter="transcripts.providers.openai.files.OpenAI",
        live=live,
        documented_limits=Limits(max_bytes=None if dialect.is_own else 25 * 1000**2),
        dialect=dialect,
        upload_deadline_ms=900_000,
    )


KINDS = {
    "speechstream": Kind(
        name="SpeechStream",
        adapter="transcripts.providers.speechstream.files.SpeechStream",
        live="transcripts.providers.speechstream.live.SpeechStreamLive",
        documented_limits=Limits(uploads=RateRule(count=5, per_ms=60_000), status_interval_ms=5_000),
        can=ByModel(Capabilities(frozenset({Wish.SPEAKERS}), NO_COMMAS)),
        can_live=ByModel(Capabilities(vocabulary=NO_COMMAS)),
        drills="transcripts.providers.speechstream.drills.Drills",
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
    "assemblyai": Kind(
        name="AssemblyAI",
        adapter="transcripts.providers.assemblyai.files.AssemblyAI",
        live="transcripts.providers.assemblyai.live.AssemblyAILive",
        grant="transcripts.providers.assemblyai.grant.AssemblyAIGrant",
        # Five sessions can begin a minute on the free plan, a hundred on others.
        documented_limits=Limits(
            uploads=RateRule(count=20_000, per_ms=300_000),
            status_interval_ms=3_000,
            max_bytes=2_200_000_000,
            live_sessions=5,
        ),
        languages=ASSEMBLYAI_LANGUAGES,
        can=assemblyai.FILES,
        can_live=assemblyai.LIVE,
    ),
    "rev": Kind(
        name="Rev AI",
        adapter="transcripts.providers.rev.files.Rev",
        live="transcripts.providers.rev.live.RevLive",
        # It discourages polling and names no interval.
        documented_limits=Limits(
            uploads=RateRule(count=10_000, per_ms=600_000),
            status_interval_ms=5_000,
            max_bytes=2_000_000_000,
            live_sessions=10,
        ),
        languages=REV_LANGUAGES,
        live_languages=REV_LIVE_LANGUAGES,
        detects_languages=False,
        can=ByModel(
            Capabilities(frozenset({Wish.SEPARATION, Wish.SPEAKERS, Wish.PUNCTUATION, Wish.PROFANITY}), REV_TERMS)
        ),
        # Terms it takes live only by the id of a list that was made before.
        can_live=ByModel(Capabilities(frozenset({Wish.SEPARATION, Wish.PUNCTUATION, Wish.PROFANITY}))),
    ),
    "speechmatics": Kind(
        name="Speechmatics",
        adapter="transcripts.providers.speechmatics.files.Speechmatics",
        live="transcripts.providers.speechmatics.live.SpeechmaticsLive",
        # How many sessions an account can have is a matter of its contract; two are what the smallest has.
        documented_limits=Limits(
            uploads=RateRule(count=10, per_ms=1_000),
            status_interval_ms=5_000,
            max_bytes=1_000_000_000,
            live_sessions=2,
        ),
        languages=SPEECHMATICS_LANGUAGES,
        live_languages=SPEECHMATICS_LANGUAGES,
        can=speechmatics.FILES,
        can_live=speechmatics.LIVE,
    ),
    "deepgram": Kind(
        name="Deepgram",
        adapter="transcripts.providers.deepgram.files.Deepgram",
        live="transcripts.providers.deepgram.live.DeepgramLive",
        grant="transcripts.providers.deepgram.grant.DeepgramGrant",
        # Its pages name 50 to 150 live sessions at the same time, by plan; the fewest are safe.
        documented_limits=Limits(max_bytes=2 * 1000**3, live_sessions=50),
        can=deepgram.MODELS,
        can_live=deepgram.MODELS,
        upload_deadline_ms=900_000,
    ),
    "openai": _openai(dialects.OPENAI, live="transcripts.providers.openai.live.OpenAILive"),
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
        can=elevenlabs.FILES,
        can_live=elevenlabs.LIVE,
        upload_deadline_ms=1_800_000,
    ),
    "google": Kind(
        name="Google Cloud",
        adapter="transcripts.providers.google.files.Google",
        live="",
        # Whether 10 MB are the audio or its base64, which is a third more, is not documented; the smaller one is safe.
        documented_limits=Limits(max_bytes=7_000_000, longest_ms=60_000),
        can=google.FILES,
        upload_deadline_ms=300_000,
    ),
    "reverie": Kind(
        name="Reverie",
        adapter="transcripts.providers.reverie.files.Reverie",
        live="",
        documented_limits=Limits(longest_ms=300_000),
        languages=REVERIE_LANGUAGES,
        detects_languages=False,
        can=ByModel(
            Capabilities(frozenset({Wish.SEPARATION, Wish.PUNCTUATION}), tells_speakers=False, times_words=False)
        ),
        upload_deadline_ms=600_000,
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


def grant(kind: str, connection: Connection) -> Grant:
    """Make what gets tokens for live handshakes; only for a kind that has one."""
    made: Grant = _load(find(kind).grant)(connection)
    return made


def drills(kind: str, connection: Connection) -> Drills | None:
    """Make what controls the drills of an engine; None if there are none of this kind."""
    path = find(kind).drills
    controls: Drills | None = _load(path)(connection) if path else None
    return controls


def _load(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def find(kind: str) -> Kind:
    """What is known of a kind. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"Unknown provider kind {kind!r}; choose one of: {', '.join(KINDS)}")
    return KINDS[kind]
