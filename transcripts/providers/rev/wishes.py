"""What people wish, in the words of Rev AI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.providers.errors import MediaRefused
from transcripts.providers.registry import REV_LIVE_LANGUAGES, REV_TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.base import Options, Term

# Mandarin, in its words.
CODES = {"zh": "cmn"}


def for_files(options: Options, model: str) -> dict[str, Any]:
    """Return the options of a job. Raises MediaRefused without a language, for English is no detection."""
    if not options.language:
        raise MediaRefused("Rev AI can’t detect the language. Choose the language and transcribe again.")
    wishes: dict[str, Any] = {"language": _code(options.language)}
    if model:
        wishes["transcriber"] = model
    if not options.separates_speakers:
        wishes["skip_diarization"] = True
    elif options.speakers is not None:
        wishes["speakers_count"] = options.speakers
    if not options.punctuates:
        wishes["skip_punctuation"] = True
    if options.masks_profanity:
        wishes["filter_profanity"] = True
    if phrases := _phrases(options.vocabulary):
        wishes["custom_vocabularies"] = [{"phrases": phrases}]
    if options.callback:
        wishes["notification_config"] = {"url": options.callback}
    return wishes


def for_live(options: Options, model: str) -> dict[str, str]:
    """Return what the address of a live socket asks for. Raises MediaRefused for a language it can't transcribe."""
    language = (options.language or "").partition("-")[0].lower()
    if language not in REV_LIVE_LANGUAGES:
        raise MediaRefused("Rev AI requires the language of live speech, one of: " + ", ".join(REV_LIVE_LANGUAGES))
    wishes = {"language": _code(language)} | ({"transcriber": model} if model else {})
    flags = {
        "enable_speaker_switch": options.separates_speakers,
        "skip_postprocessing": not options.punctuates,
        "filter_profanity": options.masks_profanity,
    }
    return (
        wishes | ({"transcriber": model} if model else {}) | {name: "true" for name, wished in flags.items() if wished}
    )


def _phrases(terms: Sequence[Term]) -> list[str]:
    return [term.text for term in REV_TERMS.fitting(terms)]


def _code(tag: str) -> str:
    language = tag.partition("-")[0].lower()
    return CODES.get(language, language)
