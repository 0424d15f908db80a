"""The cast of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories

if TYPE_CHECKING:
    from tests.factories import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Erin, Vera and Charlie."""
    return factories.make_cast()
