"""Subtitles: profiles, cues that are cut by them, and the faults that no layout can avoid."""

from transcripts.document.subtitles.cues import Cue, cues
from transcripts.document.subtitles.faults import Fault, FaultKind, faults
from transcripts.document.subtitles.groups import DASH
from transcripts.document.subtitles.profiles import NETFLIX, PROFILES, Profile

__all__ = ["DASH", "NETFLIX", "PROFILES", "Cue", "Fault", "FaultKind", "Profile", "cues", "faults"]
