"""A newcomer drops recordings in ten languages and says nothing about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import signed_in
from tests.browser.uploads.test_uploads import expect_arrived
from tests.support.audio import ffmpeg
from tests.support.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.long, pytest.mark.corpus, pytest.mark.timeout(600)]

# Each with its name on the page and words that Whisper base gets right in it
RECORDINGS = {
    "en_speech_jfk.flac": ("English", "ask not what your country can do for you"),
    "de_read_simplicissimus.mp3": ("German", "Hans Jakob Christoffel von Grimmelshausen"),
    "fr_read_udhr1.wav": ("French", "raisonnable de la durée du travail"),
    "es_read_arenas.wav": ("Spanish", "grano medio"),
    "it_read_radio.wav": ("Italian", "Sempre alla radio"),
    "pt_read_raposa.wav": ("Portuguese", "Uma raposa velha não consegue aprender nenhum"),
    "ru_read_line.wav": ("Russian", "на его месте должен"),
    "ja_read_jitsuzai.wav": ("Japanese", "客観的実在の判断的知識が"),
    "zh_talk_cognitive.wav": ("Chinese", "沃森具有高超的大数据分析能力"),
    "ar_weather.wav": ("Arabic", "المركز أن يكون"),
}
LONGEST_S = "14"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance as it is set up, with the model for all languages."""
    with Instance(tmp_path_factory.mktemp("languages"), WHISPER_MODEL="", STT_LIMITS="none") as running:
        yield running


def shortened(recording: Path, folder: Path) -> Path:
    """The beginning of a recording, under its name."""
    target = folder / recording.with_suffix(".wav").name
    ffmpeg("-i", recording, "-t", LONGEST_S, "-ac", "1", target)
    return target


def test_ten_languages_are_found_and_written(
    instance: Instance, chromium: Browser, corpus: Path, tmp_path: Path, pictures: Path | None
) -> None:
    files = [shortened(corpus / "speech" / name, tmp_path) for name in RECORDINGS]
    page = signed_in(chromium, instance)
    page.locator("[data-picker-input]").set_input_files(files)
    expect_arrived(page, *(file.name for file in files))
    for file, (language, words) in zip(files, RECORDINGS.values(), strict=True):
        page.goto("/")
        title = page.get_by_role("link", name=file.stem, exact=True)
        expect(page.locator(".row").filter(has=title).get_by_text("Draft")).to_be_visible(timeout=300_000)
        title.click()
        expect(page.get_by_text(f"{language}, detected (")).to_be_visible()
        expect(page.get_by_text("Transcribed by Whisper base on this machine")).to_be_visible()
        expect(page.locator("[data-text]")).to_contain_text(words)
        if pictures:
            page.screenshot(path=pictures / f"language-{file.stem[:2]}.png")
    page.context.close()
