"""Rules that the project keeps by itself."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import call_command

from speechserver import models
from tests.environment import ROOT
from transcripts import formats
from transcripts.models import choices
from transcripts.providers import registry
from transcripts.providers.base import Connection


@pytest.mark.django_db
def test_every_model_change_has_its_migration() -> None:
    output = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=output)
    assert "No changes detected" in output.getvalue()


def test_every_setting_stands_in_the_example_and_nothing_else_does() -> None:
    settings = (ROOT / "project" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    # What is read before there are settings: where the server listens
    for path in ("project/preflight.py", "project/web/__main__.py"):
        read |= set(re.findall(r'\bget\("([A-Z_]+)"', (ROOT / path).read_text()))
    written = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read | {models.VARIABLE} == written


def test_an_example_copied_as_it_is_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty values must mean the defaults, for people copy the file whole."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    for line in lines:
        name, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            monkeypatch.setenv(name, value)
    namespace: dict[str, object] = {"__file__": str(ROOT / "project" / "settings.py"), "__name__": "copied_settings"}
    exec(compile((ROOT / "project" / "settings.py").read_text(), "settings.py", "exec"), namespace)
    assert "sqlite3" in str(namespace["DATABASES"])
    assert str(namespace["REDIS_URL"]).startswith("unix://")
    assert namespace["CSRF_TRUSTED_ORIGINS"] == []


def test_every_format_and_provider_that_is_listed_exists() -> None:
    empty = formats.Script(title="", language="", duration_ms=None, engine="", segments=())
    for name in formats.FORMATS:
        assert isinstance(formats.render(name, empty).content, bytes)
    for kind in registry.KINDS:
        registry.build(kind, Connection(endpoint="http://127.0.0.1:9", api_key="k"))


@pytest.mark.parametrize(
    ("status", "transitions"),
    [
        (choices.UploadStatus, choices.UPLOAD_TRANSITIONS),
        (choices.JobStatus, choices.JOB_TRANSITIONS),
        (choices.StepStatus, choices.STEP_TRANSITIONS),
        (choices.ChunkStatus, choices.CHUNK_TRANSITIONS),
    ],
)
def test_every_status_can_be_reached(status: type, transitions: dict[str, tuple[str, ...]]) -> None:
    values = {str(value) for value in status}  # type: ignore[attr-defined]
    beginnings = values - {str(target) for target in transitions}
    assert beginnings <= {"receiving", "queued"}
    assert {str(source) for sources in transitions.values() for source in sources} <= values


def test_the_documents_that_people_look_for_are_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Dockerfile", "compose.yaml"):
        assert (ROOT / name).stat().st_size > 200, name
    for decision in (ROOT / "docs" / "decisions").glob("[0-9]*.md"):
        text = decision.read_text()
        for heading in ("## Context", "## Choice", "## Out of scope", "## Known sharp edges"):
            assert heading in text, f"{decision.name} lacks {heading}"


def test_every_icon_of_a_page_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'"([a-z0-9-]+)"', (ROOT / "scripts" / "build.mjs").read_text().partition("];")[0]))
    pages = [path for ending in ("html", "jinja") for path in (ROOT / "templates").rglob(f"*.{ending}")]
    used = {name for page in pages for name in re.findall(r"""icon[ (]["']([a-z0-9-]+)["']""", page.read_text())}
    assert len(used) > 50
    assert used - drawn == set()
