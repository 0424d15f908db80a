"""Socket URLs."""

from django.urls import path

from transcripts.consumers import CaptionsConsumer, EventsConsumer, LiveConsumer

websocket_urlpatterns = [
    path("ws/events/", EventsConsumer.as_asgi()),
    path("ws/captions/<str:token>/", CaptionsConsumer.as_asgi()),
    path("ws/live/<uuid:session_id>/", LiveConsumer.as_asgi()),
]
