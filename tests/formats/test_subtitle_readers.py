"""Four readers that others wrote agree with us on every cue, and each limit of a profile is met or named."""

from __future__ import annotations

import csv
import itertools
import json
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pysubs2
import pytest
import webvtt

from scripts.frontend import find_npm
from tests.environment import ROOT
from tests.formats.reading import rendered
from tests.support import corpus as real_speech
from transcripts.document import Segment, Timing, Word, scripts
from transcripts.document.subtitles import PROFILES, FaultKind, cues, faults
from transcripts.document.timing import shared
from transcripts.formats import Script
from transcripts.providers.parsing.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable

Times = list[tuple[int, int]]

SYNTHETIC = [
    ("en", "The river rose all night & nobody slept; <i>nobody</i> --> at all. It was 1 < 2, said the boy.", 30_000),
    (
        "de",
        "Niemand hatte den Leuten im Dorf davon erzählt, weil es zu spät war.",
        20_000,
    ),
    ("ar", "مرحبا بالعالم، كيف حالك اليوم؟ نتحدث عن النهر 123 مترا.", 12_000),
    ("ja", "昨日の夜に川の水が増えて、誰も渡れなかったそうです。それでも村の人は待っていました。", 25_000),
    ("ko", "어제 밤에 강물이 불어서 아무도 건너지 못했다고 합니다.", 12_000),
    ("th", "เมื่อวานนี้ฝนตกหนักมากที่กรุงเทพ", 6_000),
]


def spoken(texts: Iterable[tuple[str, str, int]]) -> Script:
    """One recording after the other, the words of each spread over its time by their lengths."""
    segments: list[Segment] = []
    at_ms = 0
    for number, (language, text, ms) in enumerate(texts):
        said = [Word(word) for word in scripts.words_in(text)]
        words = tuple(replace(word, timing=Timing.MEASURED) for word in shared(said, at_ms, at_ms + ms))
        segments.append(Segment(text, at_ms, at_ms + ms, f"Speaker {number % 3}", words, language))
        at_ms += ms + 1_500
    return Script("A talk", "en", at_ms, "test", tuple(segments))


def ours(script: Script, profile: str) -> Times:
    return [(cue.start_ms, cue.end_ms) for cue in cues(script.segments, script.duration_ms, PROFILES[profile])]


def by_pysubs2(content: bytes, format: str) -> Times:
    return [(event.start, event.end) for event in pysubs2.SSAFile.from_string(content.decode(), format_=format)]


def by_webvtt_py(content: bytes) -> Times:
    found = webvtt.from_string(content.decode())
    return [tuple(round(_seconds(time) * 1_000) for time in (one.start, one.end)) for one in found]  # type: ignore[misc]


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return int(hours) * 3_600 + int(minutes) * 60 + float(seconds)


def by_ffmpeg(content: bytes, format: str) -> Times:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-f", format, "-i", "-", "-f", "srt", "-"]
    run = subprocess.run(command, input=content, capture_output=True, check=True, timeout=60)
    assert run.stderr == b""
    return by_pysubs2(run.stdout, "srt")


def by_webvtt_parser(content: bytes) -> Times:
    _, path = find_npm()
    command = ["node", str(ROOT / "tests/formats/parse_webvtt.mjs")]
    environment = {**os.environ, "PATH": path}
    run = subprocess.run(command, input=content, capture_output=True, check=True, timeout=60, env=environment)
    read = json.loads(run.stdout)
    assert read["errors"] == []
    return [(round(start * 1_000), round(end * 1_000)) for start, end in read["cues"]]


def all_agree(script: Script, profile: str) -> None:
    srt, vtt = rendered("srt", script, profile=profile), rendered("vtt", script, profile=profile)
    readings = [by_pysubs2(srt, "srt"), by_pysubs2(vtt, "vtt"), by_webvtt_py(vtt), by_webvtt_parser(vtt)]
    readings += [by_ffmpeg(srt, "srt"), by_ffmpeg(vtt, "webvtt")]
    expected = list(itertools.chain(*ours(script, profile)))
    for reading in readings:
        pairs = zip(itertools.chain(*reading), expected, strict=True)
        assert max(abs(theirs - wanted) for theirs, wanted in pairs) <= 1


def every_limit_is_met_or_named(script: Script, profile: str) -> None:
    """Only speech that is too fast may exceed a limit: everything else can be laid out."""
    made = cues(script.segments, script.duration_ms, PROFILES[profile])
    named = faults(made, PROFILES[profile])
    assert {fault.kind for fault in named} <= {FaultKind.TOO_FAST}
    shown = "".join(line for cue in made for line in cue.lines)
    assert "".join(shown.split()) == "".join("".join(segment.text for segment in script.segments).split())


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_readers_agree_on_what_is_hostile_and_in_every_script(profile: str) -> None:
    script = spoken(SYNTHETIC)
    all_agree(script, profile)
    every_limit_is_met_or_named(script, profile)


@pytest.mark.corpus
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_readers_agree_on_every_text_of_the_corpus(profile: str) -> None:
    with (real_speech.corpus() / "manifest.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["reference"].strip()]
    assert rows
    texts = [(row["language"].split(",")[0], " ".join(row["reference"].split()), _ms(row)) for row in rows]
    script = spoken(texts)
    all_agree(script, profile)
    every_limit_is_met_or_named(script, profile)


def _ms(row: dict[str, str]) -> int:
    """How long it was, or as long as its letters take to say."""
    return max(1_000, 65 * len(row["reference"]))


@pytest.mark.corpus
def test_readers_agree_on_answers_from_the_field() -> None:
    answers = sorted(real_speech.found("answers").glob("*.json"))
    assert answers
    for path in answers:
        segments = read_document(json.loads(path.read_text("utf-8"))).segments
        all_agree(Script("A talk", "", 900_000, "test", segments), "netflix")
