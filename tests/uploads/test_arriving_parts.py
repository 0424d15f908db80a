"""Parts count while they arrive, over HTTP against a whole instance."""

from __future__ import annotations

import base64
import hashlib
import random
import signal
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess
from tests.uploads.raw import Answer, Connection, arrived, begin, eventually_arrived
from tests.uploads.tus import TUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.web_client import Person

MIB = 1024 * 1024
SIZE = 12 * MIB
# What may be lost of a part that is cut
LOST = 256 * 1024


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with SpeechProcess(tmp_path_factory.mktemp("speech"), script={}) as provider:
        brought = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key}
        with Instance(tmp_path_factory.mktemp("instance"), **brought) as running:
            yield running


@pytest.fixture(scope="module")
def person(instance: Instance) -> Person:
    return instance.sign_in()


@pytest.fixture(scope="module")
def data() -> bytes:
    return random.Random(13).randbytes(SIZE)


@pytest.fixture
def connection(instance: Instance, person: Person) -> Iterator[Connection]:
    with Connection(instance.port, person) as connection:
        yield connection


def sha256(data: bytes) -> str:
    return f"Upload-Checksum: sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}"


def send_rest(instance: Instance, person: Person, path: str, data: bytes) -> Answer:
    """Send the whole rest in one request, as soon as no one else is sending."""
    while True:
        offset = arrived(person, path)
        with Connection(instance.port, person) as connection:
            connection.patch(path, offset, len(data) - offset, "Expect: 100-continue")
            answer = connection.answer()
            if answer.status == 100:
                connection.send(data[offset:])
                return connection.answer()
            assert answer.status == 423


def finish(instance: Instance, person: Person, path: str, data: bytes) -> None:
    """Send the whole rest in one request; what is stored then is the file."""
    answer = send_rest(instance, person, path, data)
    assert (answer.status, answer.offset) == (204, len(data))
    original = person.get(f"/recordings/{answer.headers['Upload-Recording']}/original/").content
    assert hashlib.sha256(original).digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_what_arrived_before_a_cut_counts(
    instance: Instance, person: Person, connection: Connection, data: bytes, share: float
) -> None:
    path, sent = begin(person, SIZE, filename="cut.wav"), int(SIZE * share)
    connection.patch(path, 0, SIZE)
    connection.send(data[:sent])
    connection.cut()
    assert sent - LOST <= eventually_arrived(person, path, sent - LOST) <= sent
    finish(instance, person, path, data)


def test_what_arrived_counts_while_the_connection_is_silent(
    person: Person, connection: Connection, data: bytes
) -> None:
    path = begin(person, SIZE)
    connection.patch(path, 0, SIZE)
    connection.send(data[:MIB])
    assert eventually_arrived(person, path, MIB) == MIB
    connection.send(data[MIB:])
    assert connection.answer().offset == SIZE


