"""All processes of the real Procfile: started, restarted when they die, and stopped with the supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from project.supervision.procfile import read_procfile
from tests.environment import ROOT, start_redis
from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = {entry.name for entry in read_procfile(ROOT / "Procfile")}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance that no test stops, in a folder whose media an earlier release left readable."""
    data_dir = tmp_path_factory.mktemp("running")
    (data_dir / "media").mkdir()
    (data_dir / "media").chmod(0o755)
    with Instance(data_dir) as instance:
        yield instance


def gone(processes: list[psutil.Process]) -> bool:
    """Return whether all of them end, within a time that no healthy run needs."""
    return not psutil.wait_procs(processes, timeout=30)[1]


def serves(instance: Instance, recording: Path) -> bool:
    """Return whether a page answers and a recording is transcribed."""
    page = instance.sign_in().get("/")
    return "Library" in page.text and instance.transcribe(recording).result()[0] == 0


def test_processes_that_die_are_restarted(running: Instance, new_tone: Path) -> None:
    before = running.pids()
    for name in sorted(NAMES - {"redis"}):
        running.kill(name)
    running.kill("redis")
    assert serves(running, new_tone)
    after = running.pids()
    assert set(after) == NAMES
    assert not set(before.values()) & set(after.values())


def test_other_users_of_the_machine_see_neither_its_files_nor_its_keys(running: Instance, new_tone: Path) -> None:
    assert serves(running, new_tone)
    words = [word for process in running.processes() for word in process.cmdline()]
    secrets = [path.read_text() for path in running.folder.glob("*_key")]
    assert len(secrets) == 2
    assert not [secret for secret in secrets if any(secret in word for word in words)]
    files = (path for path in running.folder.rglob("*") if not path.is_symlink())
    assert [path for path in files if path.lstat().st_mode & 0o077] == []


def test_after_a_kill_the_next_instance_serves_until_ctrl_c_stops_every_process(tmp_path: Path, new_tone: Path) -> None:
    with Instance(tmp_path) as instance:
        family = instance.processes()
        instance.supervisor.kill()
        assert gone(family)
    assert (tmp_path / "redis" / "redis.sock").exists()
    with Instance(tmp_path) as instance:
        assert set(instance.pids()) == NAMES
        assert serves(instance, new_tone)
        family = instance.processes()
        assert len(family) >= len(NAMES)
        assert instance.press_ctrl_c() == 0
        assert gone(family)


def test_external_services_are_not_started(tmp_path: Path, new_tone: Path) -> None:
    redis = start_redis(tmp_path / "elsewhere.sock")
    try:
        with SpeechProcess(tmp_path / "speech", script={}) as provider:
            external = {"REDIS_URL": f"unix://{tmp_path / 'elsewhere.sock'}", "STT_API_ENDPOINT": provider.url}
            with Instance(tmp_path / "var", **external, STT_API_KEY=provider.key, STT_LIMITS="none") as instance:
                assert set(instance.pids()) == NAMES - {"redis", "speech"}
                assert serves(instance, new_tone)
                assert len(provider.billed()) == 1
    finally:
        redis.terminate()
        redis.wait()


def test_without_a_model_the_pages_work_and_no_provider_is_configured(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "models").touch()  # where base would be joined
    with Instance(tmp_path / "var", WHISPER_MODEL="") as instance:
        assert set(instance.pids()) == NAMES - {"speech"}
        assert "Library" in instance.sign_in().get("/").text
        assert len([line for line in instance.said if line.startswith("Nothing is transcribed for now: ")]) == 1
