"""Shorten log records that strangers can cause, so that refused requests don't fill the log."""

from __future__ import annotations

import logging

# Loggers of what is wrong with a request, not with the application
REQUEST_LOGGERS = ("django.security", "django.request")
MAX_LENGTH = 300


class Shorten(logging.Filter):
    """Shortens records about bad requests and drops their tracebacks; records about server errors stay complete."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record and accept it."""
        status = getattr(record, "status_code", 400)
        if record.name.startswith(REQUEST_LOGGERS) and status < 500:
            record.exc_info = record.exc_text = None
            message = record.getMessage()
            record.msg, record.args = message[:MAX_LENGTH] + ("…" if len(message) > MAX_LENGTH else ""), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
