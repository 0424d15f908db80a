"""Transcription of uploads: the job store, the queue and the processes that work on it."""
