"""The migration of the search index can be taken back, and done again with what was written in between."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from tests import factories
from transcripts.document.search.query import parse
from transcripts.models import Segment
from transcripts.services.search.index import index


@pytest.mark.django_db(transaction=True)
def test_it_leaves_nothing_and_comes_back_with_everything() -> None:
    team = factories.make_user("Alice Adams").personal_team
    factories.make_transcript(factories.make_recording(team), [("A", "Written with an index.")])
    call_command("migrate", "transcripts", "0044", verbosity=0)
    try:
        assert [name for name in connection.introspection.table_names() if name.startswith("search")] == []
        Segment.objects.update(text="Changed without an index.")
    finally:
        call_command("migrate", verbosity=0)
    assert len(index().segments(parse("changed"))) == 1
    assert index().faults() == []