def test_a_part_with_a_checksum_that_is_cut_is_thrown_away_whole(
    instance: Instance, person: Person, connection: Connection, data: bytes
) -> None:
    path = begin(person, SIZE)
    connection.patch(path, 0, SIZE, sha256(data))
    connection.send(data[: SIZE // 2])
    connection.socket.shutdown(1)
    assert connection.is_closed()
    assert arrived(person, path) == 0
    with Connection(instance.port, person) as again:
        again.patch(path, 0, SIZE, sha256(data))
        again.send(data)
        assert again.answer().offset == SIZE


def test_a_part_that_arrived_changed_is_refused_and_the_connection_continues(
    person: Person, connection: Connection, data: bytes
) -> None:
    path = begin(person, SIZE)
    connection.patch(path, 0, MIB, sha256(b"something else"))
    connection.send(data[:MIB])
    assert connection.answer().status == 460
    connection.patch(path, 0, MIB, sha256(data[:MIB]))
    connection.send(data[:MIB])
    assert connection.answer().offset == MIB


def test_an_early_refusal_leaves_the_connection_usable(person: Person, connection: Connection, data: bytes) -> None:
    path, missing = begin(person, 2 * MIB), "/uploads/00000000-0000-0000-0000-000000000000/"
    early = [
        (path, {"X-CSRFToken": "forged"}, 403),
        (path, {"Cookie": ""}, 403),
        (path, {"Tus-Resumable": "0.2"}, 412),
        (missing, {}, 404),
        ("/uploads/no-such-place", {}, 404),
    ]
    for where, changed, status in early:
        connection.patch(where, 0, MIB, **changed)
        connection.send(data[:MIB])
        assert connection.answer().status == status
    connection.patch(path, 5, MIB)
    connection.send(data[:MIB])
    assert connection.answer().status == 409
    connection.patch(path, 0, 3 * MIB)
    connection.send(data[: 3 * MIB])
    assert connection.answer().status == 400
    connection.patch(path, 0, 2 * MIB)
    connection.send(data[: 2 * MIB])
    assert connection.answer().offset == 2 * MIB


def test_an_early_refusal_of_a_long_part_ends_the_connection(person: Person, connection: Connection) -> None:
    connection.patch(begin(person, 900 * MIB), 5, 800 * MIB)
    answer = connection.answer()
    assert (answer.status, answer.headers["Connection"]) == (409, "close")
    assert connection.is_closed()


def test_a_post_that_means_a_part_is_received_first_and_has_a_limit(person: Person, connection: Connection) -> None:
    part = ("Content-Type: application/offset+octet-stream", "Upload-Offset: 0", "X-HTTP-Method-Override: PATCH")
    path = begin(person, SIZE)
    connection.request("POST", path, *part, f"Content-Length: {8 * MIB + 1}")
    connection.send(bytes(8 * MIB + 1))
    assert connection.answer().status == 413
    connection.request("POST", path, *part, f"Content-Length: {9 * MIB}")
    assert connection.answer().status == 413
    assert arrived(person, path) == 0


def test_parts_that_are_sent_one_behind_the_other_are_answered_in_turn(
    person: Person, connection: Connection, data: bytes
) -> None:
    path = begin(person, 3000)
    for offset in (0, 1000, 2000):
        connection.patch(path, offset, 1000)
        connection.send(data[offset : offset + 1000])
    assert [connection.answer().offset for _ in range(3)] == [1000, 2000, 3000]


def test_who_expects_100_continue_gets_it_only_if_the_part_is_taken(
    instance: Instance, person: Person, connection: Connection, data: bytes
) -> None:
    path = begin(person, MIB)
    connection.patch(path, 5, MIB, "Expect: 100-continue")
    refused = connection.answer()
    assert (refused.status, refused.headers["Connection"]) == (409, "close")
    with Connection(instance.port, person) as other:
        other.patch(path, 0, MIB, "Expect: 100-continue")
        assert other.answer().status == 100
        other.send(data[:MIB])
        assert other.answer().offset == MIB


def test_two_lengths_or_none_are_refused(instance: Instance, person: Person, connection: Connection) -> None:
    path = begin(person, SIZE)
    connection.patch(path, 0, 5, "Transfer-Encoding: chunked")
    assert connection.answer().status == 400
    with Connection(instance.port, person) as other:
        kind = ("Content-Type: application/offset+octet-stream", "Upload-Offset: 0")
        other.request("PATCH", path, *kind, "Transfer-Encoding: chunked")
        other.send(b"5\r\n01234\r\n0\r\n\r\n")
        assert other.answer().status == 411
    assert arrived(person, path) == 0


def test_a_part_that_is_sent_is_not_interrupted_and_a_silent_one_is_taken_over(
    instance: Instance, person: Person, connection: Connection, data: bytes
) -> None:
    path = begin(person, SIZE)
    connection.patch(path, 0, SIZE)
    connection.send(data[:MIB])
    eventually_arrived(person, path, MIB)
    assert send_rest(instance, person, path, data).offset == SIZE
    assert connection.answer().offset == MIB


def test_an_upload_that_is_cancelled_meanwhile_ends(person: Person, connection: Connection, data: bytes) -> None:
    path = begin(person, SIZE)
    connection.patch(path, 0, SIZE)
    connection.send(data[:MIB])
    eventually_arrived(person, path, MIB)
    headers = {**TUS, "X-CSRFToken": person.token}
    assert person.session.delete(person.url + path, headers=headers, timeout=60).status_code == 204
    connection.send(data[MIB : 2 * MIB])
    assert connection.answer().status == 410


def test_who_signs_out_meanwhile_sends_no_more(instance: Instance, data: bytes) -> None:
    leaving, staying = instance.sign_in(), instance.sign_in()
    path = begin(leaving, SIZE)
    with Connection(instance.port, leaving) as connection:
        connection.patch(path, 0, SIZE)
        connection.send(data[:MIB])
        eventually_arrived(staying, path, MIB)
        form = {"csrfmiddlewaretoken": leaving.token}
        leaving.session.post(f"{instance.url}/accounts/logout/", data=form, timeout=60)
        connection.send(data[MIB : 2 * MIB])
        assert connection.answer().status == 401
    assert arrived(staying, path) == MIB


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_had_arrived_when_the_web_process_ends_is_not_sent_again(
    instance: Instance, person: Person, connection: Connection, data: bytes, how: signal.Signals
) -> None:
    path = begin(person, SIZE, filename="ended.wav")
    connection.patch(path, 0, SIZE)
    connection.send(data[: SIZE // 2])
    if how == signal.SIGKILL:  # what is on disk is counted after a second
        eventually_arrived(person, path, SIZE // 2)
    process = psutil.Process(instance.pid("web"))
    process.send_signal(how)
    process.wait(timeout=60)
    with pytest.raises(OSError):
        while True:
            connection.send(bytes(MIB))
    finish(instance, person, path, data)
