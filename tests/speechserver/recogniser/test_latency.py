"""Whether a machine keeps up with live speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from speechserver.recogniser.latency import TooSlow, choose_models, fastest_draft_s

if TYPE_CHECKING:
    from speechserver.recogniser.whisper import Whisper


class Model:
    """A model whose drafts take as long as a test says."""

    def __init__(self, draft_s: float) -> None:
        self.draft_s = draft_s

    def measure_s(self) -> float:
        return self.draft_s


def models(draft_s: float, language: str, tiny: Model | None) -> tuple[Whisper, Whisper, Whisper | None]:
    wanted, small = cast("Whisper", Model(draft_s)), cast("Whisper | None", tiny)
    pair = choose_models(wanted, draft_s, language, lambda: small)
    assert pair.finals is wanted
    return wanted, pair.drafts, small


def test_a_fast_machine_uses_one_model_for_every_language() -> None:
    for language in ("", "en", "de"):
        wanted, drafts, _ = models(0.4, language, None)
        assert drafts is wanted


def test_a_slow_machine_drafts_english_with_the_small_model() -> None:
    for language in ("", "en"):
        _, drafts, small = models(1.5, language, Model(0.5))
        assert drafts is small


def test_a_moment_of_other_work_does_not_count_as_a_slow_machine() -> None:
    class Disturbed(Model):
        def measure_s(self) -> float:
            self.draft_s /= 2
            return self.draft_s

    assert fastest_draft_s(cast("Whisper", Disturbed(5.0))) <= 1.0
    assert fastest_draft_s(cast("Whisper", Model(5.0))) == 5.0


@pytest.mark.parametrize(
    ("draft_s", "language", "tiny"),
    [
        (1.5, "de", Model(0.5)),
        (1.5, "en", Model(1.5)),
        (1.5, "en", None),
        (9.0, "en", Model(0.1)),
    ],
)
def test_a_machine_that_cannot_keep_up_says_so(draft_s: float, language: str, tiny: Model | None) -> None:
    with pytest.raises(TooSlow, match="too slow for live transcription in this language"):
        models(draft_s, language, tiny)
