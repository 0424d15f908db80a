"""The editor and the live page in Debian's Firefox.

Playwright drives only a Firefox of its own build, so Puppeteer drives this one, over WebDriver BiDi: the cases are the
files `*.test.mjs` in this folder, run by Node. They fill the site as the other browser tests do, by a server in this
process.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from scripts.frontend import find_npm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.site import Site

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
MISSING = "There is no Firefox: install Debian's package firefox-esr."

pytestmark = pytest.mark.long
CASES = sorted(Path(__file__).parent.glob("*.test.mjs"))


def handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    """Return a handler that answers `POST /NAME`, with arguments as JSON, by what `site.do` returns."""
    switches = {"stop_web": site.stop_web, "start_web": site.start_web}

    def act(name: str, arguments: dict[str, Any]) -> Any:
        return switches[name]() if name in switches else site.do(name, **arguments)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arguments = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, answer = 200, act(self.path.removeprefix("/"), arguments)
            except AssertionError as error:
                status, answer = 500, str(error)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            """Write nothing: what failed is in the answer."""

    return Handler


@pytest.fixture
def environment(stage: Site) -> Iterator[dict[str, str]]:
    """Yield the variables by which a case finds Firefox, the site, and the server that fills it."""
    if not FIREFOX:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    _, path = find_npm()
    with HTTPServer(("127.0.0.1", 0), handler_of(stage)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield {**os.environ, "PATH": path, "FIREFOX": FIREFOX, "SITE": stage.url, "STAGE": address}
        server.shutdown()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.removesuffix(".test.mjs"))
def test_it_works_in_firefox(environment: dict[str, str], case: Path) -> None:
    ran = subprocess.run(["node", case], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"(#|ℹ) pass [1-9]", ran.stdout)
