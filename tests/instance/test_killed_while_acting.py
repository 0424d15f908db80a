"""kill -9 of a worker in the middle of an act on a thousand recordings: it ends, and is undone as a whole."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest

from tests.support.instance import Instance

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.web_client import Person

MANY = 1_000
MAKE = f"""
from accounts.models import Team
from transcripts.models import Recording
team = Team.objects.get(personal_owner__email="{{email}}")
Recording.objects.bulk_create(Recording(team=team, title=f"Tape {{{{n}}}}", filename="a.wav") for n in range({MANY}))
"""
PERCENT = re.compile(r'value="(\d+)"')


def part(person: Person, act: str) -> str:
    return str(person.get(f"/bulk/{act}/", headers={"HX-Request": "true", "HX-Target": f"bulk-{act}"}).text)


def until_half(person: Person, act: str) -> int:
    """Wait until some are done; return the percentage."""
    while found := PERCENT.search(part(person, act)):
        if int(found[1]) > 0:
            return int(found[1])
    raise AssertionError("It ended before any progress was seen.")


def until_ended(person: Person, act: str) -> str:
    while "data-waiting" in (shown := part(person, act)):
        continue
    return shown


def count(person: Person) -> int:
    totals: dict[str, int] = person.get("/bulk/totals/").json()
    return totals["count"]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_thousand_recordings_are_deleted_and_restored_by_workers_that_die(tmp_path: Path) -> None:
    with Instance(tmp_path / "instance", STT_LIMITS="none") as instance:
        person = instance.sign_in()
        script = MAKE.format(email=instance.variables["ADMIN_EMAIL"])
        making = instance.manage("shell", "-c", script)
        making.communicate(timeout=60)
        assert making.returncode == 0
        asked = {"client_id": str(uuid.uuid4()), "verb": "delete", "parameters": {}, "all": True}
        headers = {"X-CSRFToken": person.token}
        answers = [
            person.session.post(f"{instance.url}/bulk/", json=asked, headers=headers, timeout=60).json()
            for _ in range(2)
        ]
        assert answers[0] == answers[1]
        act = answers[0]["id"]
        assert until_half(person, act) < 100
        instance.kill("default")
        assert f"Moved {MANY:,} recordings to the trash" in until_ended(person, act)
        assert count(person) == 0
        undone = person.session.post(f"{instance.url}/bulk/{act}/undo/", headers=headers, timeout=60)
        assert undone.status_code == 200
        assert until_half(person, act) < 100
        instance.kill("default")
        assert f"Undone for {MANY:,} recordings" in until_ended(person, act)
        assert count(person) == MANY
