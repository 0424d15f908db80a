"""A cast of people, and what they search."""

from __future__ import annotations

import pytest

from tests import factories


@pytest.fixture
def cast(db: None) -> factories.Cast:
    return factories.make_cast()
