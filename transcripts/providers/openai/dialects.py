"""What servers that speak OpenAI's API do each in their own way, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from transcripts.providers.capabilities import Capabilities, VocabularyRule, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.base import Options, Term

    Shape = Literal["json", "verbose_json", "diarized_json"]

# Whisper reads the last 224 tokens of a prompt, in which a comma is one; keywords with these signs are refused.
PROMPT = VocabularyRule(most_tokens=224, tokens_between=1)
RULES = {"prompt": PROMPT, "hotwords": PROMPT, "keywords[]": VocabularyRule(pattern=r"[^<>\r\n]*")}
# Languages that Whisper knows by other names than ours.
NAMES = {"nb": "no", "fil": "tl", "cmn": "zh", "jv": "jw"}
LIVE_ONLY = ("gpt-live-", "gpt-realtime-")
LIVE_MODEL = "gpt-live-transcribe"
# Live the provider cuts turns for these; for others the client would have to.
LIVE_MODELS = (LIVE_MODEL, "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1")


@dataclass(frozen=True, slots=True)
class Model:
    """How a model answers, and what it is told.

    `shape` is the richest answer it gives, `terms` the field for vocabulary, empty if there is none. `has_languages`
    says that it takes several languages, `more` what it wants besides.
    """

    shape: Shape = "verbose_json"
    terms: Literal["prompt", "keywords[]", "hotwords", ""] = "prompt"
    has_languages: bool = False
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of server.

    `model` is the one that is asked for if the account names none; empty: it must name one. `models` says by the
    beginnings of their names how models differ from `otherwise`. `undetected` is what the server wants in place of a
    language, `separation` the field by which it tells speakers apart. `health_path` proves the key or not. `is_own`:
    people run the server themselves, its limits are theirs, and it may have no address for health.
    """

    name: str
    model: str = ""
    models: tuple[tuple[str, Model], ...] = ()
    otherwise: Model = Model()
    undetected: str = ""
    separation: str = ""
    upload_path: str = "/v1/audio/transcriptions"
    health_path: str = "/v1/models"
    proves_key: bool = True
    is_own: bool = True

    def for_files(self, name: str) -> str:
        """Return the model to ask for: the account's, unless it is one for live speech only."""
        return self.model if not name or name.startswith(LIVE_ONLY) else name

    def of_model(self, name: str) -> Model:
        """Return how a model behaves."""
        return next((model for beginning, model in self.models if name.startswith(beginning)), self.otherwise)

    def can(self, name: str) -> Capabilities:
        """Return which wishes a model meets for a recording; without a name, the usual one."""
        model = self.of_model(self.for_files(name))
        tells_speakers = bool(self.separation) or model.shape == "diarized_json"
        meets = {
            Wish.LANGUAGES: model.has_languages,
            Wish.SEPARATION: bool(self.separation) or not tells_speakers,
        }
        wishes = frozenset(wish for wish, is_met in meets.items() if is_met)
        times_words = model.shape == "verbose_json"
        return Capabilities(wishes, RULES.get(model.terms), tells_speakers, times_words=times_words)

    def for_live(self, name: str) -> str:
        """Return the model to ask for in a live session: the account's, if it is one that can."""
        return name if name in LIVE_MODELS else LIVE_MODEL

    def can_live(self, name: str) -> Capabilities:
        """Return which wishes a model meets in a live session: it has neither speakers nor times of words."""
        model = self.of_model(self.for_live(name))
        languages = {Wish.LANGUAGES} if model.has_languages else set()
        return Capabilities(
            frozenset({Wish.SEPARATION, *languages}), RULES.get(model.terms), tells_speakers=False, times_words=False
        )


OPENAI = Dialect(
    "OpenAI",
    is_own=False,
    model="gpt-transcribe",
    models=(
        ("gpt-4o-transcribe-diarize", Model("diarized_json", terms="", more=(("chunking_strategy", "auto"),))),
        ("gpt-4o-", Model("json")),
        ("gpt-", Model("json", terms="keywords[]", has_languages=True)),
    ),
)
GROQ = Dialect("Groq", model="whisper-large-v3-turbo", is_own=False)
SPEACHES = Dialect("speaches", otherwise=Model(terms="hotwords"))
VLLM = Dialect("vLLM")
LOCALAI = Dialect("LocalAI", model="whisper-1", separation="diarize")
# It has one model and looks at no key.
WHISPER_CPP = Dialect(
    "whisper.cpp",
    model="whisper-1",
    undetected="auto",
    upload_path="/inference",
    health_path="/health",
    proves_key=False,
)


def at(address: str, path: str) -> str:
    """Return the path below an address, which may end in /v1 as vendors write theirs."""
    return path.removeprefix("/v1") if address.rstrip("/").endswith("/v1") else path


def fields(dialect: Dialect, name: str, options: Options, shape: Shape) -> dict[str, str | list[str]]:
    """Return what a request says beside the audio."""
    model = dialect.of_model(name)
    return {
        "model": name,
        "response_format": shape,
        **({"timestamp_granularities[]": ["word", "segment"]} if shape == "verbose_json" else {}),
        **languages(options, dialect, model),
        **terms(options.vocabulary, model),
        **({dialect.separation: "true"} if dialect.separation and options.separates_speakers else {}),
        **dict(model.more),
    }


def languages(options: Options, dialect: Dialect, model: Model) -> dict[str, str | list[str]]:
    """Return how the language is named: by its code without a region, or several where the model takes them."""
    named = [_code(tag) for tag in (options.language, *options.languages) if tag]
    if model.has_languages:
        return {"languages[]": list(dict.fromkeys(named))} if named else {}
    language = _code(options.language) if options.language else dialect.undetected
    return {"language": language} if language else {}


def _code(tag: str) -> str:
    primary = tag.partition("-")[0].lower()
    return NAMES.get(primary, primary)


def terms(vocabulary: Sequence[Term], model: Model) -> dict[str, str | list[str]]:
    """Return the terms in the model's own form."""
    rule = RULES.get(model.terms)
    words = [term.text for term in rule.fitting(vocabulary)] if rule else []
    return {model.terms: words if model.terms == "keywords[]" else ", ".join(words)} if words else {}
