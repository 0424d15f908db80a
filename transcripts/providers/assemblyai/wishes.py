"""What people wish, in the words of AssemblyAI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.assemblyai.models import FILES, LIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.base import Options, Term
    from transcripts.providers.capabilities import Capabilities

# The only regions that it tells apart; it calls Britain `uk`.
REGIONS = {"en-US": "en_us", "en-GB": "en_uk", "en-AU": "en_au"}
# The live model that knows more than English. It has to be named, for without a name it listens for English.
MULTILINGUAL = "universal-streaming-multilingual"
# Models of one kind are refused by the other's address.
LIVE_NAMES = ("streaming", "-rt")


def for_files(options: Options, model: str) -> dict[str, Any]:
    """Return what is asked beside the address of the audio; what is left out the provider decides."""
    wishes: dict[str, Any] = {"speaker_labels": options.separates_speakers}
    if options.language:
        wishes["language_code"] = _language_code(options.language)
    else:
        wishes["language_detection"] = True
    if model and not is_live(model):
        wishes["speech_models"] = [name.strip() for name in model.split(",") if name.strip()]
    if options.separates_speakers and options.speakers is not None:
        wishes["speakers_expected"] = options.speakers
    if not options.punctuates:
        wishes |= {"punctuate": False, "format_text": False}
    if options.masks_profanity:
        wishes["filter_profanity"] = True
    if terms := _terms(FILES.of("" if is_live(model) else model), options.vocabulary):
        wishes["keyterms_prompt"] = terms
    if options.callback:
        wishes["webhook_url"] = options.callback
    return wishes


def for_live(options: Options, model: str) -> dict[str, str]:
    """Return what the address of a live socket asks for."""
    wishes = {"format_turns": _flag(options.punctuates), "speaker_labels": _flag(options.separates_speakers)}
    if name := _live_model(options.language, model):
        wishes["speech_model"] = name
    if options.language is None:
        wishes["language_detection"] = "true"
    if options.separates_speakers and options.speakers is not None:
        wishes["max_speakers"] = str(options.speakers)
    if options.masks_profanity:
        wishes["filter_profanity"] = "true"
    if terms := _terms(LIVE.of(model), options.vocabulary):
        # One parameter that holds them all.
        wishes["keyterms_prompt"] = json.dumps(terms, ensure_ascii=False)
    return wishes


def is_live(model: str) -> bool:
    """Whether a model's name is that of a live one."""
    return any(part in model for part in LIVE_NAMES)


def _live_model(language: str | None, model: str) -> str:
    if is_live(model):
        return model
    return "" if language and language.partition("-")[0].lower() == "en" else MULTILINGUAL


def _terms(can: Capabilities, terms: Sequence[Term]) -> list[str]:
    return [term.text for term in can.vocabulary.fitting(terms)] if can.vocabulary else []


def _language_code(tag: str) -> str:
    return REGIONS.get(tag) or tag.partition("-")[0].lower()


def _flag(value: bool) -> str:  # noqa: FBT001 - a converter
    return "true" if value else "false"
