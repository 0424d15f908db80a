"""One id follows a request: in its answer, its error page, its log, the job it began and the calls to the provider."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

import django_rq
import pytest
from requests.adapters import HTTPAdapter

from project.logs import JsonLines, WithRequestId
from tests import factories
from tests.views.conftest import client_of
from transcripts import queue, request_ids
from transcripts.models import ProcessingJob
from transcripts.selectors import library
from transcripts.services.pipeline import jobs

if TYPE_CHECKING:
    import redis
    import requests

    from tests.support.pipeline import Pipeline

ID = re.compile(r"[0-9a-f]{16}")


@pytest.mark.django_db
def test_each_answer_tells_an_id_of_its_own_and_believes_none() -> None:
    person = client_of(factories.make_user("Alice Adams"))
    first = person.get("/", HTTP_X_REQUEST_ID="of a stranger").headers[request_ids.HEADER]
    second = person.get("/").headers[request_ids.HEADER]
    assert ID.fullmatch(first)
    assert ID.fullmatch(second)
    assert first != second


@pytest.mark.django_db
def test_a_page_that_fails_shows_the_id_that_the_log_has(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(library, "page", broken)
    person = client_of(factories.make_user("Alice Adams"))
    person.raise_request_exception = False
    caplog.handler.addFilter(WithRequestId())
    answer = person.get("/")
    assert answer.status_code == 500
    shown = answer.headers[request_ids.HEADER]
    assert f'id="request-id">{shown}</code>' in answer.content.decode()
    logged = [record for record in caplog.records if record.name == "django.request"]
    assert [record.request_id for record in logged] == [shown]  # type: ignore[attr-defined]


def test_the_provider_gets_the_id_of_the_request_that_began_the_job(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    send = HTTPAdapter.send

    def watched(self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        sent.append(request.headers.get(request_ids.HEADER, ""))
        return send(self, request, **options)

    with request_ids.using(""):
        recording = pipeline.bring()
        pipeline.until_idle()
    monkeypatch.setattr(HTTPAdapter, "send", watched)
    with request_ids.using("0123456789abcdef"):
        jobs.start(recording, actor=pipeline.person)
    # The conductor and workers, who know it from the job alone
    with request_ids.using(""):
        pipeline.until_idle()
    assert ProcessingJob.objects.latest("created_at").request_id == "0123456789abcdef"
    # The upload and at least one question about it; health checks belong to no request
    assert sent.count("0123456789abcdef") >= 2
    assert set(sent) <= {"0123456789abcdef", ""}


@pytest.mark.django_db(transaction=True)
def test_work_that_is_woken_carries_the_id(redis_client: redis.Redis) -> None:
    with request_ids.using("0123456789abcdef"):
        queue.wake_round("check_round")
    woken = django_rq.get_queue("default")
    # Sentry may add its own, if another test of this process configured it
    assert woken.fetch_job(woken.job_ids[0]).meta["request_id"] == "0123456789abcdef"


def test_a_record_is_one_line_of_json_with_the_id_and_the_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        exception = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("transcripts", logging.ERROR, "", 0, "Step %s\nfailed", (7,), exception)
    with request_ids.using("0123456789abcdef"):
        assert WithRequestId().filter(record)
    line = JsonLines().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said["message"] == "Step 7\nfailed"
    assert said["request_id"] == "0123456789abcdef"
    assert said["level"] == "ERROR"
    assert "ValueError" in said["traceback"]
