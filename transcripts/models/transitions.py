"""Status changes as conditional updates."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class StatusQuerySet(models.QuerySet[Row]):
    """Rows with a `status` that changes only along `transitions` (target → sources)."""

    transitions: ClassVar[dict[str, tuple[str, ...]]]

    def transition(self, to: str, **fields: Any) -> int:
        """Move the rows that may to `to`, setting `fields` as well; return how many moved.

        Zero means that another caller was first: leave the row alone.
        """
        return self.filter(status__in=self.transitions[to]).update(status=to, **fields)
