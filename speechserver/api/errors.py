"""Error responses, all of one shape."""

from __future__ import annotations

import json

from aiohttp import web


def problem(code: int, word: str, message: str, *, status: str = "error", retry_after: str = "") -> web.HTTPException:
    """Return an error to raise: JSON with `status` and `message`, which even the simplest client reads.

    `word` is the stable code for programs; `status` is `processing` if a client should just poll again.
    """
    body = {"status": status, "message": message, "error": {"code": word}}
    headers = {"Retry-After": retry_after} if retry_after else None
    return _Problem(code, text=json.dumps(body), headers=headers)


class _Problem(web.HTTPException):
    def __init__(self, code: int, *, text: str, headers: dict[str, str] | None) -> None:
        # aiohttp's own classes each have a fixed status; this one takes it as an argument.
        self.status_code = code
        super().__init__(text=text, headers=headers, content_type="application/json")
