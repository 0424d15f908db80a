"""The only way to an object: who asks, what they may do with it, and the object itself.

An actor is a member of a team or a guest who came by a link. What an actor can't see raises NotFound, as if there were
nothing; what they see but can't do raises NotAllowed, with a message for them. Each surface renders the two: pages and
JSON as 404 and 403, sockets as close codes. A query that lists objects starts from `recordings_of`, so a list and a
single object follow one rule.
"""

from transcripts.access.levels import (
    Actor,
    Guest,
    Level,
    NeedsSecondStep,
    NotAllowed,
    NotFound,
    Viewer,
    can_edit,
    editable_team_ids_of,
    editable_teams_of,
    get_team,
    get_upload_team,
    level_in,
    team_ids_of,
    teams_by_user,
    teams_of,
)
from transcripts.access.objects import (
    allows,
    get_bulk_act,
    get_claim,
    get_conflict,
    get_export,
    get_import,
    get_live_session,
    get_recording,
    get_transcript,
    get_transcripts,
    get_upload,
    level_on,
    marker_in,
    recordings_of,
    segment_in,
    speaker_in,
    term_in,
)
from transcripts.access.second_step import closed_teams_of, teams_that_require_second_step
from transcripts.access.sharing import get_share, grant_in, open_grants, open_shares, share_in, shared_with
from transcripts.access.viewers import viewers_of

__all__ = [
    "Actor",
    "Guest",
    "Level",
    "NeedsSecondStep",
    "NotAllowed",
    "NotFound",
    "Viewer",
    "allows",
    "can_edit",
    "closed_teams_of",
    "editable_team_ids_of",
    "editable_teams_of",
    "get_bulk_act",
    "get_claim",
    "get_conflict",
    "get_export",
    "get_import",
    "get_live_session",
    "get_recording",
    "get_share",
    "get_team",
    "get_transcript",
    "get_transcripts",
    "get_upload",
    "get_upload_team",
    "grant_in",
    "level_in",
    "level_on",
    "marker_in",
    "open_grants",
    "open_shares",
    "recordings_of",
    "segment_in",
    "share_in",
    "shared_with",
    "speaker_in",
    "team_ids_of",
    "teams_by_user",
    "teams_of",
    "teams_that_require_second_step",
    "term_in",
    "viewers_of",
]
