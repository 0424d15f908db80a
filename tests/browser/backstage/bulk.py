"""What a worker does for acts on many recordings."""

from __future__ import annotations

from accounts.models import User
from tests.browser.backstage.people import team
from transcripts.models import Recording
from transcripts.services.bulk import worker


def work_on_bulk_acts() -> None:
    """Do, or undo, every act that waits."""
    for act_id in worker.queued():
        worker.run(act_id)


def many_recordings(count: int) -> None:
    """Give the team so many recordings."""
    alice = User.objects.get(email="alice@example.org")
    rows = [Recording(team=team(), owner=alice, title=f"Tape {number}", filename="tape.wav") for number in range(count)]
    Recording.objects.bulk_create(rows)
