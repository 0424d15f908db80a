"""Languages as Google names them: each with a region."""

from __future__ import annotations

from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.wire import read_text

# If people named no region, it is that of most who speak the language.
WITH_REGIONS = (
    "af-ZA", "ar-XA", "bg-BG", "bn-BD", "ca-ES", "cs-CZ", "da-DK", "de-DE", "el-GR", "en-US", "es-US", "et-EE", "eu-ES",
    "fa-IR", "fi-FI", "fr-FR", "gl-ES", "gu-IN", "hi-IN", "hr-HR", "hu-HU", "hy-AM", "id-ID", "is-IS", "it-IT", "ja-JP",
    "kk-KZ", "km-KH", "kn-IN", "ko-KR", "lt-LT", "lv-LV", "mk-MK", "ml-IN", "mr-IN", "ms-MY", "my-MM", "nl-NL", "no-NO",
    "pa-Guru-IN", "pl-PL", "pt-BR", "ro-RO", "ru-RU", "sk-SK", "sl-SI", "sq-AL", "sr-RS", "sv-SE", "sw-KE", "ta-IN",
    "te-IN", "th-TH", "tr-TR", "uk-UA", "ur-PK", "uz-UZ", "vi-VN", "zu-ZA",
)  # fmt: skip
TAGS = {tag.partition("-")[0]: tag for tag in WITH_REGIONS} | {
    "he": "iw-IL",
    "he-il": "iw-IL",
    "nb": "no-NO",
    "yue": "yue-Hant-HK",
    "zh": "cmn-Hans-CN",
    "zh-cn": "cmn-Hans-CN",
    "zh-tw": "cmn-Hant-TW",
}
# Where two of ours are one of its, the first is told.
_OURS = {code.lower(): tag for tag, code in reversed(TAGS.items())}


def asked(tag: str) -> str:
    """Return the name of a language to ask for."""
    return TAGS.get(tag.lower(), tag)


def told(code: object) -> str | None:
    """Return the tag of a language that it names. A region that may be the one we added says nothing of the speech."""
    text = read_text(code)
    return read_language(_OURS.get(text.lower(), text))
