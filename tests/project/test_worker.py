"""The RQ worker over a real Redis: it reports readiness, and its work-horse ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer, PickleSerializer

from project.embedded_redis import command, find_server
from project.instance import read_instance
from project.worker import AppWorker
from tests.environment import ROOT
from tests.project.supervision.supervised import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

WORK = """
import django, sys
django.setup()
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from project.worker import AppWorker
AppWorker([Queue("tried", connection=Redis(unix_socket_path=sys.argv[1]), serializer=JSONSerializer)]).work()
"""


def wait_at(gate: str, seen: str) -> None:
    """Run as a job: write the process id, and continue once the gate opens."""
    Path(seen).write_text(str(os.getpid()))
    Path(gate).read_text()


def write_pid(seen: str) -> None:
    """Run as a job: write the process id."""
    Path(seen).write_text(str(os.getpid()))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """An embedded Redis, as `make run` starts it."""
    instance = read_instance({"DATA_DIR": str(tmp_path)}, tmp_path)
    instance.redis_socket.parent.mkdir()
    server = subprocess.Popen(command(find_server(), instance), stdout=subprocess.DEVNULL)
    client = Redis(unix_socket_path=str(instance.redis_socket))
    try:
        wait_until_it_answers(client)
        yield client
    finally:
        client.close()
        server.kill()
        server.wait()


def wait_until_it_answers(client: Redis) -> None:
    for _ in range(10_000):
        try:
            client.ping()
        except RedisError:
            continue
        return
    raise AssertionError("Redis doesn't answer")


@contextmanager
def worker(redis: Redis) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker process; yield it once it has reported readiness."""
    reader, writer = os.pipe()
    socket = Path(redis.connection_pool.connection_kwargs["path"])
    settings = {"DJANGO_SETTINGS_MODULE": "project.settings", "DATA_DIR": str(socket.parent)}
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(socket)],
        cwd=ROOT,
        env=environment(READY_FD=str(writer), **settings),
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        assert os.read(reader, 1) == b"\n"
        yield process
    finally:
        os.close(reader)
        process.kill()
        process.wait()


def test_a_worker_reports_readiness_once_it_is_registered(redis: Redis) -> None:
    with worker(redis) as process:
        (found,) = AppWorker.all(connection=redis)
        assert found.pid == process.pid
        assert 0 < redis.ttl(found.key) <= 85


def test_a_job_ends_with_its_killed_worker(redis: Redis, tmp_path: Path) -> None:
    gate, seen = tmp_path / "gate", tmp_path / "seen"
    os.mkfifo(gate)
    os.mkfifo(seen)
    with worker(redis) as process:
        Queue("tried", connection=redis, serializer=JSONSerializer).enqueue(wait_at, str(gate), str(seen))
        horse = psutil.Process(int(seen.read_text()))
        assert horse.ppid() == process.pid
        process.send_signal(signal.SIGKILL)
        alive = psutil.wait_procs([horse], timeout=30)[1]
        assert all(left.status() == psutil.STATUS_ZOMBIE for left in alive)


def test_a_pickle_in_redis_is_never_loaded(redis: Redis, tmp_path: Path) -> None:
    proof, seen = tmp_path / "proof", tmp_path / "seen"
    os.mkfifo(seen)
    with worker(redis):
        Queue("tried", connection=redis, serializer=PickleSerializer).enqueue(Path.touch, proof)
        Queue("tried", connection=redis, serializer=JSONSerializer).enqueue(write_pid, str(seen))
        assert int(seen.read_text()) > 0
    assert not proof.exists()


def test_a_job_counts_as_abandoned_after_fifteen_seconds_whatever_it_may_take(redis: Redis, tmp_path: Path) -> None:
    queue = Queue("tried", connection=redis)
    job = queue.enqueue(wait_at, "gate", "seen", job_timeout=6 * 3600)
    assert AppWorker([queue], connection=redis).get_heartbeat_ttl(job) == 15


def test_a_job_continues_while_redis_is_unavailable(redis: Redis) -> None:
    queue = Queue("tried", connection=redis)
    job = queue.enqueue(wait_at, "gate", "seen")
    app_worker = AppWorker([queue], connection=redis)
    app_worker.prepare_execution(job)
    redis.set_retry(Retry(NoBackoff(), 0))
    redis.shutdown(nosave=True)
    with pytest.raises(RedisError):
        redis.ping()
    app_worker.set_current_job_working_time(1.0)
    app_worker.maintain_heartbeats(job)
