"""Results in a folder: nothing that isn't their own is written over."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from tests.commands.terminal import names_in, transcribe
from tests.support.audio import write_tone
from transcripts.models import Recording

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from tests.support.pipeline import Pipeline


def test_two_files_of_the_same_name_are_both_written_and_each_keeps_its_own(
    instance: Pipeline, tones: list[Path], tmp_path: Path, out: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    same = write_tone(other / "one.wav", hertz=700)
    for arguments in ([tones[0], same], [same, tones[0]], [same, tones[0], "--overwrite"]):
        printed = transcribe(*arguments, "--out", out)
        assert names_in(out) == {"one.txt", "one (2).txt"}
    first = next(line for line in transcribe(tones[0], "--out", out).splitlines() if "one.wav" in line)
    assert first.endswith(str(out / "one.txt"))
    assert "one (2).txt" in printed


def test_what_is_in_the_folder_is_not_written_over(instance: Pipeline, tones: list[Path], out: Path) -> None:
    out.mkdir()
    (out / "one.txt").write_text("of a person")
    transcribe(tones[0], "--out", out)
    assert (out / "one.txt").read_text() == "of a person"
    (out / "one (2).txt").write_text("changed by a person")
    transcribe(tones[0], "--out", out)
    assert names_in(out) == {"one.txt", "one (2).txt", "one (3).txt"}
    assert (out / "one (2).txt").read_text() == "changed by a person"
    transcribe(tones[0], "--out", out, "--overwrite")
    assert (out / "one.txt").read_text() == (out / "one (3).txt").read_text()


def test_a_result_follows_the_transcript(instance: Pipeline, tones: list[Path], out: Path) -> None:
    transcribe(tones[0], "--out", out)
    transcript = Recording.objects.get().latest_transcript
    assert transcript is not None
    transcript.segments.update(text="corrected", words=[])
    transcribe(tones[0], "--out", out)
    assert names_in(out) == {"one.txt"}
    assert "corrected" in (out / "one.txt").read_text()


def test_a_memory_that_can_not_be_read_writes_over_nothing(instance: Pipeline, tones: list[Path], out: Path) -> None:
    transcribe(tones[0], "--out", out)
    Recording.objects.get().latest_transcript.segments.update(text="corrected", words=[])  # type: ignore[union-attr]
    for content in ("{", "[]", json.dumps({"one.txt": 1})):
        (out / ".verbatim.json").write_text(content)
        transcribe(tones[0], "--out", out)
    assert "corrected" not in (out / "one.txt").read_text()


def test_formats_that_end_alike_are_told_apart(instance: Pipeline, tones: list[Path], out: Path) -> None:
    transcribe(tones[0], "--out", out, "--format", "json", "--format", "whisper")
    assert names_in(out) == {"one.json", "one.whisper.json"}


def test_nothing_is_written_through_links(instance: Pipeline, tones: list[Path], tmp_path: Path, out: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    out.mkdir()
    for name in (".verbatim.part", "one.txt"):
        (out / name).symlink_to(victim)
    transcribe(tones[0], "--out", out)
    transcribe(tones[0], "--out", out, "--overwrite")
    assert victim.read_text() == "precious"
    assert not (out / "one.txt").is_symlink()


def test_what_a_command_that_was_killed_left_is_removed(instance: Pipeline, tones: list[Path], out: Path) -> None:
    out.mkdir()
    (out / ".verbatim.x1y2.part").write_text("half")
    transcribe(tones[0], "--out", out)
    assert [path.name for path in out.glob(".verbatim.*.part")] == []


def test_others_can_read_the_results_as_far_as_the_umask_of_the_caller_lets_them(
    instance: Pipeline, tones: list[Path], out: Path, settings: Settings
) -> None:
    settings.CALLERS_UMASK = 0o027
    transcribe(tones[0], "--out", out)
    umask = os.umask(0)
    os.umask(umask)
    assert umask == 0o077
    modes = {path.name: path.stat().st_mode & 0o777 for path in (out, out / "one.txt", out / ".verbatim.json")}
    assert modes == {"out": 0o750, "one.txt": 0o640, ".verbatim.json": 0o600}
