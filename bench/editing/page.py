"""How fast the page of a long transcript is in Chromium: 5 hours, 50,000 words, 4,500 segments."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from bench.report import percentile, report
from tests.support.instance import Instance

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
MAKE = """
from accounts.models import User
from tests import factories
person = User.objects.earliest("pk")
said = [(f"Speaker {n % 3}", " ".join(f"word{(n * 11 + at) % 997}" for at in range(11))) for n in range(4_500)]
recording = factories.make_recording(person.personal_team, owner=person, duration_ms=5 * 3_600_000)
print(factories.make_transcript(recording, said).pk)
"""
# From the event until the frame that shows it.
KEY = """(type) => new Promise((done) => {
  const began = performance.now();
  document.execCommand("insertText", false, type);
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""
CARET = """() => {
  const said = document.querySelectorAll(".seg > .said")[2];
  document.querySelector(".ProseMirror").focus();
  getSelection().collapse(said.firstChild, 4);
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
FIRST_BYTE = "() => performance.getEntriesByType('navigation')[0].responseStart"
KEYS = 100
REST_S = 3


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "data") as instance:
        made = instance.manage("shell", "-c", MAKE)
        output, errors = made.communicate()
        assert made.returncode == 0, errors
        person = instance.sign_in()
        address = f"{person.url}/transcripts/{output.strip().splitlines()[-1]}/"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            context = browser.new_context(viewport={"width": 1360, "height": 860})
            cookie = person.session.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": person.url}])
            for slowed in (1, 4):
                report("page", slowed=slowed, **_measured(context.new_page(), address, slowed))


def _measured(page: Page, address: str, slowed: int) -> dict[str, Any]:
    devtools = page.context.new_cdp_session(page)
    _opened(page, address)  # what is loaded once is loaded
    time.sleep(REST_S)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    first_byte, painted = _opened(page, address)
    # Opened again while page and server are at work on the words
    again_first_byte, again_painted = _opened(page, address)
    time.sleep(REST_S)
    page.evaluate(CARET)
    keys = [page.evaluate(KEY, "abcdefghij "[number % 11]) for number in range(KEYS)]
    counts = devtools.send("Memory.getDOMCounters")
    heap = devtools.send("Runtime.getHeapUsage")
    return {
        "first_byte_ms": round(first_byte),
        "painted_ms": round(painted),
        "again_first_byte_ms": round(again_first_byte),
        "again_painted_ms": round(again_painted),
        "key_p50_ms": percentile(keys, 50),
        "key_p95_ms": percentile(keys, 95),
        "elements": page.evaluate("() => document.querySelectorAll('*').length"),
        "nodes": counts["nodes"],
        "heap_mb": round(heap["usedSize"] / 1e6, 1),
    }


def _opened(page: Page, address: str) -> tuple[float, float]:
    """Open the page, and return when its first byte came and when its words were painted, in milliseconds."""
    page.goto(address)
    page.locator("[data-text][data-painted]").wait_for(timeout=120_000)
    return page.evaluate(FIRST_BYTE), page.evaluate(PAINTED)


if __name__ == "__main__":
    main()
