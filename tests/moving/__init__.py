"""Recordings that go to another team."""
