"""What the provider of a live session is asked for: a language, the team's vocabulary, and what the team wishes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import DatabaseError

from transcripts.providers.base import Options
from transcripts.services.provider_accounts import accounts, terms, wishes

if TYPE_CHECKING:
    from transcripts.models import LiveSession

logger = logging.getLogger(__name__)


def options_of(session: LiveSession) -> Options:
    """Return what the provider is asked for; the language alone if the database is away, for the audio doesn't wait."""
    language = accounts.language_to_ask(session.account, session.recording.language)
    try:
        team = session.recording.team
        return Options(
            language=language,
            vocabulary=terms.told_live(session.account, team, session.recording.language),
            **wishes.named(wishes.told_live(session.account, wishes.of_team(team.pk), session.recording.language)),
        )
    except DatabaseError as error:
        logger.warning("Live session %s begins without its team’s wishes: %s", session.pk, type(error).__name__)
        return Options(language=language)
