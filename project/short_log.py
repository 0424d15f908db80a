"""One short line for what strangers can cause: a refused request must not fill the log."""

from __future__ import annotations

import logging

# Loggers of what is wrong with a request, not with us.
OF_REQUESTS = ("django.security", "django.request")
LONGEST = 300


class Shorten(logging.Filter):
    """Takes the traceback and the length from records about bad requests; those about faults of ours stay whole."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record and let it pass."""
        status = getattr(record, "status_code", 400)
        if record.name.startswith(OF_REQUESTS) and status < 500:
            record.exc_info = record.exc_text = None
            message = record.getMessage()
            record.msg, record.args = message[:LONGEST] + ("…" if len(message) > LONGEST else ""), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
