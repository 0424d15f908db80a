"""URLs of pages, partials, uploads and media."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from transcripts.views import exports, media, uploads

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("uploads/", uploads.collection, name="uploads"),
    path("uploads/<uuid:upload_id>/", uploads.one, name="upload"),
    path("recordings/<uuid:recording_id>/media/", media.playback, name="recording_media"),
    path("recordings/<uuid:recording_id>/original/", media.original, name="recording_original"),
    path("recordings/<uuid:recording_id>/peaks/", media.peaks, name="recording_peaks"),
    path("transcripts/<uuid:transcript_id>/export/<slug:format>/", exports.export, name="transcript_export"),
]
