"""What a worker does for those who wait for a file."""

from __future__ import annotations

from transcripts.services.exports import files


def write_exports() -> None:
    """Write every export that waits."""
    for export_id in files.queued():
        files.run(export_id)
