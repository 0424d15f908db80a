"""Stored media by range, as RFC 9110 wants it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from accounts.models import User
from transcripts.models import MediaFile, Recording
from transcripts.services import storage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from django.test import AsyncClient

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 700_001
CONTENT = random.Random(7).randbytes(SIZE)


@pytest.fixture
def recording(transactional_db: None) -> Recording:
    person = User.objects.create_user("alice@example.org", "a password of hers")
    made = Recording.objects.create(
        team=person.personal_team, owner=person, title="Interview", filename='Mayor "live" – 1.mp3'
    )
    path = storage.path_of(f"originals/{made.pk}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    MediaFile.objects.create(
        recording=made, kind="original", storage_name=f"originals/{made.pk}", bytes=SIZE, content_type="audio/mpeg"
    )
    return made


@pytest.fixture(autouse=True)
async def _connections(recording: Recording) -> AsyncIterator[None]:
    """Close what the test's threads opened: PostgreSQL keeps a database that somebody is connected to."""
    yield
    await sync_to_async(connections.close_all)()


async def get(client: AsyncClient, recording: Recording, asked: str = "", **headers: str) -> Any:
    await client.aforce_login(await User.objects.aget())
    if asked:
        headers["Range"] = asked
    return await client.get(url(recording.pk), headers=headers)


def url(recording_id: UUID, what: str = "media") -> str:
    return f"/recordings/{recording_id}/{what}/"


