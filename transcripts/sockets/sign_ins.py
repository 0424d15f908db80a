"""Asks every other second, for all sockets of the process together, whether their sign-ins hold.

Signing out, a new password, a locked account and a change of teams reach every socket within five seconds, also those
that never receive anything. It costs three queries a round, however many sockets there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from channels.db import database_sync_to_async

from accounts.sign_ins import SignIn, still_signed_in
from transcripts import access
from transcripts.cancellation import shielded
from transcripts.sockets import codes
from transcripts.sockets.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Collection


class SignedInSocket(Protocol):
    """A socket that came with a sign-in."""

    sign_in: SignIn | None

    def dismiss_with(self, code: int) -> None:
        """Close without waiting."""

    async def admit(self, teams: frozenset[int]) -> None:
        """Take note of the teams the person belongs to now."""


class SignInWatch(Watch[SignedInSocket]):
    """The signed-in sockets of one process."""

    what = "Sign-ins"

    async def round(self) -> None:
        """Dismiss those who signed out, and tell the others which teams they are in."""
        asked = {socket: socket.sign_in for socket in self._sockets if socket.sign_in}
        if not asked:
            return
        held, teams = await shielded(look_up(frozenset(asked.values())))
        for socket, sign_in in asked.items():
            if sign_in not in held:
                socket.dismiss_with(codes.SIGNED_OUT)
            elif socket in self._sockets:
                await socket.admit(teams[sign_in.user_id])


def _look_up(asked: Collection[SignIn]) -> tuple[frozenset[SignIn], dict[int, frozenset[int]]]:
    return still_signed_in(asked), access.teams_by_user({one.user_id for one in asked})


look_up = database_sync_to_async(_look_up, thread_sensitive=False)
