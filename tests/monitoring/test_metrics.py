"""What Prometheus reads, and who may."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import promql_parser
import pytest
import yaml
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from tests import factories
from tests.environment import ROOT
from tests.views.conftest import client_of
from transcripts import meters, queue, throttle
from transcripts.models.choices import JobStatus, Stage
from transcripts.selectors.monitoring import metrics
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    import redis
    from pytest_django import DjangoAssertNumQueries, Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

TOKEN = "a long token of the test"
# Prometheus' own, about the scrape itself
OF_PROMETHEUS = {"up"}


def scraped() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Read the metrics as the official client does."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(name: str, **labels: str) -> float:
    return scraped()[name, frozenset(labels.items())]


def test_the_way_of_a_recording_is_counted(pipeline: Pipeline) -> None:
    pipeline.bring()
    pipeline.until_idle()
    for kind in ("prepare", "submit", "check", "assemble"):
        assert value("verbatim_step_seconds_count", kind=kind) == 1
    assert value("verbatim_step_wait_seconds_count", kind="prepare") == 1
    assert value("verbatim_job_seconds_count", status="succeeded") == 1
    name = pipeline.account.name
    assert value("verbatim_provider_calls_total", account=name, endpoint="upload", outcome="accepted") == 1
    assert value("verbatim_provider_call_seconds_bucket", account=name, le="+Inf") == 1
    assert value("verbatim_conductor_lease_seconds") > 0


def test_the_way_of_an_answer_without_times_is_counted(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": {"transcription": "Good morning.", "language": "en"}, "aligns": True})
    health.check_health(pipeline.account)
    before = scraped()
    pipeline.bring()
    pipeline.until_idle()
    call = {"account": pipeline.account.name, "endpoint": "align", "outcome": "accepted"}
    for name, labels in (("verbatim_step_seconds_count", {"kind": "align"}), ("verbatim_provider_calls_total", call)):
        assert value(name, **labels) == before.get((name, frozenset(labels.items())), 0) + 1


@pytest.mark.django_db(transaction=True)
def test_what_waits_has_its_age_and_what_failed_its_cause(redis_client: redis.Redis) -> None:
    team = factories.make_cast().team
    factories.make_job(factories.make_recording(team), stage=Stage.WAITING)
    failed = factories.make_job(factories.make_recording(team))
    jobs.fail(failed.pk, code="too_long", message="It is too long.")
    assert value("verbatim_steps", kind="submit", state="due") == 1
    assert value("verbatim_step_oldest_seconds", kind="submit") > 0
    assert value("verbatim_step_oldest_seconds", kind="prepare") == 0
    assert value("verbatim_job_failures_total", code="too_long") == 1
    assert value("verbatim_job_seconds_count", status=JobStatus.FAILED) == 1


@pytest.mark.django_db
def test_the_slots_of_a_limiter_are_told(redis_client: redis.Redis) -> None:
    account = factories.make_account(upload_limit=3)
    window = throttle.Window(account.pk, 3, 60_000, 60_000)
    throttle.remember(window, [])
    assert throttle.acquire(window, "one").taken
    assert value("verbatim_upload_slots", account=account.name) == 3
    assert value("verbatim_upload_slots_free", account=account.name) == 2


@pytest.mark.django_db
def test_the_buckets_of_a_histogram_add_up(redis_client: redis.Redis, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for seconds in (0.2, 0.3, 7, 100_000):
            meters.observe(meters.STEP_SECONDS, seconds, "prepare")
    found = {le: value("verbatim_step_seconds_bucket", kind="prepare", le=le) for le in ("0.1", "0.5", "10", "+Inf")}
    assert found == {"0.1": 0, "0.5": 2, "10": 3, "+Inf": 4}
    assert value("verbatim_step_seconds_sum", kind="prepare") == pytest.approx(100_007.5)


@pytest.mark.django_db
def test_a_scrape_without_redis_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_queue: str) -> list[str]:
        raise queue.Unavailable

    monkeypatch.setattr(queue, "waiting", away)
    assert value("verbatim_redis_up") == 0


@pytest.mark.django_db
def test_a_scrape_asks_as_much_however_many_recordings_there_are(
    redis_client: redis.Redis, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    team = factories.make_cast().team
    factories.make_account()
    # PostgreSQL is asked for the time as well
    most = 10 if connection.vendor == "postgresql" else 9
    with django_assert_max_num_queries(most):
        metrics.text()
    for number in range(5):
        factories.make_job(factories.make_recording(team, f"Meeting {number}"), stage=Stage.WAITING)
    with django_assert_max_num_queries(most):
        metrics.text()


@pytest.mark.django_db
def test_only_the_token_opens_the_metrics_if_there_is_one(redis_client: redis.Redis, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    person = client_of(factories.make_user("Alice Adams", is_staff=True))
    assert person.get("/metrics").status_code == 404
    assert person.get("/metrics", HTTP_AUTHORIZATION="Bearer another").status_code == 404
    answer = client_of(None).get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert b"verbatim_redis_up 1.0" in answer.content


@pytest.mark.django_db
def test_without_a_token_only_this_machine_is_answered(redis_client: redis.Redis, settings: Settings) -> None:
    factories.make_user("Alice Adams")
    settings.METRICS_TOKEN, settings.IS_LOCAL = "", True
    stranger = client_of(None)
    assert stranger.get("/metrics").status_code == 200
    assert stranger.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert stranger.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404
    settings.IS_LOCAL = False
    assert stranger.get("/metrics").status_code == 404


def names_in(expression: promql_parser.Expr) -> set[str]:
    """Return the metrics that an expression names; parsing it is the check of its syntax."""
    return set(re.findall(r"\b(?:verbatim_[a-z_]+|up)\b", str(expression)))


def known_names() -> set[str]:
    """Return what the counters and gauges can be called, whatever was counted yet."""
    suffixes = ("_bucket", "_count", "_sum")
    counted = {
        f"{meter.name}{suffix}" for meter in meters.METERS for suffix in (suffixes if meter.is_timed else ("_total",))
    }
    return counted | {name for name, _ in scraped()} | OF_PROMETHEUS


@pytest.mark.django_db
def test_each_alert_parses_and_names_metrics_that_exist(redis_client: redis.Redis) -> None:
    factories.make_account(upload_limit=3)
    rules = yaml.safe_load((ROOT / "deploy/prometheus/verbatim.rules.yml").read_text())
    known = known_names()
    for rule in rules["groups"][0]["rules"]:
        assert names_in(promql_parser.parse(rule["expr"])) <= known, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]


@pytest.mark.django_db
def test_each_panel_of_the_board_parses_and_names_metrics_that_exist(redis_client: redis.Redis) -> None:
    factories.make_account(upload_limit=3)
    board = json.loads((ROOT / "deploy/grafana/verbatim.json").read_text())
    known = known_names()
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) > 10
    for panel in board["panels"]:
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "5m")
            assert names_in(promql_parser.parse(expression)) <= known, panel["title"]