async def body(response: Any) -> bytes:
    return b"".join([part async for part in response])


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=100-199", 100, 199),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
        (f"bytes=5-{SIZE * 2}", 5, SIZE - 1),
        (f"bytes=262143-{262144 * 2}", 262143, 262144 * 2),
    ],
)
async def test_a_part(async_client: AsyncClient, recording: Recording, asked: str, first: int, last: int) -> None:
    response = await get(async_client, recording, asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert await body(response) == CONTENT[first : last + 1]


async def test_two_hundred_parts_at_random(async_client: AsyncClient, recording: Recording) -> None:
    choice = random.Random(11)
    for _ in range(200):
        first = choice.randrange(SIZE)
        last = choice.randrange(first, SIZE)
        response = await get(async_client, recording, f"bytes={first}-{last}")
        assert await body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("asked", ["", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"])
async def test_what_is_not_one_range_is_answered_whole(
    async_client: AsyncClient, recording: Recording, asked: str
) -> None:
    response = await get(async_client, recording, asked)
    assert response.status_code == 200
    assert response["Accept-Ranges"] == "bytes"
    assert await body(response) == CONTENT


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0"])
async def test_what_lies_outside_cannot_be_had(async_client: AsyncClient, recording: Recording, asked: str) -> None:
    response = await get(async_client, recording, asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")


async def test_a_part_of_what_changed_meanwhile_is_answered_whole(
    async_client: AsyncClient, recording: Recording
) -> None:
    whole = await get(async_client, recording)
    for condition, status in (
        (whole["ETag"], 206),
        (whole["Last-Modified"], 206),
        ('"another"', 200),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
    ):
        response = await get(async_client, recording, "bytes=0-9", **{"If-Range": condition})
        assert response.status_code == status, condition


async def test_head_tells_the_length(async_client: AsyncClient, recording: Recording) -> None:
    await async_client.aforce_login(await User.objects.aget())
    response = await async_client.head(url(recording.pk))
    assert (response["Content-Length"], response["Accept-Ranges"]) == (str(SIZE), "bytes")


async def test_the_original_is_only_ever_a_download(async_client: AsyncClient, recording: Recording) -> None:
    await async_client.aforce_login(await User.objects.aget())
    response = await async_client.get(url(recording.pk, "original"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Mayor%20%22live%22")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert await body(response) == CONTENT


async def test_what_browsers_cannot_play_is_not_offered_to_the_player(
    async_client: AsyncClient, recording: Recording
) -> None:
    await MediaFile.objects.aupdate(content_type="application/octet-stream")
    response = await get(async_client, recording)
    assert response.status_code == 404


async def test_the_copy_made_for_browsers_goes_before_the_original(
    async_client: AsyncClient, recording: Recording
) -> None:
    storage.path_of(f"originals/{recording.pk}-copy").write_bytes(b"copy")
    await MediaFile.objects.acreate(
        recording=recording,
        kind="playback",
        storage_name=f"originals/{recording.pk}-copy",
        bytes=4,
        content_type="audio/mp4",
    )
    response = await get(async_client, recording)
    assert await body(response) == b"copy"
    assert response["Content-Type"] == "audio/mp4"


async def versions(client: AsyncClient, recording: Recording) -> tuple[str, str]:
    """The tag and the date of the file as they are sent."""
    response = await get(client, recording)
    return response["ETag"], response["Last-Modified"]


LONG_AGO, FAR_AHEAD = "Thu, 01 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        # What nginx 1.22 answered to the same requests
        ({"If-None-Match": "TAG"}, 304),
        ({"If-None-Match": "W/TAG"}, 304),
        ({"If-None-Match": '"other", TAG'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": "DATE"}, 304),
        ({"If-Modified-Since": LONG_AGO}, 200),
        ({"If-Modified-Since": FAR_AHEAD}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": "TAG", "If-Modified-Since": "DATE"}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": "DATE"}, 200),
        ({"If-None-Match": "TAG", "If-Modified-Since": LONG_AGO}, 200),
        ({"If-Match": "TAG"}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": "W/TAG"}, 412),
        ({"If-Match": '"other"'}, 412),
        ({"If-Unmodified-Since": "DATE"}, 200),
        ({"If-Unmodified-Since": FAR_AHEAD}, 200),
        ({"If-Unmodified-Since": LONG_AGO}, 412),
        ({"If-Unmodified-Since": "yesterday"}, 412),
        ({"If-None-Match": ""}, 200),
        ({"If-Match": ""}, 412),
        ({"If-None-Match": "TAG", "Range": "bytes=0-9"}, 304),
        ({"If-Match": '"other"', "Range": "bytes=0-9"}, 412),
        ({"If-Match": "TAG", "Range": "bytes=0-9"}, 206),
    ],
)
async def test_conditions_are_answered_as_nginx_does(
    async_client: AsyncClient, recording: Recording, conditions: dict[str, str], status: int
) -> None:
    tag, date = await versions(async_client, recording)
    headers = {name: text.replace("TAG", tag).replace("DATE", date) for name, text in conditions.items()}
    response = await async_client.get(url(recording.pk), headers=headers)
    assert response.status_code == status
    if status == 304:
        assert (response["ETag"], response["Last-Modified"]) == (tag, date)
        assert response.content == b""


async def test_browsers_ask_each_time_whether_they_still_may(async_client: AsyncClient, recording: Recording) -> None:
    assert (await get(async_client, recording))["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("what", ["media", "original"])
async def test_a_file_that_the_storage_lost_is_not_found_and_the_operator_is_told_once(
    async_client: AsyncClient, recording: Recording, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = storage.path_of(f"originals/{recording.pk}")
    content = path.read_bytes()
    path.unlink()
    await async_client.aforce_login(await User.objects.aget())
    for _ in range(2):
        assert (await async_client.get(url(recording.pk, what))).status_code == 404
    assert (await MediaFile.objects.aget()).missing_since is not None
    assert caplog.text.count("The storage lost the original") == 1
    path.write_bytes(content)
    assert await body(await async_client.get(url(recording.pk, what))) == CONTENT
    assert (await MediaFile.objects.aget()).missing_since is None
    verbs = [activity.verb async for activity in recording.activities.order_by("pk")]
    assert verbs == ["recording:file_missing", "recording:file_found"]
