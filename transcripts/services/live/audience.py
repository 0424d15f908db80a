"""The pages that follow transcripts through this process.

A process subscribes to a transcript once, however many of its sockets follow it, and hands each of them the same
message, encoded once. Everyone who follows is looked up again every few seconds; who has lost access is dismissed.
Nothing here waits for Redis: a message reaches this process's pages immediately, and those of other processes as soon
as Redis takes it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from channels.db import database_sync_to_async

from transcripts import access, events
from transcripts.cancellation import raise_if_cancelled, shielded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from transcripts.access import Viewer

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
# So many messages may wait for Redis; pages ask for what they missed, so the rest may be dropped.
WAITING = 1_000
# What only members of the team get: their own notes, and the state of the provider.
FOR_THE_TEAM = frozenset({"marker", "watching", "relay", "here", "left"})


class Listener(Protocol):
    """Someone's page. `who` it belongs to decides whether it can continue to follow."""

    who: Viewer
    # By which it holds the session, 0 if it only watches
    fence: int

    def receive_message(self, text: str, encoded: bytes) -> None:
        """Take a message; `encoded` is `text` as it goes over the wire."""

    def dismiss(self) -> None:
        """Close: this viewer can't follow any more."""

    def lose(self) -> None:
        """Stop recording: another connection holds the session."""


@dataclass(slots=True)
class Followers:
    """The listeners of one transcript here; `elsewhere` has each other process's count of viewers and when it came."""

    listeners: set[Listener] = field(default_factory=set)
    elsewhere: dict[str, tuple[int, float]] = field(default_factory=dict)
    watching: int = 0
    changes: int = 0

    def count(self) -> int:
        """How many watch in this process."""
        return sum(not listener.fence for listener in self.listeners)


class Audience:
    """The followers of one process, by transcript. `encode` makes the bytes that sockets write of a message."""

    def __init__(self, encode: Callable[[str], bytes]) -> None:
        self.name = uuid.uuid4().hex
        self._encode = encode
        self._followers: dict[UUID, Followers] = {}
        self._outbox: asyncio.Queue[tuple[UUID, str]] = asyncio.Queue(WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._subscription = events.Subscription()

    def open(self) -> None:
        """Start to look viewers up and to talk with the other processes."""
        work = (self._look_up, self._send_out, self._receive)
        self._tasks = [asyncio.create_task(function()) for function in work]

    async def close(self) -> None:
        """Stop that."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def join(self, transcript_id: UUID, listener: Listener) -> None:
        """Let a page follow a transcript from now on."""
        followers = self._followers.setdefault(transcript_id, Followers())
        followers.listeners.add(listener)
        await self._subscription.add(transcript_id)
        self._count(transcript_id, followers)
        # From now on the other processes tell this one too
        self._hand_out(transcript_id, {"watching": followers.count()})

    async def leave(self, transcript_id: UUID, listener: Listener) -> None:
        """Forget a page; with the last one the process unsubscribes."""
        followers = self._followers.get(transcript_id)
        if followers is None:
            return
        followers.listeners.discard(listener)
        if followers.listeners:
            self._count(transcript_id, followers)
            return
        del self._followers[transcript_id]
        self._hand_out(transcript_id, {"gone": True})
        await self._subscription.discard(transcript_id)

    def tell(self, transcript_id: UUID, message: Mapping[str, Any], *, besides: Listener | None = None) -> None:
        """Tell everyone who follows the transcript, here and in other processes, but not `besides`. Never waits."""
        text = json.dumps(message, ensure_ascii=False)
        self._deliver(transcript_id, message, text, besides)
        followers = self._followers.get(transcript_id)
        # Most transcripts are followed in one process only; Redis would cost more than everything else
        if followers is None or followers.elsewhere:
            self._hand_out(transcript_id, {"text": text})

    # Here

    def _deliver(
        self, transcript_id: UUID, message: Mapping[str, Any], text: str, besides: Listener | None = None
    ) -> None:
        followers = self._followers.get(transcript_id)
        if followers is None:
            return
        if message.get("type") == "taken":
            _make_way(followers, message["fence"])
            return
        followers.changes = max(followers.changes, message.get("change") or 0)
        is_for_guests, encoded = message.get("type") not in FOR_THE_TEAM, self._encode(text)
        for listener in tuple(followers.listeners):
            if listener is not besides and (is_for_guests or listener.who[0] != "share"):
                listener.receive_message(text, encoded)

    async def _look_up(self) -> None:
        """Dismiss viewers who lost access, and announce changes whose messages Redis lost."""
        viewers_of = database_sync_to_async(access.viewers_of, thread_sensitive=False)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            asked = {transcript_id: frozenset(one.listeners) for transcript_id, one in self._followers.items()}
            if not asked:
                continue
            try:
                found = await shielded(viewers_of(tuple(asked)))
            except Exception as error:
                logger.warning("Viewers could not be looked up: %s", type(error).__name__)
                continue
            for transcript_id, followers in tuple(self._followers.items()):
                changes, allowed = found.get(transcript_id, (0, frozenset()))
                # Those who came since were not asked about
                for listener in followers.listeners & asked.get(transcript_id, frozenset()):
                    if listener.who not in allowed:
                        listener.dismiss()
                if changes > followers.changes:
                    self._deliver(transcript_id, *_written({"type": "news", "change": changes}))
                self._count(transcript_id, followers)
                self._hand_out(transcript_id, {"watching": followers.count()})
                await self._subscription.add(transcript_id)
            raise_if_cancelled()

    def _count(self, transcript_id: UUID, followers: Followers) -> None:
        """Say how many watch, in all processes together, if that is new."""
        now = time.monotonic()
        recent = {name: told for name, told in followers.elsewhere.items() if now - told[1] < 3 * LOOK_EVERY_S}
        followers.elsewhere = recent
        watching = followers.count() + sum(count for count, _ in recent.values())
        if watching != followers.watching:
            followers.watching = watching
            self._deliver(transcript_id, *_written({"type": "watching", "count": watching}))

    # Between processes

    def _hand_out(self, transcript_id: UUID, content: Mapping[str, Any]) -> None:
        with suppress(asyncio.QueueFull):
            self._outbox.put_nowait((transcript_id, json.dumps({**content, "from": self.name}, ensure_ascii=False)))

    async def _send_out(self) -> None:
        while True:
            await events.send_to_transcript(*await self._outbox.get())
            raise_if_cancelled()

    async def _receive(self) -> None:
        while True:
            transcript_id, text = await self._subscription.receive()
            self._take(transcript_id, json.loads(text))

    def _take(self, transcript_id: UUID, content: dict[str, Any]) -> None:
        followers = self._followers.get(transcript_id)
        if followers is None or content.get("from") == self.name:
            return
        if "text" in content:
            self._deliver(transcript_id, json.loads(content["text"]), content["text"])
        elif "gone" in content:
            followers.elsewhere.pop(content["from"], None)
            self._count(transcript_id, followers)
        elif "watching" in content:
            is_new = content["from"] not in followers.elsewhere
            followers.elsewhere[content["from"]] = (content["watching"], time.monotonic())
            self._count(transcript_id, followers)
            if is_new:
                # It doesn't know of this process yet, nor of what was told before it came
                self._hand_out(transcript_id, {"watching": followers.count()})
                if followers.changes:
                    self._hand_out(transcript_id, {"text": json.dumps({"type": "news", "change": followers.changes})})


def _make_way(followers: Followers, fence: int) -> None:
    for listener in tuple(followers.listeners):
        if 0 < listener.fence < fence:
            listener.lose()


def _written(message: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return message, json.dumps(message)
