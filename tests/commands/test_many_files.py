"""`manage.py transcribe FILE… --out FOLDER`: many files, one table, and nothing sent twice."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.commands.terminal import names_in, transcribe
from tests.support.audio import write_tone
from transcripts.management.terminal import ProgressBar, in_columns
from transcripts.management.transcribe import many, sending
from transcripts.management.transcribe.arguments import Order
from transcripts.management.transcribe.items import Item, State
from transcripts.management.transcribe.results import Results
from transcripts.management.transcribe.showing import Progress
from transcripts.models import Folder, ProcessingJob, Recording, Upload
from transcripts.models.choices import UploadStatus
from transcripts.providers.capabilities import Wishes
from transcripts.services.provider_accounts import wishes
from transcripts.services.recordings import parts, trash

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def order_of(pipeline: Pipeline, **given: object) -> Order:
    person = pipeline.person
    fields = {"person": person, "team": person.personal_team, "language": "", "wishes": Wishes()}
    return Order(**{**fields, "folder": None, "tags": (), **given})  # type: ignore[arg-type]


def test_writes_a_file_for_each_and_one_table(
    instance: Pipeline, speech: SpeechProcess, tones: list[Path], out: Path
) -> None:
    speech.rescript({"answer": {"transcription": "to be or not to be", "language": "en"}})
    printed = transcribe(*tones, "--out", out, "--format", "srt", "--format", "txt")
    assert names_in(out) == {f"{path.stem}.{ending}" for path in tones for ending in ("srt", "txt")}
    assert (out / "two.txt").read_text() == "[00:00:00]\nto be or not to be\n"
    headings, *rows = printed.splitlines()
    assert headings.split() == ["File", "Length", "Status", "Language", "Words", "To", "check", "Written", "to"]
    assert [row.split()[:5] for row in rows] == [[f"{one.name}", "0:00:01", "Transcribed", "en", "6"] for one in tones]
    assert str(out / "one.srt") in rows[0]


def test_one_that_fails_has_its_reason_in_the_table_and_the_others_are_written(
    instance: Pipeline, tones: list[Path], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tones[0].with_name("notes.txt")
    bad.write_text("no audio " * 100)
    output = io.StringIO()
    with pytest.raises(CommandError, match="3 of 4 transcribed, 1 failed") as raised:
        call_command("transcribe", *map(str, [*tones, bad]), "--out", str(out), stdout=output)
    assert raised.value.returncode == 1
    assert names_in(out) == {"one.txt", "two.txt", "three.txt"}
    assert "notes.txt" in output.getvalue()
    assert "Failed" in output.getvalue()
    assert "not an audio or video file" in output.getvalue()
    shown = capsys.readouterr().err.splitlines()
    assert "0 of 4 transcribed, 4 waiting. Uploading one.wav" in shown
    assert "3 of 4 transcribed, 1 failed. Done" in shown


def test_run_again_nothing_is_sent_and_the_transcripts_are_written_as_they_are_now(
    instance: Pipeline, speech: SpeechProcess, tones: list[Path], out: Path
) -> None:
    transcribe(*tones, "--out", out)
    (out / "two.txt").unlink()
    printed = transcribe(*tones, "--out", out, "--format", "txt")
    assert printed.count("Already transcribed") == 3
    assert names_in(out) == {"one.txt", "two.txt", "three.txt"}
    assert (Recording.objects.count(), len(speech.ledger("upload"))) == (3, 3)
    transcribe(tones[0], "--out", out, "--again")
    assert Recording.objects.count() == 4


def test_a_file_that_differs_in_one_byte_is_sent_though_its_fingerprint_is_the_same(
    instance: Pipeline, tmp_path: Path, out: Path
) -> None:
    first, second = (write_tone(tmp_path / name, seconds=130) for name in ("first.wav", "second.wav"))
    content = bytearray(second.read_bytes())
    content[1_200_000] ^= 1
    second.write_bytes(content)
    assert sending.fingerprint_of(first) == sending.fingerprint_of(second)
    transcribe(first, second, "--out", out)
    assert Recording.objects.count() == 2


def test_one_that_failed_is_transcribed_again_by_the_next_run(instance: Pipeline, tones: list[Path], out: Path) -> None:
    transcribe(tones[0], "--out", out)
    recording = Recording.objects.get()
    recording.transcripts.all().delete()
    ProcessingJob.objects.update(status="failed")
    Recording.objects.update(latest_transcript=None, job_status="failed")
    transcribe(tones[0], "--out", out)
    assert Recording.objects.get().latest_transcript is not None
    assert ProcessingJob.objects.count() == 2


def test_a_recording_in_the_trash_is_not_sent_again_unasked(instance: Pipeline, tones: list[Path], out: Path) -> None:
    transcribe(tones[0], "--out", out)
    trash.delete(Recording.objects.get(), actor=instance.person)
    with pytest.raises(CommandError, match="1 failed"):
        transcribe(tones[0], "--out", out)
    assert Recording.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["with spaces.wav", "Grüße 東京 🎙.wav", "two\nlines.wav", "-dash.wav", "x" * 250 + ".wav"]
)
def test_any_name_is_taken(instance: Pipeline, tmp_path: Path, out: Path, name: str) -> None:
    path = write_tone(tmp_path / name)
    printed = transcribe("--out", out, "--", path)
    assert len(printed.splitlines()) == 2
    written = names_in(out).pop()
    assert written == {"two\nlines.wav": "twolines.txt", "x" * 250 + ".wav": "x" * 200 + ".txt"}.get(
        name, f"{path.stem}.txt"
    )


def test_a_name_that_is_no_text_is_taken(instance: Pipeline, tmp_path: Path, out: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.wav"))
    path.write_bytes(instance.tone.read_bytes())
    run = many.Run(order_of(instance), Results(out, {"txt": {}}, overwrites=False), lambda _items, _doing: None)
    run.items = [Item(path, path.stat().st_size)]
    run.until_ended()
    assert names_in(out) == {"caf.txt"}


def test_the_options_for_people_are_sent_along(
    instance: Pipeline, speech: SpeechProcess, tones: list[Path], out: Path
) -> None:
    team = instance.person.personal_team
    folder = Folder.objects.create(team=team, name="Interviews")
    options = ("--speakers", "2", "--languages", "de,fr", "--punctuates", "no", "--masks-profanity", "yes")
    transcribe(tones[0], "--out", out, *options, "--folder", "interviews", "--tag", "Harbour, raw", "--tag", "2026")
    upload, recording = Upload.objects.get(), Recording.objects.get()
    assert upload.wishes == Wishes(2, ("de", "fr"), punctuates=False, masks_profanity=True)
    assert recording.folder == folder
    assert set(recording.tags.values_list("name", flat=True)) == {"Harbour", "raw", "2026"}


def test_there_is_an_option_for_each_wish() -> None:
    assert set(wishes.READ) == set(Wishes().columns())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("{one}", "{two}"), "Name a folder for them"),
        (("{one}", "nowhere.wav", "--out", "{out}"), "File not found: nowhere.wav"),
        (("{one}", "/tmp", "--out", "{out}"), "/tmp is a folder. Name its files"),
        (("{one}", "--out", "{out}", "--folder", "Nowhere"), "has no folder “Nowhere”"),
        (("{one}", "--out", "{out}", "--speakers", "99"), "from 1 to 20"),
        (("{one}", "--out", "{out}", "--language", "???"), "language"),
        (("{one}", "--out", "{out}", "--option", "nothing=1"), "Unknown export option"),
        (("{one}", "--out", "{out}", "--format", "srt", "--format", "txt", "--option", "nothing=1"), "Unknown export"),
        (("{one}", "--out", "{one}"), "Can’t write to"),
        (("{one}", "--out", "{out}", "--transcript", "x.srt"), "belongs to one file"),
        (("--watch", "nowhere", "--out", "{out}"), "Folder not found: nowhere"),
        (("--watch", "{folder}"), "give it --out"),
        (("--watch", "{folder}", "--out", "{folder}"), "Choose another --out"),
        ((), "Name a FILE"),
    ],
)
def test_bad_input_sends_nothing(
    pipeline: Pipeline, tones: list[Path], out: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    pipeline.conductor.tick()
    named = {"one": tones[0], "two": tones[1], "folder": tones[0].parent, "out": out}
    with pytest.raises(CommandError) as raised:
        transcribe(*(argument.format(**named) for argument in arguments))
    assert sentence in str(raised.value)
    assert raised.value.returncode == 2
    assert not Upload.objects.exists()


def test_an_upload_that_a_killed_terminal_left_is_begun_again(instance: Pipeline, tones: list[Path], out: Path) -> None:
    path = tones[0]
    left = sending.begin(order_of(instance), path, path.stat().st_size, fingerprint=sending.fingerprint_of(path))
    with path.open("rb") as file:
        parts.append(left, file, offset=0, size=1000)
    transcribe(path, "--out", out)
    assert Recording.objects.count() == 1
    assert set(Upload.objects.values_list("status", flat=True)) == {UploadStatus.ABANDONED, UploadStatus.COMPLETE}


def test_what_another_terminal_sends_at_this_moment_is_waited_for(
    pipeline: Pipeline, tones: list[Path], out: Path
) -> None:
    pipeline.conductor.tick()
    run = many.Run(order_of(pipeline), Results(out, {"txt": {}}, overwrites=False), lambda _items, _doing: None)
    run.items = [Item(tones[0], tones[0].stat().st_size)]
    with sending.alone_with(sending.fingerprint_of(tones[0])) as is_alone:
        assert is_alone
        run.round()
        assert run.items[0].state is State.WAITING
        pipeline.bring(tones[0])
    run.round()
    assert (run.items[0].state, run.items[0].is_known) == (State.SENT, True)
    assert Recording.objects.count() == 1


def test_a_file_that_grows_while_it_is_sent_is_given_up(pipeline: Pipeline, tones: list[Path]) -> None:
    path = tones[0]
    upload = sending.begin(order_of(pipeline), path, path.stat().st_size)

    def write_more(_sent: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(sending.Changed):
        sending.send(upload, path, write_more)
    upload.refresh_from_db()
    assert upload.status == UploadStatus.ABANDONED
    assert not Recording.objects.exists()


def test_ctrl_c_says_what_continues(
    pipeline: Pipeline, tones: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.conductor.tick()

    def press(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", press)
    with pytest.raises(CommandError, match=r"0 of 3 transcribed, 3 in progress.*nothing is sent twice") as raised:
        transcribe(*tones, "--out", out)
    assert raised.value.returncode == 130


def test_what_others_can_not_read_is_not_theirs_to_write(pipeline: Pipeline, tones: list[Path]) -> None:
    pipeline.bring(tones[0])
    stranger = User.objects.create_user("bob@example.org", "a password of his")
    order = order_of(pipeline, person=stranger, team=stranger.personal_team)
    assert sending.same_file(order, tones[0], sending.fingerprint_of(tones[0])) is None


def test_a_log_sees_counts_and_stages_and_a_terminal_bytes() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    item = Item(Path("one.wav"), 2_000_000)
    for stream in (log := io.StringIO(), terminal := Terminal()):
        progress = Progress(ProgressBar(stream))
        for sent in (0, 1_000_000):
            item.sent = sent
            progress.show([item], "Uploading one.wav")
    assert log.getvalue() == "0 of 1 transcribed, 1 waiting. Uploading one.wav\n"
    assert "50 %" in terminal.getvalue()


def test_columns_are_below_each_other_in_any_script() -> None:
    assert list(in_columns([("a", "b", "c"), ("東京", "1", "")])) == ["a     b  c", "東京  1"]
