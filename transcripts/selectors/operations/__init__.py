"""The read side of the console's first page."""

from transcripts.selectors.operations.day import Day, Stage, day, stages
from transcripts.selectors.operations.overview import Overview, overview
from transcripts.selectors.operations.teams import TeamUse, nearest_to_their_limits

__all__ = ["Day", "Overview", "Stage", "TeamUse", "day", "nearest_to_their_limits", "overview", "stages"]
