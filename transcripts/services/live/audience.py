"""Those who listen to live sessions through this process.

A process hears of a session once, however many listen here, and hands each of them the same frame: a text frame of the
WebSocket protocol (RFC 6455, section 5.2), made once. Whoever listens is looked up again every few seconds; whoever
may not any more is sent away. Nothing here waits for Redis: what is told here is heard here at once, and by the other
processes as soon as Redis takes it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from transcripts import access, events
from transcripts.cancellation import refuse_to_live_on, uncut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from transcripts.access import Who

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
# So many messages may wait for Redis; pages ask for what they missed, so the rest may be dropped.
WAITING = 1_000
# What only members of the team hear: their own notes, and how the work stands.
FOR_THE_TEAM = frozenset({"marker", "watching", "relay"})


class Listener(Protocol):
    """Somebody's page. `who` it belongs to decides whether it goes on hearing."""

    who: Who
    # By which it holds the session, 0 if it only watches
    fence: int

    def hear(self, text: str, frame: bytes) -> None:
        """Take a message; `frame` is `text` as it goes over the wire."""

    def dismiss(self) -> None:
        """Close: this person can't listen any more."""

    def lose(self) -> None:
        """Stop recording: another connection holds the session."""


@dataclass(slots=True)
class House:
    """The listeners of one session here; `elsewhere` has each other process's count of watchers and when it said so."""

    listeners: set[Listener] = field(default_factory=set)
    elsewhere: dict[str, tuple[int, float]] = field(default_factory=dict)
    watching: int = 0
    changes: int = 0

    def count(self) -> int:
        """How many watch in this process."""
        return sum(not listener.fence for listener in self.listeners)


def text_frame(text: str) -> bytes:
    """The text as one unmasked frame, as a server sends it."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


class Audience:
    """The listeners of one process, by session."""

    def __init__(self) -> None:
        self.name = uuid.uuid4().hex
        self._houses: dict[UUID, House] = {}
        self._outbox: asyncio.Queue[tuple[UUID, str]] = asyncio.Queue(WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._ear = events.Ear()

    async def join(self, session_id: UUID, listener: Listener) -> None:
        """Let somebody listen from now on."""
        house = self._houses.setdefault(session_id, House())
        house.listeners.add(listener)
        if not self._tasks:
            self._ear = events.Ear()
            self._tasks = [asyncio.create_task(work()) for work in (self._look_up, self._send_out, self._listen)]
        await self._ear.add(session_id)
        self._count(session_id, house)
        # From now on the other processes tell this one too
        self._hand_out(session_id, {"watching": house.count()})

    async def leave(self, session_id: UUID, listener: Listener) -> None:
        """Forget somebody; the last one who goes ends the work here."""
        house = self._houses.get(session_id)
        if house is None:
            return
        house.listeners.discard(listener)
        if house.listeners:
            self._count(session_id, house)
            return
        del self._houses[session_id]
        self._hand_out(session_id, {"gone": True})
        await self._ear.discard(session_id)
        if not self._houses:
            await self._rest()

    def tell(self, session_id: UUID, message: Mapping[str, Any]) -> None:
        """Tell everybody who listens to the session, here and in other processes. Never waits."""
        text = json.dumps(message, ensure_ascii=False)
        self._deliver(session_id, message, text)
        house = self._houses.get(session_id)
        # Most sessions have listeners in one process only; Redis would cost more than everything else
        if house is None or house.elsewhere:
            self._hand_out(session_id, {"text": text})

    # Here

    def _deliver(self, session_id: UUID, message: Mapping[str, Any], text: str) -> None:
        house = self._houses.get(session_id)
        if house is None:
            return
        if message.get("type") == "taken":
            _make_way(house, message["fence"])
            return
        house.changes = max(house.changes, message.get("change") or 0)
        is_for_guests, frame = message.get("type") not in FOR_THE_TEAM, text_frame(text)
        for listener in tuple(house.listeners):
            if is_for_guests or listener.who[0] != "share":
                listener.hear(text, frame)

    async def _look_up(self) -> None:
        """Send away whoever may not listen any more, and say what was missed where Redis lost a message."""
        hearers = database_sync_to_async(access.hearers_of, thread_sensitive=False)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            asked = {session_id: frozenset(house.listeners) for session_id, house in self._houses.items()}
            try:
                found = await uncut(hearers(tuple(asked)))
            except Exception as error:
                logger.warning("Those who listen could not be looked up: %s", type(error).__name__)
                continue
            for session_id, house in tuple(self._houses.items()):
                changes, allowed = found.get(session_id, (0, frozenset()))
                # Whoever came meanwhile was not asked about
                for listener in house.listeners & asked.get(session_id, frozenset()):
                    if listener.who not in allowed:
                        listener.dismiss()
                if changes > house.changes:
                    self._deliver(session_id, *_written({"type": "news", "change": changes}))
                self._count(session_id, house)
                self._hand_out(session_id, {"watching": house.count()})
                await self._ear.add(session_id)
            refuse_to_live_on()

    def _count(self, session_id: UUID, house: House) -> None:
        """Say how many watch, in all processes together, where that is new."""
        now = time.monotonic()
        house.elsewhere = {name: said for name, said in house.elsewhere.items() if now - said[1] < 3 * LOOK_EVERY_S}
        watching = house.count() + sum(count for count, _ in house.elsewhere.values())
        if watching != house.watching:
            house.watching = watching
            self._deliver(session_id, *_written({"type": "watching", "count": watching}))

    # Between processes

    def _hand_out(self, session_id: UUID, content: Mapping[str, Any]) -> None:
        with suppress(asyncio.QueueFull):
            self._outbox.put_nowait((session_id, json.dumps({**content, "from": self.name}, ensure_ascii=False)))

    async def _send_out(self) -> None:
        while True:
            await events.send_live(*await self._outbox.get())
            refuse_to_live_on()

    async def _listen(self) -> None:
        while True:
            session_id, text = await self._ear.hear()
            self._hear(session_id, json.loads(text))

    def _hear(self, session_id: UUID, content: dict[str, Any]) -> None:
        house = self._houses.get(session_id)
        if house is None or content.get("from") == self.name:
            return
        if "text" in content:
            self._deliver(session_id, json.loads(content["text"]), content["text"])
        elif "gone" in content:
            house.elsewhere.pop(content["from"], None)
            self._count(session_id, house)
        elif "watching" in content:
            is_new = content["from"] not in house.elsewhere
            house.elsewhere[content["from"]] = (content["watching"], time.monotonic())
            self._count(session_id, house)
            if is_new:
                # It does not know of this one yet, nor of what was told before it came
                self._hand_out(session_id, {"watching": house.count()})
                if house.changes:
                    self._hand_out(session_id, {"text": json.dumps({"type": "news", "change": house.changes})})

    async def _rest(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _make_way(house: House, fence: int) -> None:
    for listener in tuple(house.listeners):
        if 0 < listener.fence < fence:
            listener.lose()


def _written(message: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return message, json.dumps(message)


_audiences: WeakKeyDictionary[asyncio.AbstractEventLoop, Audience] = WeakKeyDictionary()


def here() -> Audience:
    """The audience of this process, which is that of its event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _audiences:
        _audiences[loop] = Audience()
    return _audiences[loop]
