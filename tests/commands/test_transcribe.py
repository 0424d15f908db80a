"""`manage.py transcribe`: the same pipeline from a terminal."""

from __future__ import annotations

import io
import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Role, Team, User
from tests.commands.terminal import transcribe
from transcripts import clock
from transcripts.formats import readers
from transcripts.management.commands.transcribe import Command
from transcripts.management.terminal import ProgressBar
from transcripts.models import Lease, ProviderAccount, Recording, Transcript
from transcripts.services.errors import NoProvider
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def test_prints_the_transcript(instance: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": "to be or not to be"})
    assert transcribe(instance.tone) == "[00:00:00]\nto be or not to be\n"
    assert Recording.objects.get().owner == instance.person


@pytest.mark.parametrize(("name", "beginning"), [("srt", "1\n00:00:00,"), ("vtt", "WEBVTT"), ("json", "{")])
def test_prints_any_format(instance: Pipeline, name: str, beginning: str) -> None:
    printed = transcribe(instance.tone, "--format", name)
    assert printed.startswith(beginning)
    if name == "json":
        assert json.loads(printed)["duration_ms"] == 1000


def test_prints_with_the_options_of_the_format(instance: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": "to be or not to be"})
    assert transcribe(instance.tone, "--option", "times=no") == "to be or not to be\n"


def test_an_option_that_the_format_lacks_is_refused_before_anything_is_sent(instance: Pipeline) -> None:
    with pytest.raises(CommandError, match="Unknown export option “times”") as refused:
        transcribe(instance.tone, "--format", "srt", "--option", "times=no")
    assert refused.value.returncode == 2
    assert not Recording.objects.exists()


def test_a_file_that_is_no_text_is_printed_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Command()._write(b"PK\x00\xff")
    assert capfdbinary.readouterr().out == b"PK\x00\xff"


def test_works_in_the_name_and_team_that_are_asked_for(instance: Pipeline) -> None:
    bob = User.objects.create_user("bob@example.org", "a password of his")
    team = Team.objects.create(name="Newsroom", slug="newsroom")
    Membership.objects.create(team=team, user=bob, role=Role.EDITOR)
    transcribe(instance.tone, "--user", "Bob@example.org", "--team", "newsroom")
    recording = Recording.objects.get()
    assert (recording.owner, recording.team) == (bob, team)


def test_a_failed_job_exits_with_its_reason(instance: Pipeline, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_text("no sound " * 100)
    with pytest.raises(CommandError, match="not an audio or video file") as raised:
        transcribe(bad)
    assert raised.value.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.wav",), "File not found: nowhere.wav"),
        (("{tone}", "--user", "unknown@example.org"), "No user has the e-mail address unknown@example.org"),
        (("{tone}", "--team", "elsewhere"), "can’t upload to the team “elsewhere”"),
        (("{tone}", "--language", "fr"), "doesn’t support the language “fr”. It supports: en"),
    ],
)
def test_bad_input_is_refused(pipeline: Pipeline, arguments: tuple[str, ...], sentence: str) -> None:
    ProviderAccount.objects.update(languages=["en"])
    pipeline.conductor.tick()
    with pytest.raises(CommandError) as raised:
        transcribe(*(argument.format(tone=pipeline.tone) for argument in arguments))
    assert sentence in str(raised.value)
    assert raised.value.returncode == 2
    assert not Recording.objects.exists()


def test_without_a_running_instance_it_says_how_to_start_one(pipeline: Pipeline) -> None:
    Lease.objects.all().delete()
    with pytest.raises(CommandError, match="Start one with `make run`") as raised:
        transcribe(pipeline.tone)
    assert raised.value.returncode == 2


def test_an_instance_that_stops_is_noticed_and_waited_for(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The clock stands still but for what sleeping takes."""
    speech.rescript({"answer": "to be or not to be"})
    pipeline.conductor.tick()
    began, slept = clock.now(), 0.0
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=slept))

    def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds
        if 9 < slept < 10:
            assert "The instance has stopped" in capsys.readouterr().err
            slept = 20
        elif slept >= 20:  # it was started again
            pipeline.step_once()

    monkeypatch.setattr(time, "sleep", sleep)
    assert transcribe(pipeline.tone) == "[00:00:00]\nto be or not to be\n"
    assert "Transcribing" in capsys.readouterr().err


@pytest.fixture
def outside(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """A shell that lacks the variables that the instance was started with."""
    accounts.note_keys()
    settings.STT_API_ENDPOINT, settings.STT_API_KEY, settings.STT_PROVIDER = "", "", "pulse"
    return pipeline


def test_a_shell_without_the_instances_variables_asks_the_instance_which_provider_it_has(outside: Pipeline) -> None:
    recording = outside.bring()
    assert outside.job(recording).account == outside.account


def test_it_asks_the_instance_for_the_keys_of_chosen_accounts_too(pipeline: Pipeline, settings: Settings) -> None:
    settings.STT_API_KEYS = {"STT_API_KEY_COURT": "secret"}
    fields = {"kind": "speechstream", "endpoint": "http://127.0.0.1:9", "for_files": True}
    chosen = ProviderAccount.objects.create(name="Court", key_variable="STT_API_KEY_COURT", **fields)
    accounts.note_keys()
    settings.STT_API_ENDPOINT, settings.STT_API_KEYS = "", {}
    assert accounts.with_key(accounts.current()) == chosen
    ProviderAccount.objects.filter(pk=chosen.pk).update(has_key=False)
    with pytest.raises(NoProvider, match="STT_API_KEY_COURT is not set"):
        accounts.with_key(accounts.current())


def test_a_terminal_sees_a_bar_and_a_log_sees_lines() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    log, terminal = io.StringIO(), Terminal()
    for stream in (log, terminal):
        bar = ProgressBar(stream)
        bar.show("Preparing", 50)
        bar.show("Preparing", 100)
        bar.show("Waiting")
        bar.done()
    assert log.getvalue() == "Preparing\nWaiting\n"
    assert "██████████████··············  50 %" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K\r")


def test_a_number_of_speakers_is_sent_along(instance: Pipeline, speech: SpeechProcess) -> None:
    transcribe(instance.tone, "--speakers", "2")
    assert [upload["options"]["speakers"] for upload in speech.ledger("upload")] == ["2"]
    with pytest.raises(CommandError, match="1 to 20") as refused:
        transcribe(instance.tone, "--speakers", "none")
    assert refused.value.returncode == 2


SRT = "1\n00:00:00,100 --> 00:00:00,900\nAnna: Hello there.\n"


def test_a_transcript_that_exists_is_imported_and_nothing_is_sent_to_the_provider(
    instance: Pipeline, speech: SpeechProcess, tmp_path: Path
) -> None:
    ProviderAccount.objects.update(has_key=False)
    words = tmp_path / "minutes.srt"
    words.write_text(SRT)
    assert transcribe(instance.tone, "--transcript", words, "--option", "times=no") == "Anna:\nHello there.\n"
    assert speech.ledger("upload") == []
    assert Transcript.objects.get().engine == "minutes.srt"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SRT.replace("00:00:00,900", "late"), "Line 2: this isn’t a subtitle time"),
        ("x" * (readers.MOST_BYTES + 1), "larger than 8 MB"),
        (None, "File not found"),
    ],
)
def test_a_transcript_that_cannot_be_read_is_bad_input(
    instance: Pipeline, tmp_path: Path, content: str | None, sentence: str
) -> None:
    words = tmp_path / "minutes.srt"
    if content is not None:
        words.write_text(content)
    with pytest.raises(CommandError, match=sentence) as refused:
        transcribe(instance.tone, "--transcript", words)
    assert refused.value.returncode == 2
    assert not Recording.objects.exists()


@pytest.mark.parametrize(("probability", "is_said"), [(0.54, True), (0.98, False)])
def test_an_uncertain_language_is_said(
    instance: Pipeline, speech: SpeechProcess, probability: float, *, is_said: bool
) -> None:
    speech.rescript({"answer": {"transcription": "goddag", "language": "da", "language_probability": probability}})
    told = io.StringIO()
    call_command("transcribe", str(instance.tone), stdout=io.StringIO(), stderr=told)
    assert ("detected as “da” with 54% certainty" in told.getvalue()) == is_said
