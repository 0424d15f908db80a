"""What the newsroom spent, and how right its machine was."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from accounts.models import Team, User
from tests import factories
from tests.support.edits import apply
from transcripts.models import Charge, Transcript
from transcripts.models.choices import ChargeKind, TranscriptStatus
from transcripts.services import quotas
from transcripts.services.accuracy import measuring
from transcripts.services.costs import budgets
from transcripts.services.transcript.review import approval, status


def ledger() -> None:
    """Charge the newsroom for two months, give it a budget, and approve two corrected transcripts of it."""
    team, alice = Team.objects.get(slug="newsroom"), User.objects.get(email="alice@example.org")
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    for kind, minutes, micros, days in (
        (ChargeKind.RECORDING, 412, 2_472_000, -1),
        (ChargeKind.LIVE, 95, 950_000, -1),
        (ChargeKind.RECORDING, 1310, 7_860_000, 1),
    ):
        Charge.objects.create(
            team=team,
            team_name=team.name,
            account=factories.make_account(),
            kind=kind,
            audio_ms=minutes * 60_000,
            micros=micros,
            at=quotas.month() - timedelta(days=days) if days > 0 else quotas.month(),
        )
    budgets.change(team, Decimal("4.00"), actor=alice)
    for was, became in (("Hold the paige for Thursday", "Hold the page for Thursday"), ("So be it", "So be it")):
        made = factories.make_transcript(factories.make_recording(team, owner=alice), [("Anna", was)])
        if was != became:
            apply(made, {"op": "set_text", "id": "s0", "was": was, "text": became}, actor=alice)
        _approve(made, alice)
    measuring.run()


def _approve(transcript: Transcript, alice: User) -> None:
    transcript.refresh_from_db()
    if transcript.status == TranscriptStatus.DRAFT:
        status.move(transcript, TranscriptStatus.IN_REVIEW, actor=alice)
    transcript.refresh_from_db()
    doubts = approval.doubtful_words(transcript.pk)
    approval.approve(transcript, actor=alice, seq=transcript.changes, known_doubts=doubts)
