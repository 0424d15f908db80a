"""Reports to Sentry (SENTRY_DSN) and spans to OpenTelemetry (OTEL_EXPORTER_OTLP_ENDPOINT); neither without its setting.

Their packages are optional (requirements/telemetry.txt). What is sent is built from a list of what may be: types of
errors and places in the source, routes and durations. Messages with their values, local variables, requests, people and
transcript text never leave this machine.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from transcripts import request_ids, tracing

logger = logging.getLogger(__name__)

MISSING = "{setting} is set, but its packages are not installed: pip install -r requirements/telemetry.txt"
OF_EVENT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk")
OF_FRAME = ("filename", "function", "module", "lineno", "in_app", "context_line")


def start(*, sentry_dsn: str, otlp_endpoint: str) -> None:
    """Begin to report what is wanted. What is missing costs a message, never the start."""
    for setting, value, begin in (
        ("SENTRY_DSN", sentry_dsn, _start_sentry),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", otlp_endpoint, _start_tracing),
    ):
        if not value:
            continue
        try:
            begin(value)
        except ImportError:
            logger.warning(MISSING.format(setting=setting))


def _start_sentry(dsn: str) -> None:
    import sentry_sdk

    sentry_sdk.init(dsn=dsn, **sentry_options())


def sentry_options() -> dict[str, Any]:
    """Return what keeps Sentry's client from gathering what is never sent."""
    return {
        "max_request_body_size": "never",
        "include_local_variables": False,
        "max_breadcrumbs": 0,
        "auto_session_tracking": False,
        "before_send": scrubbed,
    }


def scrubbed(event: Any, _hint: Any) -> Any:
    """Return of an event only what may be sent: where something failed and of which type, not with what."""
    kept = {name: event[name] for name in OF_EVENT if name in event}
    kept["tags"] = {"request_id": request_ids.current()}
    if "logentry" in event:
        # The template of the message, without its values
        kept["logentry"] = {"message": event["logentry"].get("message", "")}
    if "exception" in event:
        kept["exception"] = {"values": [_exception(one) for one in event["exception"].get("values", [])]}
    return kept


def _exception(said: dict[str, Any]) -> dict[str, Any]:
    frames = (said.get("stacktrace") or {}).get("frames", [])
    plain = [{name: frame[name] for name in OF_FRAME if name in frame} for frame in frames]
    return {"type": said.get("type"), "module": said.get("module"), "stacktrace": {"frames": plain}}


def _start_tracing(endpoint: str) -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    tracing.install(Spans(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))))


class Spans:
    """A tracer (`tracing.Tracer`) of OpenTelemetry."""

    def __init__(self, processor: Any) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        self._provider = TracerProvider(resource=Resource.create({"service.name": "verbatim"}))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("verbatim")

    def record(self, name: str, began_ns: int, attributes: dict[str, Any], error: str) -> None:
        """Record a span that began then and ends now."""
        from opentelemetry.trace import Status, StatusCode

        context = _context_of(attributes.get("request_id", ""))
        span = self._tracer.start_span(name, context=context, start_time=began_ns, attributes=attributes)
        if error:
            span.set_attribute("error.type", error)
            span.set_status(Status(StatusCode.ERROR))
        span.end(end_time=time.time_ns())

    def flush(self) -> None:
        """Send what is recorded."""
        self._provider.force_flush(2_000)


def _context_of(request_id: str) -> Any:
    """Return the context that gives all spans of a request one trace, whichever process records them."""
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    if not request_id:
        return None
    trace, parent = int(request_id * 2, 16), int(request_id, 16)
    found = SpanContext(trace, parent, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(found))
