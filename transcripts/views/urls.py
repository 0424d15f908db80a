"""URLs of pages, partials, uploads and media."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from transcripts.views import (
    captions,
    exports,
    icon,
    improving,
    library,
    live,
    live_changes,
    media,
    recording,
    setup,
    transcript,
    uploads,
    verbs,
)

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("", library.library_page, name="library"),
    path("live/", live.live_page, name="live"),
    path("live/<uuid:session_id>/", live.live_session, name="live_session"),
    path("live/<uuid:session_id>/finish/", live.live_finish, name="live_finish"),
    path("live/<uuid:session_id>/segments/<int:segment_id>/", live_changes.segment, name="live_segment"),
    path("live/<uuid:session_id>/speakers/<int:speaker_id>/", live_changes.speaker, name="live_speaker"),
    path("live/<uuid:session_id>/markers/<uuid:marker_id>/", live_changes.marker, name="live_marker"),
    path("live/<uuid:session_id>/links/", captions.share, name="live_share"),
    path("live/<uuid:session_id>/links/<uuid:share_id>/end/", captions.unshare, name="live_unshare"),
    path("captions/<str:token>/", captions.captions, name="captions"),
    path("favicon.ico", icon.favicon, name="favicon"),
    path("setup/", setup.setup, name="setup"),
    path("uploads/", uploads.collection, name="uploads"),
    path("uploads/<uuid:upload_id>/", uploads.one, name="upload"),
    path("recordings/<uuid:recording_id>/", recording.recording_page, name="recording"),
    path("recordings/<uuid:recording_id>/row/", library.recording_row, name="recording_row"),
    path("recordings/<uuid:recording_id>/status/", recording.recording_status, name="recording_status"),
    path("recordings/<uuid:recording_id>/answer/", recording.recording_answer, name="recording_answer"),
    path("recordings/<uuid:recording_id>/rename/", verbs.recording_rename, name="recording_rename"),
    path("recordings/<uuid:recording_id>/delete/", verbs.recording_delete, name="recording_delete"),
    path("recordings/<uuid:recording_id>/restore/", verbs.recording_restore, name="recording_restore"),
    path("recordings/<uuid:recording_id>/retry/", verbs.recording_retry, name="recording_retry"),
    path("recordings/<uuid:recording_id>/tracks/", verbs.recording_tracks, name="recording_tracks"),
    path("recordings/<uuid:recording_id>/cancel/", verbs.recording_cancel, name="recording_cancel"),
    path("recordings/<uuid:recording_id>/media/", media.playback, name="recording_media"),
    path("recordings/<uuid:recording_id>/original/", media.original, name="recording_original"),
    path("recordings/<uuid:recording_id>/peaks/", media.peaks, name="recording_peaks"),
    path("transcripts/<uuid:transcript_id>/export/<slug:format>/", exports.export, name="transcript_export"),
    path("transcripts/<uuid:transcript_id>/improve/", improving.transcript_improve, name="transcript_improve"),
    path("transcripts/<uuid:transcript_id>/speakers/", improving.transcript_speakers, name="transcript_speakers"),
    path("transcripts/<uuid:transcript_id>/afterwards/", improving.transcript_afterwards, name="transcript_afterwards"),
    path(
        "transcripts/<uuid:transcript_id>/conflicts/<int:conflict_id>/keep/",
        improving.conflict_keep,
        name="conflict_keep",
    ),
    path(
        "transcripts/<uuid:transcript_id>/conflicts/<int:conflict_id>/take/",
        improving.conflict_take,
        name="conflict_take",
    ),
    path("transcripts/<uuid:transcript_id>/language/", transcript.transcript_language, name="transcript_language"),
    path("transcripts/<uuid:transcript_id>/", transcript.transcript_page, name="transcript"),
]
