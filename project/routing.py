"""Socket URLs."""

from django.urls import path

from transcripts.consumers import EventsConsumer

websocket_urlpatterns = [path("ws/events/", EventsConsumer.as_asgi())]
