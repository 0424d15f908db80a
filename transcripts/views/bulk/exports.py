"""The transcripts of many recordings as a ZIP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from transcripts import formats
from transcripts.models import Transcript
from transcripts.services.errors import Refused
from transcripts.services.exports import requests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.models import Recording
    from transcripts.views.requests import SignedInRequest

NO_FORMAT = "Choose a format."
LEFT_OUT = "{count} of the selected recordings have no transcript yet, and are left out."


def export(request: SignedInRequest, recordings: Sequence[Recording], parameters: Mapping[str, object]) -> str:
    """Have a worker write the newest transcript of each recording; return where the file will be. Raises Refused."""
    name = str(parameters.get("format", ""))
    if name not in formats.FORMATS:
        raise Refused("no_format", NO_FORMAT)
    newest = Transcript.objects.filter(recording=OuterRef("recording")).order_by("-created_at").values("pk")[:1]
    found = Transcript.objects.filter(recording__in=recordings, pk=Subquery(newest))
    transcripts = list(found.select_related("recording__team").order_by("-recording__created_at"))
    options = requests.remembered(transcripts[0].recording.team).get(name, {}) if transcripts else {}
    made = requests.request(request.user, transcripts, name, options)
    if left_out := len(recordings) - len(transcripts):
        messages.info(request, LEFT_OUT.format(count=left_out))
    return reverse("export", args=[made.pk])
