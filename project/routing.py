"""Socket URLs."""

from django.urls import path

from transcripts.sockets.captions import CaptionsConsumer
from transcripts.sockets.events import EventsConsumer
from transcripts.sockets.guests import GuestConsumer, LinkConsumer
from transcripts.sockets.live import LiveConsumer
from transcripts.sockets.transcript import TranscriptConsumer

websocket_urlpatterns = [
    path("ws/events/", EventsConsumer.as_asgi()),
    path("ws/captions/<str:token>/", CaptionsConsumer.as_asgi()),
    path("ws/s/<str:token>/", LinkConsumer.as_asgi()),
    path("ws/s/<str:token>/transcripts/<uuid:transcript_id>/", GuestConsumer.as_asgi()),
    path("ws/live/<uuid:session_id>/", LiveConsumer.as_asgi()),
    path("ws/transcripts/<uuid:transcript_id>/", TranscriptConsumer.as_asgi()),
]
