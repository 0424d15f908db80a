"""A hook for tests/conftest.py: where everything is installed, nothing in the browser may be skipped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped browser test into a failed one when CI is set."""
    report = yield
    forbidden = os.environ.get("CI") and item.get_closest_marker("browser")
    if forbidden and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else "no reason"
        report.outcome = "failed"
        report.longrepr = f"A browser test may not be skipped in CI, and this one was: {reason}"
    return report
