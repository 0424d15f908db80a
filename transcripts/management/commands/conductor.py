"""The conductor's process."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, connection

from transcripts.services.operations.conductor import TICK, Conductor
from transcripts.services.provider_accounts import accounts, environment

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Watches for what is due, lost or expired, and wakes workers, until it is told to stop."""

    help = "Watch for steps that are due, lost or expired, and wake workers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Tick until a signal comes."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        environment.note_environment()
        accounts.note_keys()
        conductor = Conductor()
        wait = 0.0
        while not stop.wait(wait):
            try:
                wait = conductor.tick().total_seconds()
            except Error as error:
                logger.warning("The database does not answer: %s", type(error).__name__)
                connection.close()
                wait = TICK.total_seconds()
        conductor.resign()
