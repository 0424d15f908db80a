"""A SpeechStream-compatible speech-to-text server with a real recogniser, apart from the application."""
