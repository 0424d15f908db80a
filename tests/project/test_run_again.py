"""All processes of the real Procfile: started, started again when they die, and gone when the terminal says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from project.supervision.procfile import read_procfile
from tests.environment import ROOT, start_redis
from tests.support.instance import Instance, NewInstance
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {entry.name for entry in read_procfile(ROOT / "Procfile")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which one instance runs after the other."""
    return tmp_path_factory.mktemp("instance")


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them end, within a time that no healthy run needs."""
    return not psutil.wait_procs(processes, timeout=30)[1]


def serves(instance: Instance, sound: Path) -> bool:
    """Whether a page answers and a recording becomes a transcript."""
    page = instance.sign_in().get("/")
    return "Library" in page.text and instance.transcribe(sound).result()[0] == 0


def test_ctrl_c_stops_all_of_it(folder: Path, tone: Path) -> None:
    with NewInstance(folder) as instance:
        assert set(instance.pids()) == NAMES
        assert serves(instance, tone)
        family = instance.processes()
        assert len(family) >= len(NAMES)
        assert instance.press_ctrl_c() == 0
        assert gone(family)


def test_it_serves_again_on_the_same_folder_and_what_dies_is_started_again(folder: Path, tone: Path) -> None:
    with Instance(folder) as instance:
        before = instance.pids()
        for name in sorted(NAMES - {"redis"}):
            instance.kill(name)
        instance.kill("redis")
        assert serves(instance, tone)
        after = instance.pids()
        assert set(after) == NAMES
        assert not set(before.values()) & set(after.values())


def test_other_users_of_the_machine_see_neither_its_files_nor_its_keys(folder: Path, tone: Path) -> None:
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media").chmod(0o755)  # as an earlier release left it
    with Instance(folder) as instance:
        assert serves(instance, tone)
        words = [word for process in instance.processes() for word in process.cmdline()]
        secrets = [path.read_text() for path in folder.glob("*_key")]
        assert len(secrets) == 2
        assert not [secret for secret in secrets if any(secret in word for word in words)]
        open_to_others = [path for path in folder.rglob("*") if not path.is_symlink() and path.lstat().st_mode & 0o077]
    assert open_to_others == []


def test_a_killed_supervisor_leaves_nothing_that_hinders_the_next(folder: Path, tone: Path) -> None:
    with Instance(folder) as instance:
        family = instance.processes()
        instance.supervisor.kill()
        assert gone(family)
    assert (folder / "redis" / "redis.sock").exists()
    with Instance(folder) as instance:
        assert serves(instance, tone)


def test_what_is_configured_elsewhere_is_not_started_here(tmp_path: Path, tone: Path) -> None:
    redis = start_redis(tmp_path / "elsewhere.sock")
    try:
        with SpeechProcess(tmp_path / "speech", script={}) as provider:
            brought = {"REDIS_URL": f"unix://{tmp_path / 'elsewhere.sock'}", "STT_API_ENDPOINT": provider.url}
            with Instance(tmp_path / "var", **brought, STT_API_KEY=provider.key, STT_LIMITS="none") as instance:
                assert set(instance.pids()) == NAMES - {"redis", "speech"}
                assert serves(instance, tone)
                assert len(provider.billed()) == 1
    finally:
        redis.terminate()
        redis.wait()


def test_without_a_model_the_pages_work_and_nothing_counts_as_the_provider(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "models").touch()  # where base would be joined
    with Instance(tmp_path / "var", WHISPER_MODEL="") as instance:
        assert set(instance.pids()) == NAMES - {"speech"}
        assert "Library" in instance.sign_in().get("/").text
        assert len([line for line in instance.said if line.startswith("Nothing is transcribed for now: ")]) == 1
