"""Every code that a socket closes with reaches the page over the real server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.browser.site import Site
from transcripts.sockets import codes

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHIN_S = 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("closes"))
    made.start()
    yield made
    made.stop()


class Pages:
    """Pages of Alice's browser."""

    def __init__(self, site: Site) -> None:
        site.do("clear")
        site.do("cast")
        self.site, self.session = site, site.do("begin_live", title="Meeting")
        self.client = aiohttp.ClientSession(
            cookies={"sessionid": site.do("session", who="alice")}, headers={"Origin": site.url}
        )

    async def open(self, query: str, path: str = "") -> aiohttp.ClientWebSocketResponse:
        """Open a socket, of the live session unless another path is given."""
        path = path or f"/ws/live/{self.session}/"
        return await self.client.ws_connect(f"{self.site.url.replace('http', 'ws')}{path}{query}")

    async def recording(self) -> aiohttp.ClientWebSocketResponse:
        """The page that records."""
        page = await self.open("?page=a1&take=1")
        assert (await page.receive_json())["holds"]
        return page


@pytest.fixture
async def pages(site: Site) -> Any:
    made = Pages(site)
    yield made
    await made.client.close()


async def code_of(page: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code the server closes with, whatever it says before."""
    async with asyncio.timeout(WITHIN_S):
        while not page.closed:
            await page.receive()
    return page.close_code


@pytest.mark.parametrize(
    ("query", "code"),
    [("?page=b2&take=1", codes.ELSEWHERE), ("?page=a1", codes.AGAIN), ("?page=a1&take=1", codes.AGAIN)],
)
async def test_the_page_that_lost_a_session_is_told_how(pages: Pages, query: str, code: int) -> None:
    old = await pages.recording()
    await pages.open(query)
    assert await code_of(old) == code


@pytest.mark.parametrize(
    ("what", "arguments", "code"),
    [
        ("sign_out", {"who": "alice"}, codes.SIGNED_OUT),
        ("demote", {"who": "alice"}, codes.VIEW_ONLY),
        ("clear", {}, codes.SIGNED_OUT),
    ],
)
async def test_the_page_that_may_not_record_is_told_why(
    pages: Pages, what: str, arguments: dict[str, str], code: int
) -> None:
    page = await pages.recording()
    pages.site.do(what, **arguments)
    assert await code_of(page) == code


async def test_a_page_of_events_is_told_that_it_was_signed_out(pages: Pages) -> None:
    page = await pages.open("", path="/ws/events/")
    await page.receive_json()
    pages.site.do("sign_out", who="alice")
    assert await code_of(page) == codes.SIGNED_OUT
    assert await code_of(await pages.open("", path="/ws/events/")) == codes.SIGNED_OUT


async def test_an_ended_session_a_full_account_and_a_bad_frame_have_codes(pages: Pages) -> None:
    page = await pages.recording()
    await page.send_bytes(b"\0\0\0\0short")
    assert await code_of(page) == codes.BAD_FRAME
    pages.site.do("end_live", live=pages.session)
    assert await code_of(await pages.open("?page=a1")) == codes.GONE
    pages.session = pages.site.do("begin_live", title="Late")
    pages.site.do("fill_places")
    assert await code_of(await pages.open("?page=a1&take=1")) == codes.FULL


async def test_captions_without_a_link_are_gone(pages: Pages) -> None:
    assert await code_of(await pages.open("", path="/ws/captions/nothing/")) == codes.GONE


def test_all_codes_are_those_of_applications() -> None:
    """A server can send no other; autobahn raises instead, and the page sees 1011."""
    values = [value for name, value in vars(codes).items() if name.isupper()]
    assert values
    assert all(4000 <= value <= 4999 for value in values)
    assert len(set(values)) == len(values)
