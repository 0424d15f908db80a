"""What is sent to Sentry and OpenTelemetry says where something failed, never with what."""

from __future__ import annotations

import builtins
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import sentry_sdk
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from project import telemetry
from tests import factories
from tests.views.conftest import client_of
from transcripts import request_ids, tracing
from transcripts.selectors import library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.pipeline import Pipeline

SECRET = "the minister said Thursday"
ID = "0123456789abcdef"


class Kept(sentry_sdk.Transport):  # type: ignore[misc]
    """A transport that sends nothing and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.sent.append(envelope.serialize().decode())


@pytest.fixture
def sentry() -> Iterator[Kept]:
    """Sentry's own client with the options of the application."""
    kept = Kept()
    sentry_sdk.init(dsn="https://key@sentry.example/1", transport=kept, **telemetry.sentry_options())
    yield kept
    sentry_sdk.get_client().close()
    sentry_sdk.init(dsn=None)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.install(telemetry.Spans(SimpleSpanProcessor(exporter)))
    yield exporter
    tracing.install(None)


def test_an_error_is_reported_without_its_values(sentry: Kept) -> None:
    said = SECRET
    with request_ids.using(ID):
        try:
            raise ValueError(f"cannot write {said}")
        except ValueError:
            logging.getLogger("transcripts.test").exception("Could not write %s", said)
    event = next(text for text in sentry.sent if "ValueError" in text)
    assert "test_an_error_is_reported_without_its_values" in event
    assert ID in event
    assert "Could not write %s" in event
    assert SECRET not in "".join(sentry.sent)


@pytest.mark.django_db
def test_a_request_is_reported_without_its_address_headers_and_person(
    sentry: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(library, "page", broken)
    person = client_of(factories.make_user("Alice Adams"))
    person.raise_request_exception = False
    person.get("/", {"q": "hidden words"}, HTTP_X_SECRET="hidden header")
    assert any("RuntimeError" in text for text in sentry.sent)
    everything = "".join(sentry.sent)
    for word in (SECRET, "hidden", "alice@example.org", "sessionid", "testserver"):
        assert word not in everything


def test_the_spans_of_a_recording_are_one_trace_without_text(pipeline: Pipeline, spans: InMemorySpanExporter) -> None:
    with request_ids.using(ID):
        recording = pipeline.bring()
    with request_ids.using(""):
        pipeline.until_idle()
    mine = [span for span in spans.get_finished_spans() if span.attributes["request_id"] == ID]
    assert {span.name for span in mine} >= {"step prepare", "provider POST", "provider GET", "step assemble"}
    assert {span.context.trace_id for span in mine} == {int(ID * 2, 16)}
    everything = json.dumps([json.loads(span.to_json()) for span in spans.get_finished_spans()])
    assert recording.title not in everything
    assert pipeline.account.endpoint not in everything


@pytest.mark.django_db
def test_a_request_is_a_span_by_its_route(spans: InMemorySpanExporter) -> None:
    factories.make_user("Alice Adams")
    client_of(None).get("/s/a-secret-token/")
    span = spans.get_finished_spans()[-1]
    assert span.name == "GET s/<str:token>/"
    assert "a-secret-token" not in span.to_json()


def test_a_failure_is_a_span_with_its_type(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="minister"), tracing.span("step prepare"):
        raise ValueError(SECRET)
    text = spans.get_finished_spans()[0].to_json()
    assert "ValueError" in text
    assert SECRET not in text


def test_missing_packages_cost_a_message_and_never_the_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith(("sentry_sdk", "opentelemetry")):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    telemetry.start(sentry_dsn="https://key@sentry.example/1", otlp_endpoint="http://localhost:4318")
    assert [record.getMessage() for record in caplog.records] == [
        telemetry.MISSING.format(setting="SENTRY_DSN"),
        telemetry.MISSING.format(setting="OTEL_EXPORTER_OTLP_ENDPOINT"),
    ]


def test_without_settings_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(telemetry, "_start_sentry", started.append)
    monkeypatch.setattr(telemetry, "_start_tracing", started.append)
    telemetry.start(sentry_dsn="", otlp_endpoint="")
    assert started == []
