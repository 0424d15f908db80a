"""The supervisor restarts its processes, and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import psutil

from tests.project.supervision.supervised import READY, environment, supervised

if TYPE_CHECKING:
    from pathlib import Path

WEB = "web: python web.py\n"
STUBBORN = "stubborn: python stubborn.py\n"
REDIS = "redis: python -m project.embedded_redis\n"


def gone(processes: list[psutil.Process]) -> bool:
    """Return whether all of them end within a time that no healthy run needs."""
    alive = psutil.wait_procs(processes, timeout=30)[1]
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def test_ready_is_the_last_line_and_means_serving(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB + STUBBORN) as running:
        lines = running.read_until(READY)
        assert lines[-1] == f"{READY}http://localhost:{running.port}"
        assert urllib.request.urlopen(f"http://127.0.0.1:{running.port}/healthz").status == 200


def test_redis_answers_and_the_database_is_prepared_before_the_others_start(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB + REDIS) as running:
        text = "\n".join(running.read_until(READY))
        assert text.index("ran migrate") < text.index("ran setup_instance") < text.index("web is up")
        assert (tmp_path / "var/redis/redis.sock").is_socket()
        assert (tmp_path / "var/redis").stat().st_mode & 0o777 == 0o700


def test_the_database_is_prepared_only_when_something_changed(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB) as first:
        assert any("ran migrate" in line for line in first.read_until(READY))
    with supervised(tmp_path, WEB) as second:
        assert not any("ran migrate" in line for line in second.read_until(READY))
    (tmp_path / "app/migrations").mkdir(parents=True)
    (tmp_path / "app/migrations/0001_first.py").touch()
    with supervised(tmp_path, WEB) as third:
        assert any("ran migrate" in line for line in third.read_until(READY))


def test_an_external_database_is_prepared_every_time(tmp_path: Path) -> None:
    for _ in range(2):
        with supervised(tmp_path, WEB, DATABASE_URL="postgres:///elsewhere") as running:
            assert any("ran migrate" in line for line in running.read_until(READY))


def test_a_failing_migration_ends_it_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("import sys; sys.exit('no such table' if 'migrate' in sys.argv else 0)")
    with supervised(tmp_path, WEB) as running:
        lines = running.rest()
        assert running.process.wait() == 2
        assert any("no such table" in line for line in lines)
        assert lines[-1] == "Verbatim couldn't be prepared (migrate failed): the lines above say why."


def test_a_process_that_dies_is_restarted(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB + STUBBORN) as running:
        running.read_until(READY)
        before = running.pid("web")
        os.kill(before, signal.SIGKILL)
        running.read_until("ended (signal SIGKILL); restarting in 0.2 s")
        running.read_until("web is up")
        assert running.pid("web") != before


def test_what_a_dead_process_had_started_dies_with_it(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB + STUBBORN) as running:
        running.read_until(READY)
        leader = psutil.Process(running.pid("stubborn"))
        grandchildren = leader.children()
        assert len(grandchildren) == 1
        leader.kill()
        assert gone(grandchildren)


def test_the_backoff_doubles_while_a_process_continues_to_die(tmp_path: Path) -> None:
    with supervised(tmp_path, "short: python -c pass\n") as running:
        for backoff in ("0.2", "0.4", "0.8"):
            assert running.read_until(f"ended (exit status 0); restarting in {backoff} s")


def test_a_command_that_cannot_be_started_is_logged_and_retried(tmp_path: Path) -> None:
    with supervised(tmp_path, "absent: no-such-program\n") as running:
        assert running.read_until("couldn't be started: No such file or directory")
        assert running.read_until("couldn't be started: No such file or directory")


def test_redis_keeps_its_data_when_killed_and_when_its_file_is_torn(tmp_path: Path) -> None:
    with supervised(tmp_path, REDIS + WEB) as running:
        running.read_until(READY)
        assert ask_redis(tmp_path, "SET kept yes") == "OK"
    with (tmp_path / "var/redis/appendonly.aof").open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nto")
    with supervised(tmp_path, REDIS + WEB) as running:
        running.read_until(READY)
        assert ask_redis(tmp_path, "GET kept") == "yes"


def ask_redis(folder: Path, command: str) -> str:
    import redis

    with redis.Redis(unix_socket_path=str(folder / "var/redis/redis.sock"), decode_responses=True) as client:
        answer = client.execute_command(*command.split())
        return "OK" if answer is True else str(answer)


def test_ctrl_c_and_sigterm_stop_everything(tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with supervised(tmp_path, REDIS + WEB) as running:
            running.read_until(READY)
            family = running.family()
            running.process.send_signal(number)
            assert running.process.wait() == 0
            assert gone(family)
            assert not (tmp_path / "var/run/processes.json").exists()


def test_a_process_that_ignores_sigterm_is_killed_at_the_second_signal(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB + STUBBORN) as running:
        running.read_until("stubborn is up")
        running.read_until(READY)
        family = running.family()
        running.process.terminate()
        running.read_until("press Ctrl-C again to force.")
        running.process.terminate()
        assert running.process.wait() == 0
        assert gone(family)


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with supervised(tmp_path, REDIS + WEB) as running:
        running.read_until(READY)
        family = running.family()
        assert len(family) == 2
        running.process.kill()
        assert gone(family)


def test_a_second_supervisor_on_the_same_folder_is_refused_and_the_first_continues(tmp_path: Path) -> None:
    with supervised(tmp_path, WEB) as first:
        first.read_until(READY)
        again = subprocess.run(
            [sys.executable, "-m", "project.supervision", str(tmp_path / "Procfile")],
            env=environment(PORT=str(first.port)),
            capture_output=True,
            text=True,
        )
        assert again.returncode == 2
        assert again.stderr.startswith(
            f"Verbatim is already running on {tmp_path / 'var'} (process {first.process.pid}, "
        )
        assert urllib.request.urlopen(f"http://127.0.0.1:{first.port}/healthz").status == 200


def test_external_services_are_not_started(tmp_path: Path) -> None:
    speech = "speech: python -c never\n"
    external = {"REDIS_URL": "redis://elsewhere", "STT_API_ENDPOINT": "http://elsewhere"}
    with supervised(tmp_path, REDIS + speech + WEB, **external) as running:
        running.read_until(READY)
        assert set(running.state["processes"]) == {"web"}


def block_models_folder(data_dir: Path) -> None:
    """Put a file where models are joined, so that there is none."""
    data_dir.mkdir()
    (data_dir / "models").touch()


def test_without_a_model_everything_runs_but_the_speech_server(tmp_path: Path) -> None:
    block_models_folder(tmp_path / "var")
    speech = "speech: python -c never --port $SPEECH_PORT\n"
    with supervised(tmp_path, REDIS + speech + WEB) as running:
        first, *_ = running.read_until(READY)
        assert set(running.state["processes"]) == {"redis", "web"}
    assert first == (
        f"Nothing is transcribed for now: Whisper base can't be stored in {tmp_path / 'var/models/whisper-base'} "
        "(File exists): make the folder writable."
    )


def test_no_process_gets_the_address_of_a_speech_server_that_does_not_run(tmp_path: Path) -> None:
    block_models_folder(tmp_path / "var")
    names = "STT_API_ENDPOINT", "STT_API_KEY", "SPEECH_PORT"
    program = f"import os, time; print([os.environ.get(name) for name in {names}]); time.sleep(99)"
    (tmp_path / "say.py").write_text(program)
    with supervised(tmp_path, REDIS + "speech: python -c never\nsay: python -u say.py\n") as running:
        *_, line = running.read_until("| [None, None, None]")
    assert line.endswith("[None, None, None]")


def test_the_model_is_joined_before_the_speech_server_starts(tmp_path: Path) -> None:
    listing = "import os; print(sorted(os.listdir(os.environ['DATA_DIR'] + '/models/whisper-base')))"
    (tmp_path / "speech.py").write_text(listing)
    with supervised(tmp_path, "speech: python -u speech.py\n") as running:
        *_, line = running.read_until("['config.json', 'model.bin', 'tokenizer.json', 'vocabulary.txt']")
    assert "model.bin" in line


def test_a_speech_server_that_loads_slowly_does_not_delay_the_pages(tmp_path: Path) -> None:
    with supervised(tmp_path, REDIS + WEB + "speech: python stubborn.py\n", WHISPER_MODEL="tiny.en") as running:
        *_, line, _ = running.read_until(READY)
        assert line == "The local speech server is still loading its model; recordings wait for it."
        assert set(running.state["processes"]) == {"redis", "web", "speech"}


def test_no_model_is_joined_with_an_external_provider(tmp_path: Path) -> None:
    speech = "speech: python -c never\n"
    with supervised(tmp_path, REDIS + speech + WEB, STT_API_ENDPOINT="http://elsewhere") as running:
        running.read_until(READY)
    assert not (tmp_path / "var" / "models").exists()
