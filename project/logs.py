"""How log records are written: as lines for people or as JSON, with the id of their request.

Records that strangers can cause are shortened, so that refused requests don't fill the log, and what opens something is
left out of the addresses in them.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from transcripts import request_ids

# Loggers of what is wrong with a request, not with the application
REQUEST_LOGGERS = ("django.security", "django.request")
MAX_LENGTH = 300
# A part of an address that may be a token of a link, an invitation or a callback: long, and not the id of a row
SECRET_PART = re.compile(r"(?<=/)(?![0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-]))[^/\s]{20,}")


def configuration(*, level: str, format: str) -> dict[str, Any]:
    """Return Django's LOGGING; `format` is line or json."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"short": {"()": "project.logs.Shorten"}, "request": {"()": "project.logs.WithRequestId"}},
        "formatters": {
            "line": {"format": "{levelname} {name}{request}: {message}", "style": "{"},
            "json": {"()": "project.logs.JsonLines"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if format == "json" else "line",
                "filters": ["short", "request"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # Workers log each job three times; the result of a step is in its row.
        "loggers": {"rq": {"level": "WARNING"}, "rq.worker": {"level": "WARNING"}},
    }


class Shorten(logging.Filter):
    """Shortens records about bad requests and drops their tracebacks; records about server errors stay complete."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record and accept it."""
        status = getattr(record, "status_code", 400)
        if record.name.startswith(REQUEST_LOGGERS) and status < 500:
            record.exc_info = record.exc_text = None
            message = SECRET_PART.sub("…", record.getMessage())
            record.msg, record.args = message[:MAX_LENGTH] + ("…" if len(message) > MAX_LENGTH else ""), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class WithRequestId(logging.Filter):
    """Gives each record the id of the request that caused it, as `request_id` and in brackets as `request`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id and accept the record."""
        found = request_ids.current()
        record.__dict__.update(request_id=found, request=f" [{found}]" if found else "")
        return True


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
            "process": record.process,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
