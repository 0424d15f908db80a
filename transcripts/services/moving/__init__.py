"""Recordings that go to another team: moved, or copied."""
