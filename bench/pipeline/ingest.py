"""How fast bytes come in: against @tus/server in the same run, what memory grows by, what others notice.

    python -m bench.pipeline.ingest [--mib N] [--rounds N] [--gib N] [--many N]

1 GiB in parts of 8 MiB, sent to both in turn and over one connection each; 8 GiB in one request; 20 uploads at once,
during which somebody loads the library again and again. The peer is installed from npm beside the figures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from bench.pipeline.tus_client import TusClient
from bench.report import RESULTS, percentile, report
from scripts.frontend import find_npm
from tests.project.network import free_port
from tests.support.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.web_client import Person

MIB = 1024 * 1024
PART = 8 * MIB
PEER = RESULTS / "tus-server"
PEER_PACKAGES = ("@tus/server@2.4.5", "@tus/file-store@2.1.1")
PEER_PROGRAM = Path(__file__).with_name("tus_peer.mjs")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gib", type=float, default=8)
    parser.add_argument("--many", type=int, default=20)
    options = parser.parse_args(sys.argv[1:] if Path(sys.argv[0]).stem == "ingest" else [])
    _install_peer()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "file"
        with file.open("wb") as target, Path("/dev/urandom").open("rb") as source:
            for _ in range(16):
                target.write(source.read(16 * MIB))
        with Instance(Path(name) / "instance") as instance:
            _compare(instance, file, options.mib * MIB, options.rounds)
            _measure_one(instance, file, round(options.gib * 1024) * MIB)
            _measure_many(instance, file, options.many, options.mib * MIB // 4)


def _install_peer() -> None:
    PEER.mkdir(parents=True, exist_ok=True)
    npm, path = find_npm()
    command = [
        *npm,
        "install",
        "--prefix",
        str(PEER),
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    subprocess.run([*command, *PEER_PACKAGES], env=os.environ | {"PATH": path}, check=True, stdout=sys.stderr)


@contextmanager
def _peer(folder: Path) -> Iterator[str]:
    """Run the peer, fresh, because it slows with age; its files go to a folder on the same disk."""
    port, node_path = free_port(), find_npm()[1]
    with tempfile.TemporaryDirectory(dir=folder) as files:
        command = ["node", str(PEER_PROGRAM), str(port), files]
        process = subprocess.Popen(command, cwd=PEER, env={"PATH": node_path})
        try:
            _wait_for(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}/uploads"
        finally:
            process.kill()
            process.wait()


def _wait_for(url: str) -> None:
    while True:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            continue
        return


def _compare(instance: Instance, file: Path, size: int, rounds: int) -> None:
    person = instance.sign_in()
    ratios, rates = [], []
    for _ in range(rounds):
        ours = _ours(person, file, size, PART)
        with _peer(instance.folder) as endpoint:
            theirs = _upload(lambda: TusClient(endpoint), file, size, PART)
        ratios.append(theirs / ours)
        rates.append(size / ours / 1e6)
    report(
        "ingest",
        mib=size // MIB,
        part_mib=PART // MIB,
        ratio_to_tus_server=round(statistics.median(ratios), 2),
        ratios=[round(ratio, 2) for ratio in ratios],
        megabytes_a_second=[round(rate) for rate in rates],
    )


def _ours(person: Person, file: Path, size: int, part: int) -> float:
    """Upload to the instance and give it up; return the seconds that the bytes took."""
    client = TusClient(f"{person.url}/uploads/", person.headers)
    return _upload(lambda: client, file, size, part, clean=lambda path: _give_up(person, path))


def _upload(
    client_of: Callable[[], TusClient],
    file: Path,
    size: int,
    part: int,
    clean: Callable[[str], None] = lambda path: None,
) -> float:
    client = client_of()
    # One byte more than is sent, so that no recording begins and is prepared meanwhile
    path = client.begin(size + 1)
    with file.open("rb") as source:
        began = time.monotonic()
        client.send(path, source, size, part)
        took = time.monotonic() - began
    client.close()
    clean(path)
    return took


def _give_up(person: Person, path: str) -> None:
    headers = {"Tus-Resumable": "1.0.0", "X-CSRFToken": person.token}
    person.session.delete(person.url + path, headers=headers, timeout=60).raise_for_status()


def _measure_one(instance: Instance, file: Path, size: int) -> None:
    web = instance.pid("web")
    before = _forget_peak(web)
    seconds = _ours(instance.sign_in(), file, size, size)
    grew = round((_peak(web) - before) / 1e6)
    report("ingest one request", gib=size / 1024 / MIB, seconds=round(seconds, 1), memory_grew_megabytes=grew)


def _measure_many(instance: Instance, file: Path, many: int, size: int) -> None:
    web, person = instance.pid("web"), instance.sign_in()
    alone = [_load(person) for _ in range(20)]
    before, times = _forget_peak(web), list[float]()
    # In processes of their own, so that the person doesn't wait for them on their side of the wire
    senders = [multiprocessing.Process(target=_ours, args=(person, file, size, PART)) for _ in range(many)]
    began = time.monotonic()
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        times.append(_load(person))
    took = time.monotonic() - began
    report(
        "ingest at once",
        uploads=many,
        mib_each=size // MIB,
        megabytes_a_second=round(many * size / took / 1e6),
        memory_grew_megabytes=round((_peak(web) - before) / 1e6),
        page_p50_ms=percentile(times, 50),
        page_p95_ms=percentile(times, 95),
        page_alone_p50_ms=percentile(alone, 50),
        pages=len(times),
    )


def _load(person: Person) -> float:
    began = time.monotonic()
    person.get("/")
    return (time.monotonic() - began) * 1000


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _forget_peak(pid: int) -> int:
    """Let the peak begin anew; return what the process has now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _peak(pid)


if __name__ == "__main__":
    main()
