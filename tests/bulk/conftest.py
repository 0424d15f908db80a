"""A team with recordings, and what is done to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from transcripts.services.bulk import acts, worker
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import BulkAct, Recording


@pytest.fixture
def cast(db: None) -> Cast:
    environment.from_environment()
    return factories.make_cast()


@pytest.fixture
def recordings(cast: Cast) -> list[Recording]:
    return [factories.make_recording(cast.team, f"Tape {number}", owner=cast.alice) for number in range(3)]


def begin(actor: User, recordings: Sequence[Recording], verb: str, **parameters: Any) -> BulkAct:
    return acts.begin(actor, recordings, verb=verb, parameters=parameters, client_id=uuid.uuid4())


def run(act: BulkAct) -> BulkAct:
    worker.run(act.pk)
    act.refresh_from_db()
    return act


def do(actor: User, recordings: Sequence[Recording], verb: str, **parameters: Any) -> BulkAct:
    return run(begin(actor, recordings, verb, **parameters))


def undo(act: BulkAct) -> BulkAct:
    acts.undo(act)
    return run(act)


def outcomes(act: BulkAct) -> dict[str, tuple[str, str, str]]:
    """Return what became of each recording: outcome, outcome of the undo, message."""
    found = act.items.values_list("title", "outcome", "undo_outcome", "message")
    return {title: (outcome, undone, message) for title, outcome, undone, message in found}
