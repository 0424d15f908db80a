"""What people edited before edits were numbered is kept when a database is brought up to date."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = ("transcripts", "0016_drop_session_changes"), ("transcripts", "0019_drop_revisions")


def migrated_to(target: tuple[str, str]) -> Any:
    """Bring the database to a migration; return the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.mark.django_db(transaction=True)
def test_revisions_become_edits_and_rows_get_their_keys() -> None:
    latest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == "transcripts"]
    try:
        old = migrated_to(BEFORE)
        team = old.get_model("accounts", "Team").objects.create(name="Desk", slug="desk")
        recording = old.get_model("transcripts", "Recording").objects.create(team=team, title="Meeting")
        transcript = old.get_model("transcripts", "Transcript").objects.create(
            recording=recording, provider="engine", changes=7
        )
        speaker = old.get_model("transcripts", "Speaker").objects.create(transcript=transcript, position=1, label="Ana")
        segments = old.get_model("transcripts", "Segment").objects
        rows = [
            segments.create(transcript=transcript, position=n, text=text, speaker=speaker, origin=origin)
            for n, (text, origin) in enumerate([("Hold the page", "human"), ("So be it", "machine")])
        ]
        revisions = old.get_model("transcripts", "Revision").objects
        words = [["Hold", 0, 400, 0.9, "measured"]]
        revisions.create(segment=rows[0], number=1, text="Hold the paige", words=words, origin="machine")
        revisions.create(segment=rows[0], number=2, text="Hold the cage", origin="human")

        new = migrated_to(AFTER)
        kept = new.get_model("transcripts", "Segment").objects.order_by("position")
        assert [(row.key, row.text, row.is_removed) for row in kept] == [
            ("s0", "Hold the page", False),
            ("s1", "So be it", False),
        ]
        assert kept[0].machine == {"text": "Hold the paige", "words": words}
        assert new.get_model("transcripts", "Speaker").objects.get().key == "1"
        edited = new.get_model("transcripts", "EditedSegment").objects.order_by("edit__number")
        assert [(one.edit.number, one.before["text"], one.after["text"]) for one in edited] == [
            (8, "Hold the paige", "Hold the cage"),
            (9, "Hold the cage", "Hold the page"),
        ]
        assert new.get_model("transcripts", "Transcript").objects.get().changes == 9
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
