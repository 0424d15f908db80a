"""The health check: whether the database and Redis answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection
from django.http import JsonResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


ANSWERS_WITHIN_S = 4.0


async def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database and Redis answer, else 503 with the names of those that don't."""
    checks = {
        "database": sync_to_async(_database)(),
        "redis": get_channel_layer().group_send("healthz", {"type": "healthz"}),
    }
    answers = (asyncio.wait_for(check, ANSWERS_WITHIN_S) for check in checks.values())
    results = await asyncio.gather(*answers, return_exceptions=True)
    failing = [name for name, result in zip(checks, results, strict=True) if isinstance(result, Exception)]
    if failing:
        return JsonResponse({"status": "failing", "failing": failing}, status=503)
    return JsonResponse({"status": "ok"})


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
