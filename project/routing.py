"""Socket URLs."""

from django.urls import path

from transcripts.consumers import EventsConsumer, LiveConsumer

websocket_urlpatterns = [
    path("ws/events/", EventsConsumer.as_asgi()),
    path("ws/live/<uuid:session_id>/", LiveConsumer.as_asgi()),
]
