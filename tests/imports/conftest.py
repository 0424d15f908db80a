"""The cast of the views."""

from tests.views.conftest import cast

__all__ = ["cast"]
