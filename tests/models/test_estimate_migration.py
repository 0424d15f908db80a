"""Transcripts from before the mark: voices that were told apart by their sound are an estimate, tracks are exact."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps

from tests import factories
from transcripts.models import Chunk, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
migration = import_module("transcripts.migrations.0013_languages_and_speakers")
TRACKS = [{"label": "Desktop", "start_ms": 0, "end_ms": 1}, {"label": "Mic", "start_ms": 2, "end_ms": 3}]


def with_voices() -> Transcript:
    return factories.make_transcript(factories.make_recording(factories.make_team()))


def with_tracks() -> Transcript:
    transcript = with_voices()
    Chunk.objects.filter(job=transcript.job).update(layout=TRACKS)
    return transcript


def without_speakers() -> Transcript:
    return factories.make_transcript(factories.make_recording(factories.make_team()), [("", "Good morning.")])


@pytest.mark.parametrize(
    ("make", "is_estimate"), [(with_voices, True), (with_tracks, False), (without_speakers, False)]
)
def test_earlier_transcripts_are_marked_as_new_ones_would_be(
    make: Callable[[], Transcript], *, is_estimate: bool
) -> None:
    transcript = make()
    migration.mark_estimates(apps, None)
    transcript.refresh_from_db()
    assert transcript.has_estimated_speakers == is_estimate
