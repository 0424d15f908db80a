"""The app of recordings and transcripts."""

from django.apps import AppConfig


class TranscriptsConfig(AppConfig):
    """Recordings, their processing and their transcripts."""

    name = "transcripts"
