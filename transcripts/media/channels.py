"""The channels of a file's only track as tracks of their own, where each has a voice: calls, two microphones.

The mix is track 1, and the channels are 2 and 3. Which of them is transcribed is found out, or chosen by a person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.media.tracks import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.media.tracks import Track

CHANNELS = 2
MIXED = "Both channels mixed"


def wanted(track: Track, numbers: Sequence[int]) -> Choice:
    """Return the channels that a person wanted of the only track, or its mix; nothing is left out if no one chose."""
    if track.channels != CHANNELS or not numbers:
        return Choice([track])
    apart = _apart(track)
    used = [one for one in apart if one.number in numbers] or [track]
    return Choice(used, {one.number: "choice" for one in (track, *apart) if one not in used})


def found(track: Track, *, splits: bool) -> Choice:
    """Return the choice where each channel has a voice: both of them, or their mix if speakers are told apart there."""
    apart = _apart(track)
    if splits:
        return Choice(apart, {track.number: "channels"})
    return Choice([track], {one.number: "speakers" for one in apart})


def beside(tracks: Sequence[Track], choice: Choice) -> list[Track]:
    """Return the tracks of a file, with its channels if there was a choice between them and their mix."""
    numbers = {track.number for track in choice.used} | set(choice.left_out)
    readable = [track for track in tracks if track.codec]
    if len(readable) != 1 or numbers <= {track.number for track in tracks}:
        return list(tracks)
    return [replace(readable[0], title=MIXED), *_apart(readable[0])]


def _apart(track: Track) -> list[Track]:
    return [replace(track, number=2 + channel, title="", channel=channel) for channel in range(CHANNELS)]
