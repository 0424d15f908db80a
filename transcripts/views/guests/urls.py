"""URLs below `/s/TOKEN/`, and those of links to folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from transcripts.views.guests import comments, folder, media, page, text

if TYPE_CHECKING:
    from django.urls import URLPattern

LINK = "s/<str:token>/"
TRANSCRIPT = f"{LINK}transcripts/<uuid:transcript_id>/"

urlpatterns: list[URLPattern] = [
    path("f/<str:token>/", folder.guest_folder, name="guest_folder"),
    path("f/<str:token>/<uuid:recording_id>/", folder.guest_folder_recording, name="guest_folder_recording"),
    path(LINK, page.guest_page, name="guest"),
    path(f"{LINK}name/", page.guest_name, name="guest_name"),
    path(f"{LINK}media/", media.media, name="guest_media"),
    path(f"{LINK}peaks/", media.peaks, name="guest_peaks"),
    path(f"{LINK}audio/", media.download, name="guest_audio"),
    path(f"{LINK}text/<slug:format>/", text.download, name="guest_download"),
    path(f"{TRANSCRIPT}words/", text.words, name="guest_words"),
    path(f"{TRANSCRIPT}edits/", text.apply_edits, name="guest_edits"),
    path(f"{TRANSCRIPT}conflicts/<int:conflict_id>/keep/", text.conflict_keep, name="guest_conflict_keep"),
    path(f"{TRANSCRIPT}conflicts/<int:conflict_id>/take/", text.conflict_take, name="guest_conflict_take"),
    path(f"{TRANSCRIPT}comments/", comments.transcript_comments, name="guest_comments"),
    path(f"{TRANSCRIPT}comments/<uuid:comment_id>/edit/", comments.edit, name="guest_comment_edit"),
    path(f"{TRANSCRIPT}comments/<uuid:comment_id>/remove/", comments.remove, name="guest_comment_remove"),
    path(f"{TRANSCRIPT}comments/<uuid:comment_id>/settle/", comments.settle, name="guest_comment_settle"),
]
