"""Live sessions of before have what their team wished."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from transcripts.models import LiveSession, TeamDefaults
from transcripts.providers.capabilities import Wishes


@pytest.mark.django_db(transaction=True)
def test_a_session_of_before_has_what_its_team_wished() -> None:
    cast = factories.make_cast()
    TeamDefaults.objects.create(team=cast.team, languages=["uk"], punctuates=False)
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    LiveSession.objects.create(
        recording=transcript.recording,
        transcript=transcript,
        account=factories.make_account(),
        owner=cast.alice,
        seen_at=timezone.now(),
    )
    for _ in range(2):
        call_command("migrate", "transcripts", "0069", verbosity=0)
        call_command("migrate", verbosity=0)
        assert LiveSession.objects.get().wishes == Wishes(None, ("uk",), punctuates=False)
