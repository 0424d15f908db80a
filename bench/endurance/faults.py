"""Each fault of a provider, to 40 recordings: what is lost, stuck, done twice, or loses words.

The first 40 requests of the kind are answered with the fault, by the scripted speech server, over HTTP. The pipeline is
the product's, in this process; due times are brought forward and a provider's wish for a pause is over immediately, so
"stuck" is what no number of tries ends. Deadlines are those of DEADLINES. `python -m bench.endurance.faults hang slow`
does those whose names contain one of the words.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.instance import own_instance
from bench.report import report
from tests.support.audio import write_tone
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline

RUNS = 40
ROUNDS = 400
DEADLINES: dict[str, Any] = {"upload_deadline_ms": 1_500, "status_deadline_ms": 1_000}


def answer(code: int, **fields: Any) -> dict[str, Any]:
    """Return the fault that answers so."""
    return {"do": "answer", "code": code, **fields}


def late(after: str) -> dict[str, Any]:
    """Return the fault of a 429 with this Retry-After."""
    return answer(429, headers={"Retry-After": after})


LATIN = '{"status": "processing", "message": "caf\u00e9"}'
FAULTS: dict[str, dict[str, Any]] = {
    "429 without Retry-After": answer(429),
    "Retry-After: seconds": late("1"),
    "Retry-After: zero": late("0"),
    "Retry-After: date": late("Wed, 21 Oct 2065 07:28:00 GMT"),
    "Retry-After: past date": late("Wed, 21 Oct 2015 07:28:00 GMT"),
    "Retry-After: 1e9": late("1000000000"),
    "Retry-After: float": late("1.5"),
    "Retry-After: garbage": late("soon"),
    "500": answer(500),
    "502 in HTML": answer(502, body="<html>Bad gateway</html>", headers={"Content-Type": "text/html"}),
    "503": answer(503, headers={"Retry-After": "1"}),
    "504": answer(504),
    "reset before the body": {"do": "reset_before_body"},
    "reset before the answer": {"do": "reset_before_answer"},
    "hang": {"do": "hang"},
    "slow loris": {"do": "slow", "seconds": 0.5},
    "300 MB": {"do": "huge", "bytes": 300 * 1024**2},
    "gzip bomb": {"do": "huge", "bytes": 300 * 1024**2, "gzip": True},
    "truncated": {"do": "truncate"},
    "no JSON": answer(200, body="no json at all"),
    "wrong content type": answer(200, body="<p>Hello</p>", headers={"Content-Type": "text/html"}),
    "200 with an error": answer(200, body={"error": {"code": "internal", "message": "Sorry"}}),
    "BOM": answer(200, body="\ufeff{}"),
    "Latin-1": answer(200, body=LATIN, encoding="latin-1"),
    "404": answer(404),
}


def main() -> None:
    """Measure and print a row a fault."""
    words = sys.argv[1:] if Path(sys.argv[0]).stem == "faults" else []
    with (
        tempfile.TemporaryDirectory() as name,
        SpeechProcess(Path(name) / "speech", script={}) as provider,
    ):
        os.environ |= {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key, "STT_LIMITS": "none"}
        with own_instance():
            pipeline = _pipeline(Path(name))
            for on in ("upload", "status"):
                for fault, script in FAULTS.items():
                    if any(word in f"{on}: {fault}" for word in words or [""]):
                        _measure(pipeline, provider, on, fault, script)


def _pipeline(folder: Path) -> Pipeline:
    from tests.support.pipeline import Pipeline
    from transcripts.services.provider_accounts import accounts, environment, health

    connection = accounts.connection

    def with_deadlines(*arguments: Any, **options: Any) -> Any:
        return replace(connection(*arguments, **options), **DEADLINES)

    accounts.connection = with_deadlines
    account = environment.from_environment()
    health.check_health(account)
    return Pipeline(account, write_tone(folder / "tone.wav"))


def _measure(pipeline: Pipeline, provider: SpeechProcess, on: str, fault: str, script: dict[str, Any]) -> None:
    from bench.endurance import outcome
    from transcripts.services.pipeline import jobs

    _prepare(pipeline)
    provider.rescript({"faults": [{"on": on, "nth": number, **script} for number in range(1, RUNS + 1)]})
    for recording in pipeline.person.recordings.all():
        jobs.start(recording, actor=pipeline.person)
    began = time.monotonic()
    rounds = _work(pipeline, outcome.unfinished)
    met = sum(entry["nth"] <= RUNS for entry in provider.ledger(on))
    seconds = round(time.monotonic() - began, 1)
    counts = outcome.compared_with(provider.ledger("upload"))
    report("faults", fault=f"{on}: {fault}", met=met, rounds=rounds, seconds=seconds, **counts)


def _prepare(pipeline: Pipeline) -> None:
    """Have recordings that are uploaded and prepared, once for all faults, and no answer from before."""
    from transcripts.models import ProcessingJob, Recording, Transcript

    if not Recording.objects.exists():
        for _ in range(RUNS):
            pipeline.bring()
        pipeline.until_idle()
    Recording.objects.update(latest_job=None, latest_transcript=None, job_status="")
    Transcript.objects.all().delete()
    ProcessingJob.objects.all().delete()


def _work(pipeline: Pipeline, unfinished: Any) -> int:
    from transcripts import throttle

    for number in range(ROUNDS):
        if not unfinished():
            return number
        pipeline.step_once()
        throttle._client().delete(f"verbatim:throttle:{pipeline.account.pk}:cool")
    return ROUNDS


if __name__ == "__main__":
    main()
