"""How many doubtful words a transcript still has for a person, as their page counts them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from accounts import preferences
from transcripts.document.doubts import rules
from transcripts.document.doubts.near_terms import NearTerms
from transcripts.models import MediaFile, Segment
from transcripts.models.choices import MediaKind, Origin
from transcripts.services import storage, vocabulary
from transcripts.services.transcript.rows import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from transcripts.models import Transcript


def left_in(transcript: Transcript, user: User) -> int:
    """Return how many stretches of doubtful words are left; 0 if the person switched the doubts off."""
    settings = preferences.of(user)
    if settings["doubts"] == "off":
        return 0
    silence = _silence_in(transcript)
    rows = Segment.objects.filter(transcript=transcript).select_related("speaker").order_by("position")
    read = [
        (row.text, rules.facts_of(spoken(row), is_human=row.origin == Origin.HUMAN, is_silent=silence)) for row in rows
    ]
    near = NearTerms(vocabulary.terms_of(transcript.recording.team))
    names = rules.names_in(facts for _, facts in read)
    decided = rules.Rules(settings["doubt_threshold"], names, near.near_misses, near.is_known)
    return sum(len(rules.items_of(text, facts, decided)) for text, facts in read)


def _silence_in(transcript: Transcript) -> Callable[[int, int], bool] | None:
    """Return what tells whether the waveform is silent between two moments; None without a waveform."""
    file = MediaFile.objects.filter(recording=transcript.recording_id, kind=MediaKind.PEAKS).first()
    if file is None:
        return None
    try:
        waveform = json.loads(storage.path_of(file.storage_name).read_bytes())
    except OSError:
        return None
    return rules.silence(waveform["peaks"], waveform["duration_ms"])
