"""`manage.py transcribe --watch FOLDER --out FOLDER`: what comes in is transcribed, once and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.audio import write_tone
from transcripts.management.transcribe.arguments import Order
from transcripts.management.transcribe.items import State
from transcripts.management.transcribe.many import Run
from transcripts.management.transcribe.results import Results
from transcripts.management.transcribe.watching import AGAIN_AFTER_S, STILL_FOR_S, Watch
from transcripts.models import Recording
from transcripts.providers.capabilities import Wishes
from transcripts.services import quotas
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline


class Watched:
    """A watch whose clock a test advances."""

    def __init__(self, pipeline: Pipeline, folder: Path, out: Path) -> None:
        self.pipeline, self.said, self.now = pipeline, list[str](), 1_000.0
        team = pipeline.person.personal_team
        order = Order(pipeline.person, team, "", Wishes(), None, ())
        run = Run(order, Results(out, {"txt": {}}, overwrites=False), lambda _items, _doing: None, retries=False)
        self.watch = Watch(folder, run, self.said.append)

    def pass_time(self, seconds: float = STILL_FOR_S) -> None:
        """Look at the folder, now and after a while, and let everything be done."""
        for then in (self.now, self.now + seconds):
            self.now = then
            self.watch.scan(then)
        self.watch.run.round()
        self.pipeline.until_idle()
        self.watch.run.round()
        self.watch.tell(self.now)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def watched(pipeline: Pipeline, folder: Path, out: Path) -> Watched:
    return Watched(pipeline, folder, out)


def test_what_comes_in_is_transcribed_and_said(watched: Watched, folder: Path, out: Path) -> None:
    write_tone(folder / "a.wav")
    watched.pass_time()
    assert watched.said == [f"a.wav: {out / 'a.txt'}"]
    watched.pass_time()
    assert len(watched.said) == Recording.objects.count() == 1
    assert watched.watch.run.items == []


def test_a_file_that_is_still_being_written_is_left_alone(watched: Watched, folder: Path) -> None:
    content = write_tone(folder / ".whole").read_bytes()
    path = folder / "growing.wav"
    for end in (0, 1000, 2000, 3000):
        path.write_bytes(content[:end])
        watched.pass_time(STILL_FOR_S - 1)
    assert not Recording.objects.exists()
    (folder / ".whole").replace(path)
    watched.pass_time()
    assert [one.strip() for one in watched.said] == [f"growing.wav: {watched.watch.run.results.folder / 'growing.txt'}"]


@pytest.mark.parametrize("name", [".hidden.wav", "a.wav.part", "a.wav.crdownload", "a.tmp", "~lock.wav", "a.wav~"])
def test_names_of_unfinished_files_are_ignored(watched: Watched, folder: Path, name: str) -> None:
    write_tone(folder / name)
    (folder / "folder.wav").mkdir()
    (folder / "empty.wav").touch()
    watched.pass_time()
    assert not Recording.objects.exists()


def test_a_watch_that_begins_again_does_nothing_twice(
    watched: Watched, pipeline: Pipeline, folder: Path, out: Path
) -> None:
    write_tone(folder / "a.wav")
    watched.pass_time()
    (out / "a.txt").unlink()
    again = Watched(pipeline, folder, out)
    again.pass_time()
    assert Recording.objects.count() == 1
    assert (out / "a.txt").exists()


def test_what_can_not_be_transcribed_is_said_once_and_taken_again_when_it_changes(
    watched: Watched, folder: Path
) -> None:
    bad = folder / "a.wav"
    bad.write_text("no audio " * 100)
    watched.pass_time()
    watched.pass_time()
    assert len(watched.said) == 1
    assert "not an audio or video file" in watched.said[0]
    write_tone(bad)
    watched.pass_time()
    assert watched.said[1].endswith("a.txt")
    assert Recording.objects.count() == 2


def test_what_is_refused_for_now_is_taken_once_it_can_be(
    watched: Watched, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refused("quota", "The team has no room left.")

    write_tone(folder / "a.wav")
    with monkeypatch.context() as patched:
        patched.setattr(quotas, "refuse_upload", refuse)
        watched.pass_time()
        item = watched.watch.run.items[0]
        assert item.state is State.FAILED
        watched.watch.tell(item.failed_at + AGAIN_AFTER_S - 1)
        watched.watch.tell(item.failed_at + AGAIN_AFTER_S)
        watched.pass_time()
    assert watched.said == ["a.wav: The team has no room left."]
    watched.watch.tell(item.failed_at + AGAIN_AFTER_S)
    watched.pass_time()
    assert (out / "a.txt").exists()


def test_one_that_someone_begins_again_on_its_page_is_written(
    watched: Watched, pipeline: Pipeline, folder: Path, out: Path
) -> None:
    (folder / "a.wav").write_text("no audio " * 100)
    watched.pass_time()
    item = watched.watch.run.items[0]
    pipeline.bring(pipeline.tone)
    pipeline.until_idle()
    item.recording_id = Recording.objects.get(filename="tone.wav").pk
    watched.watch.tell(item.failed_at + AGAIN_AFTER_S)
    watched.pass_time()
    assert (out / "a.txt").exists()


def test_two_that_watch_the_same_folder_do_everything_once(
    watched: Watched, pipeline: Pipeline, folder: Path, out: Path
) -> None:
    other = Watched(pipeline, folder, out)
    for name, hertz in (("a", 300), ("b", 400)):
        write_tone(folder / f"{name}.wav", hertz=hertz)
    watched.pass_time()
    other.pass_time()
    assert Recording.objects.count() == 2
    assert {path.name for path in out.iterdir()} == {"a.txt", "b.txt", ".verbatim.json"}


def test_a_folder_that_is_away_for_a_while_is_waited_for(watched: Watched, folder: Path, out: Path) -> None:
    write_tone(folder / "a.wav")
    folder.rename(folder.with_name("elsewhere"))
    watched.pass_time()
    folder.with_name("elsewhere").rename(folder)
    watched.pass_time()
    assert (out / "a.txt").exists()


def test_a_link_is_not_followed(watched: Watched, folder: Path, tmp_path: Path) -> None:
    """It could name a file that the person who made it can't read."""
    (folder / "key.wav").symlink_to(write_tone(tmp_path / "secret.wav"))
    watched.pass_time()
    assert not Recording.objects.exists()


def test_a_file_that_becomes_a_link_is_not_followed(watched: Watched, folder: Path, tmp_path: Path) -> None:
    path = write_tone(folder / "a.wav")
    for then in (watched.now, watched.now + STILL_FOR_S):
        watched.watch.scan(then)
    path.unlink()
    path.symlink_to(write_tone(tmp_path / "secret.wav"))
    watched.watch.run.round()
    assert not Recording.objects.exists()
    assert watched.watch.run.items[0].state is State.FAILED
