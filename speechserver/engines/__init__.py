"""The recognisers, and which of them this machine can run."""

from __future__ import annotations

import logging
import os

from speechserver.engines.base import Description, Engine, Step

log = logging.getLogger("speechserver")

__all__ = ["Description", "Engine", "Step", "describe_best", "load"]


def load(name: str) -> Engine:
    """Load the engine of this name, `whisper` or `pocketsphinx`. Raises whatever its loading raises."""
    if name == "whisper":
        from speechserver.engines.whisper import Whisper

        return Whisper(os.environ["WHISPER_MODEL"])
    from speechserver.engines.sphinx import Sphinx

    return Sphinx()


def describe_best() -> tuple[str, Description]:
    """The name and description of the better engine that can be loaded here.

    faster-whisper is tried only where WHISPER_MODEL names a model: nothing reaches for the network unasked.
    """
    if os.environ.get("WHISPER_MODEL"):
        try:
            return "whisper", load("whisper").description
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            log.warning("faster-whisper cannot be used (%s); pocketsphinx works instead.", error)
    from speechserver.engines.sphinx import DESCRIPTION

    return "pocketsphinx", DESCRIPTION
