"""The double of OpenAI's Realtime API in a transcription session: turns of some words, each an item."""

from __future__ import annotations

import base64
import json
from array import array
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.support.live.provider import SLOT_BYTES, Fault, Hearing, fail, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS_A_TURN = 7
LEAST_COMMIT = 4_800
SAMPLES_A_SLOT = 2_400
ITEM = "conversation.item.input_audio_transcription"


class Turns:
    """What was heard at 24 kHz, as that which `Hearing` understands, and the items it was cut in."""

    def __init__(self) -> None:
        self.hearing = Hearing(WORDS_A_TURN, hears=True)
        self.taken = 0  # bytes since the last commit
        self._runs: list[list[int]] = []
        self._items = 0

    def hear(self, wire: bytes) -> None:
        self.taken += len(wire)
        for sample in array("h", wire):
            if self._runs and self._runs[-1][0] == sample:
                self._runs[-1][1] += 1
            else:
                self._runs.append([sample, 1])
        while len(self._runs) > 1:
            self._pass_on(self._runs.pop(0))

    def commit(self) -> None:
        """Hear what is left, but for the silence that a client ends with."""
        self._runs = [run for at, run in enumerate(self._runs) if at == 0 and not (run[0] == 0 and self.hearing.audio)]
        while self._runs:
            self._pass_on(self._runs.pop(0))

    def _pass_on(self, run: list[int]) -> None:
        """At 16 kHz, and whole if it is but for what resampling blurs."""
        length = SLOT_BYTES if abs(run[1] - SAMPLES_A_SLOT) <= 2 else run[1] * 2 // 3 * 2
        self.hearing.hear(run[0].to_bytes(2, "little", signed=True) * (length // 2))

    def item(self, words: list[dict[str, Any]], *, is_ours: bool = False) -> Iterator[dict[str, Any]]:
        """All that is said of one turn."""
        self._items += 1
        named = {"item_id": f"item_{self._items}", "content_index": 0}
        previous = f"item_{self._items - 1}" if self._items > 1 else None
        if words:
            yield {"type": "input_audio_buffer.speech_started", "audio_start_ms": _ms(words[0]["start"]), **named}
        if words and not is_ours:
            yield {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": _ms(words[-1]["end"]), **named}
        yield {"type": "input_audio_buffer.committed", "previous_item_id": previous, **named}
        for word in words:
            yield {"type": f"{ITEM}.delta", "delta": f" {word['word']}", **named}
        usage = {"type": "duration", "seconds": 1}
        yield {"type": f"{ITEM}.completed", "transcript": text_of(words), "usage": usage, **named}


async def serve_realtime(request: web.Request, fault: Fault, *, is_known: bool) -> web.WebSocketResponse:
    """Hold one session, to which the fault happens. A wrong key is told only after the handshake."""
    socket = web.WebSocketResponse(protocols=("realtime",))
    await socket.prepare(request)
    if objection := _objection(request, is_known=is_known):
        await socket.send_json({"type": "error", "event_id": "e", "error": objection[1]})
        await socket.close(code=objection[0])
        return socket
    session = {"type": "transcription", "id": "sess_1", "object": "realtime.transcription_session"}
    await socket.send_json({"type": "session.created", "event_id": "e", "session": session})
    await _listen(request, socket, fault)
    return socket


def _objection(request: web.Request, *, is_known: bool) -> tuple[int, dict[str, Any]] | None:
    if not is_known:
        return 3000, _error("invalid_api_key", "Incorrect API key provided.")
    if "model" in request.query or request.query.get("intent") != "transcription":
        return 4000, _error("invalid_model", "A transcription session names no model in its address.")
    if "OpenAI-Beta" in request.headers:
        return 4000, _error("beta_api_shape_disabled", "The beta API is gone.")
    return None


async def _listen(request: web.Request, socket: web.WebSocketResponse, fault: Fault) -> None:
    turns, taken, is_updated = Turns(), 0, False
    async for message in socket:
        if message.type != WSMsgType.TEXT:
            break
        said = json.loads(message.data)
        match said["type"]:
            case "session.update":
                is_updated = True
                await socket.send_json({"type": "session.updated", "event_id": "e", "session": said["session"]})
            case "input_audio_buffer.append" if is_updated:
                wire = base64.b64decode(said["audio"])
                taken += len(wire)
                turns.hear(wire)
                if fault.do != "nothing" and taken >= fault.after_bytes:
                    await fail(socket, request, fault)
                    return
                for words in turns.hearing.finals():
                    await _tell(socket, turns.item(words))
                    turns.taken = 0
            case "input_audio_buffer.commit":
                await _commit(socket, turns)


async def _commit(socket: web.WebSocketResponse, turns: Turns) -> None:
    if turns.taken < LEAST_COMMIT:
        said = _error("input_audio_buffer_commit_empty", "The buffer holds less than 100 ms of audio.")
        await socket.send_json({"type": "error", "event_id": "e", "error": said})
        return
    turns.commit()
    listed = turns.hearing.finals(is_last=True) or [[]]
    for at, words in enumerate(listed, start=1):
        await _tell(socket, turns.item(words, is_ours=at == len(listed)))
    turns.taken = 0


async def _tell(socket: web.WebSocketResponse, said: Iterator[dict[str, Any]]) -> None:
    for event in said:
        await socket.send_json({"event_id": "e", **event})


def _error(code: str, message: str) -> dict[str, Any]:
    return {"type": "invalid_request_error", "code": code, "message": message, "param": None, "event_id": None}


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
