"""The application with a provider that accepts audio at any speed, for sessions that run faster than real time."""

from __future__ import annotations

from dataclasses import replace

from project.asgi import application
from transcripts.providers.speechstream.live import SpeechStreamLive

SpeechStreamLive.limits = replace(SpeechStreamLive.limits, pace=1_000.0)

__all__ = ["application"]
