"""What people wish, in the words of Speechmatics: the same of a job and of a live session, but for a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.providers.errors import MediaRefused
from transcripts.providers.registry import SPEECHMATICS_LANGUAGES
from transcripts.providers.speechmatics.models import FILES, LIVE, MELIA

if TYPE_CHECKING:
    from transcripts.providers.base import Options, Term
    from transcripts.providers.capabilities import Capabilities

CODES = {"zh": "cmn"}
# How a language is written in these regions it can be told; in others it writes as it does.
LOCALES = ("en-US", "en-GB", "en-AU")
DETECTION = "auto"
# In place of a language for a model that transcribes several.
SEVERAL = "multi"


def for_files(options: Options, model: str) -> dict[str, Any]:
    """Return the configuration of a job."""
    config = {**_config(options, model, FILES.of(model)), **_of_melia(options, model)}
    job: dict[str, Any] = {"type": "transcription", "transcription_config": {"language": DETECTION, **config}}
    if options.callback:
        # Without contents: the transcript is fetched
        job["notification_config"] = [{"url": options.callback}]
    return job


def for_live(options: Options, model: str) -> dict[str, Any]:
    """Return the configuration of a live session. Raises MediaRefused for a language it can't transcribe."""
    # Melia is for recordings alone
    config = _config(options, "" if model.startswith(MELIA) else model, LIVE.of(model))
    if _base(options.language or "") not in SPEECHMATICS_LANGUAGES:
        known = ", ".join(SPEECHMATICS_LANGUAGES)
        raise MediaRefused(f"Speechmatics requires the language of live speech, one of: {known}")
    if options.separates_speakers and options.speakers is not None:
        # It takes no one for the only one to speak.
        config["speaker_diarization_config"] = {"max_speakers": max(2, options.speakers)}
    return {**config, "enable_partials": True}


def _config(options: Options, model: str, can: Capabilities) -> dict[str, Any]:
    config: dict[str, Any] = {"diarization": "speaker" if options.separates_speakers else "none"}
    if options.language:
        config["language"] = _code(options.language)
    if options.language in LOCALES:
        config["output_locale"] = options.language
    if model:
        config["model"] = model
    if can.vocabulary and (terms := can.vocabulary.fitting(options.vocabulary)):
        config["additional_vocab"] = [_entry(term) for term in terms]
    return config


def _of_melia(options: Options, model: str) -> dict[str, Any]:
    """Return how a model that finds languages itself is told which to expect."""
    if not model.startswith(MELIA):
        return {}
    hints = [_code(tag) for tag in (options.language, *options.languages) if tag]
    return {"language": SEVERAL, **({"language_hints": list(dict.fromkeys(hints))} if hints else {})}


def _code(tag: str) -> str:
    language = _base(tag)
    return CODES.get(language, language)


def _entry(term: Term) -> dict[str, Any]:
    return {"content": term.text} | ({"sounds_like": list(term.sounds_like)} if term.sounds_like else {})


def _base(tag: str) -> str:
    """The tag without its region; of Norwegian it knows one."""
    language = tag.partition("-")[0].lower()
    return "no" if language in ("nb", "nn") else language
