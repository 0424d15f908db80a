"""Every page in every state, light and dark, wide and phone-sized: nothing sticks out, axe finds nothing.

`--screenshots=FOLDER` keeps the pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import axe
from tests.browser.account.states import ACCOUNT, plain
from tests.browser.conftest import PATIENCE_MS, PHONE, WIDE, sign_in
from tests.browser.editing.states import REVIEWS, checking, comparing, editing, finding, own_keys, panel, refused
from tests.browser.guests.states import STATES as GUESTS
from tests.browser.teams.sharing_states import TEAMS_AND_SHARING
from tests.browser.uploads import test_imports as imports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from tests.browser.site import Site


# Made in the page: megabytes travel slowly from a test to its browser.
FILES = """(sizes) => {
  const transfer = new DataTransfer();
  for (const [name, size] of Object.entries(sizes)) transfer.items.add(new File([new Uint8Array(size)], name));
  return transfer;
}"""


def opened(path: str, summary: str) -> Callable[[Page, dict[str, str]], None]:
    """A page with one of its menus open."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(path.format(**ids))
        page.locator(summary).click()

    return go


def sign_in_refused(page: Page, ids: dict[str, str]) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("unknown@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def row_menu(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.locator(f"#menu-{ids['failed']}").click()


def upload_options(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.locator("[data-upload-open]").click()
    page.locator("#upload-language").wait_for()


def person_menu(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.locator(".person summary").click()


def deleted(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.locator(f"#menu-{ids['spare']}").click()
    page.locator(f"#recording-{ids['spare']}").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").wait_for()
    page.get_by_role("button", name="Undo").focus()


def dropping(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.dispatch_event("body", "dragenter", {"dataTransfer": page.evaluate_handle(FILES, {"a.mp3": 1})})


def offline(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.context.set_offline(True)
    page.get_by_text("You’re offline").wait_for()


def hold_second_parts(route: Route) -> None:
    """Let everything pass but what follows the first 8 MiB."""
    if route.request.headers.get("upload-offset", "0") == "0":
        route.continue_()


def tray(page: Page, ids: dict[str, str]) -> None:
    """One uploaded, one on its way, one paused."""
    page.goto("/")
    page.route("**/uploads/*/", hold_second_parts)
    sizes = {"hearing-am.wav": 300_000, "council-cam-2.mp4": 11_000_000, "phone-memo.m4a": 9_000_000}
    page.dispatch_event("body", "drop", {"dataTransfer": page.evaluate_handle(FILES, sizes)})
    page.locator(".transfer", has_text="hearing-am").filter(has_text="Uploaded").wait_for()
    for name in ("council-cam-2", "phone-memo"):
        page.locator(".transfer", has_text=name).filter(has_text="8.4 MB of").wait_for()
    page.locator(".transfer", has_text="phone-memo").get_by_role("button", name="Pause").click()
    page.locator(".transfer[data-state=paused]").wait_for()


def renaming(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/recordings/{ids['done']}/")
    page.get_by_role("button", name="Rename").click()


def listening(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/transcripts/{ids['reading']}/")
    page.locator("[data-text][data-painted]").wait_for()
    page.locator("audio").evaluate("audio => { audio.currentTime = 31.3 }")
    page.locator(".seg.now").wait_for()


def downloads(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/transcripts/{ids['reading']}/")
    page.get_by_role("link", name="Export").click()
    page.get_by_role("dialog").get_by_label("SRT").check()
    page.get_by_role("dialog").get_by_label("Subtitle profile").wait_for()


def counting(page: Page, ids: dict[str, str]) -> None:
    """The question how many speakers there are, which a phone leaves to a larger screen."""
    page.goto(f"/transcripts/{ids['reading']}/")
    if page.locator("#count-speakers").is_visible():
        page.locator("#count-speakers").click()


def correcting(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/live/{ids['live']}/")
    page.locator(".said", has_text="Thursday works.").click()
    page.keyboard.press("End")
    page.keyboard.type(" At ten.")
    page.locator("[data-save-state]", has_text="Saved").wait_for()


def links(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/live/{ids['live']}/")
    page.locator("summary", has_text="Captions link").click()


def contrast(page: Page, ids: dict[str, str]) -> None:
    page.goto(ids["link"])
    page.get_by_role("button", name="Contrast").click()
    page.get_by_role("button", name="Increase text size").click()


STATES: dict[str, tuple[str, Callable[[Page, dict[str, str]], None]]] = {
    "sign-in": ("", plain("/accounts/login/")),
    "sign-in-refused": ("", sign_in_refused),
    "sign-up": ("", plain("/accounts/signup/")),
    "password-reset": ("", plain("/accounts/password/reset/")),
    "password-reset-sent": ("", plain("/accounts/password/reset/done/")),
    **ACCOUNT,
    "library": ("alice", plain("/")),
    "library-of-a-viewer": ("vera", plain("/")),
    "library-empty": ("charlie", plain("/")),
    "library-to-review": ("alice", plain("/?state=review")),
    "library-failed": ("alice", plain("/?state=failed")),
    "library-team": ("alice", plain("/?team=newsroom")),
    "library-folder": ("alice", opened("/?team=newsroom&folder={folder}", "#change-folder")),
    "library-saved-filter": ("alice", plain("/?team=newsroom&state=review&sort=due")),
    "library-trash": ("alice", plain("/?team=newsroom&state=trash")),
    "library-filing": ("alice", plain("/recordings/{done}/filing/")),
    "library-nothing-found": ("alice", plain("/?q=zeppelin")),
    "library-row-menu": ("alice", row_menu),
    "library-upload-options": ("alice", upload_options),
    "library-person-menu": ("alice", person_menu),
    "library-deleted": ("alice", deleted),
    "library-dropping": ("alice", dropping),
    "library-offline": ("alice", offline),
    "library-uploading": ("alice", tray),
    "recording-working": ("alice", plain("/recordings/{working}/")),
    "recording-waiting": ("alice", plain("/recordings/{waiting}/")),
    "recording-paused": ("alice", plain("/recordings/{paused}/")),
    "recording-failed": ("alice", plain("/recordings/{failed}/")),
    "recording-done": ("alice", plain("/recordings/{done}/")),
    "recording-running-again": ("alice", opened("/recordings/{done}/", "#run-again")),
    **imports.STATES,
    "recording-renaming": ("alice", renaming),
    "transcript": ("alice", listening),
    "transcript-of-a-viewer": ("vera", plain("/transcripts/{reading}/")),
    "transcript-downloads": ("alice", downloads),
    **REVIEWS,
    **TEAMS_AND_SHARING,
    "exports": ("alice", plain("/exports/")),
    "transcript-export": ("alice", plain("/transcripts/{reading}/export/?format=srt")),
    "transcript-arabic": ("alice", plain("/transcripts/{arabic}/")),
    "transcript-asked-language": ("alice", plain("/transcripts/{asked}/")),
    "transcript-choosing-language": ("alice", opened("/transcripts/{asked}/", "#choose-language")),
    "transcript-asked-language-of-a-viewer": ("vera", plain("/transcripts/{asked}/")),
    "transcript-mixed-languages": ("alice", plain("/transcripts/{mixed}/")),
    "transcript-counting-speakers": ("alice", counting),
    "transcript-finding": ("alice", finding),
    "transcript-refused": ("alice", refused),
    "transcript-naming-speaker": ("alice", editing("Alt+s")),
    "transcript-adjusting-times": ("alice", editing("Alt+t")),
    "transcript-review": ("alice", panel("Review")),
    "transcript-checking-a-word": ("alice", checking),
    "vocabulary": ("alice", plain("/teams/{team}/vocabulary/")),
    "vocabulary-archive": ("alice", plain("/teams/{team}/vocabulary/{term}/archive/")),
    "vocabulary-editing": ("alice", opened("/teams/{team}/vocabulary/", ".terms summary >> nth=0")),
    "vocabulary-of-a-viewer": ("vera", plain("/teams/{team}/vocabulary/")),
    "transcript-speakers": ("alice", panel("Speakers")),
    "transcript-subtitles": ("alice", panel("Subtitles", key="t")),
    "transcript-history": ("alice", panel("History", "/transcripts/{improved}/")),
    "transcript-comparing": ("alice", comparing),
    "transcript-changing-keys": ("alice", own_keys),
    "transcript-empty": ("alice", plain("/transcripts/{empty}/")),
    "transcript-with-a-gap": ("alice", plain("/transcripts/{spoken}/")),
    "transcript-improving": ("alice", plain("/transcripts/{improving}/")),
    "transcript-improved": ("alice", plain("/transcripts/{improved}/")),
    "transcript-that-was-improved": ("vera", plain("/transcripts/{older}/")),
    "live": ("alice", plain("/live/")),
    "live-options": ("alice", opened("/live/", ".live-door .wishes > summary")),
    "live-speaking": ("alice", plain("/live/{live}/")),
    "live-watching": ("erin", plain("/live/{live}/")),
    "live-correcting": ("erin", correcting),
    "live-links": ("erin", links),
    "live-of-a-viewer": ("vera", plain("/live/{live}/")),
    "captions": ("", plain("{link}")),
    "captions-contrast": ("", contrast),
    "captions-locked": ("", plain("{locked}")),
    "captions-gone": ("", plain("/captions/nothing/")),
    **GUESTS,
    "not-found": ("alice", plain("/recordings/00000000-0000-0000-0000-000000000000/")),
}
LOOKS: dict[str, dict[str, Any]] = {
    "light-wide": {"color_scheme": "light", "viewport": WIDE},
    "dark-phone": {"color_scheme": "dark", "viewport": PHONE},
    "dark-wide": {"color_scheme": "dark", "viewport": WIDE},
    "light-phone": {"color_scheme": "light", "viewport": PHONE},
}
CHECKED = ("light-wide", pytest.param("dark-phone", marks=pytest.mark.long))  # the others are for pictures


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Look twice at every state, four times where there are to be pictures."""
    if "look" in metafunc.fixturenames:
        metafunc.parametrize("look", LOOKS if metafunc.config.getoption("--screenshots") else CHECKED)


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, str]:
    """The newsroom, filled once."""
    site.do("clear")
    site.do("cast")
    site.do("second_step")
    found: dict[str, str] = {**site.do("newsroom"), **site.do("court_desk"), **site.do("shared_interview")}
    return {**found, **site.do("guest_links", reading=found["reading"], approved=found["mixed"])}


@pytest.fixture
def page_of(chromium: Browser, site: Site) -> Iterator[Callable[[str, str], Page]]:
    """A page with the looks that are asked for."""
    made: list[Page] = []

    def opened(who: str, look: str) -> Page:
        context = chromium.new_context(base_url=site.url, reduced_motion="reduce", timezone_id="UTC", **LOOKS[look])
        if who:
            sign_in(context, site, who)
        context.set_default_timeout(PATIENCE_MS)
        made.append(context.new_page())
        return made[-1]

    yield opened
    for page in made:
        page.context.close()


def sticks_out(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_whole_and_everybody_can_use_it(
    name: str,
    look: str,
    page_of: Callable[[str, str], Page],
    ids: dict[str, str],
    site: Site,
    pictures: Path | None,
) -> None:
    who, go = STATES[name]
    page = page_of(who, look)
    go(page, {**ids, "spare": site.do("recording", title="Test, test")} if name == "library-deleted" else ids)
    page.evaluate("document.fonts.ready")
    if pictures:
        page.screenshot(path=pictures / f"{name}-{look}.png")
    assert axe.violations(page) == []
    assert not sticks_out(page)
