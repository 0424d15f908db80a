"""A live session in which something was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.live.session import SAID

if TYPE_CHECKING:
    from tests.browser.site import Site


@pytest.fixture
def live(stage: Site) -> str:
    """A session in which two segments were said."""
    return str(stage.do("live", title="Editorial meeting", said=SAID))
