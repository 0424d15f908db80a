"""The application with a provider that takes audio at any pace, for sessions that run faster than time."""

from __future__ import annotations

from dataclasses import replace

from project.asgi import application
from transcripts.providers.speechstream.live import SpeechStreamLive

SpeechStreamLive.limits = replace(SpeechStreamLive.limits, pace=1_000.0)

__all__ = ["application"]
