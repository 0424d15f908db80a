"""AssemblyAI: the audio is uploaded, a transcript of it is asked for, and its id is asked for until it is there.

Only the second request is charged for. Until it was sent, everything can be done again without harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from transcripts.providers.assemblyai.wishes import for_files
from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import Ambiguous, BadAnswer, QuotaExceeded, UnknownJob, Unreachable
from transcripts.providers.http import Client
from transcripts.providers.media_types import UNKNOWN
from transcripts.providers.parsing.documents import has_text, read_document
from transcripts.providers.parsing.ids import id_in
from transcripts.providers.parsing.milliseconds import in_seconds
from transcripts.providers.wire import decode, raise_for, read_json, read_text, said, sentence_of, unless_taken

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.document import Document
    from transcripts.providers.base import Connection, Options
    from transcripts.providers.wire import Reply

ENGINE = "AssemblyAI"
NOT_YET = frozenset({"queued", "processing"})
GAVE_UP = frozenset({"error", "failed"})
# What a refusal says that is about the plan and not about the audio or the key.
PLAN_WORDS = ("balance", "credit card", "upgrade", "insufficient funds", "paid-only")
PLAN_CODES = (400, 402, 403)
NO_SUCH_TRANSCRIPT = "not found"
MAX_ADDRESS = 2_000


class AssemblyAI:
    """The adapter; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection, key_prefix="")
        self._connection = connection
        self._key = connection.api_key

    def health(self) -> Health:
        """Ask for one of the transcripts, which shows that the key is good."""
        reply = self._client.get("/v2/transcript", query={"limit": "1"})
        self._raise_for(reply)
        read_json(reply)
        return Health(engine=ENGINE)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Upload the audio and ask for its transcript. Raises Ambiguous only if the transcript may have been begun."""
        address = self._upload(audio)
        wishes = {"audio_url": address, **for_files(options, self._connection.model)}
        reply = None
        try:
            reply = self._ask_for_transcript(wishes)
            self._raise_for(reply)
            processing_id = id_in(reply, "id")
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.PROCESSING, raw=reply.body, processing_id=processing_id, is_queued=True)

    def check(self, processing_id: str) -> Answer:
        """Ask for the transcript; the last answer is the transcript itself."""
        reply = self._client.get(f"/v2/transcript/{quote(processing_id, safe='')}")
        if reply.status_code == 404 or (reply.status_code == 400 and NO_SUCH_TRANSCRIPT in said(reply, key=self._key)):
            raise UnknownJob("The provider no longer knows this transcript", status_code=reply.status_code)
        self._raise_for(reply)
        return self._answer(processing_id, reply)

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer, whose times are milliseconds."""
        data = decode(raw)
        return read_document(
            {
                **({"transcription": data["text"]} if "text" in data else {}),
                "segments": in_seconds(data.get("utterances")),
                "words": in_seconds(data.get("words")),
                "language": language_tag(data.get("language_code")),
                "language_probability": data.get("language_confidence"),
                "duration": data.get("audio_duration"),
                "engine": ENGINE,
            }
        )

    def _upload(self, audio: Path) -> str:
        """Bring the bytes there; what failed here left nothing behind that is charged for."""
        try:
            reply = self._client.post_body("/v2/upload", file=audio, content_type=UNKNOWN)
        except Ambiguous as error:
            raise Unreachable(
                "The connection broke while the audio was uploaded; nothing is transcribed yet",
                status_code=error.status_code,
            ) from error
        self._raise_for(reply)
        address = read_json(reply).get("upload_url")
        if not isinstance(address, str) or not 0 < len(address) <= MAX_ADDRESS:
            raise BadAnswer("The provider's answer holds no address of the upload", status_code=reply.status_code)
        return address

    def _ask_for_transcript(self, wishes: dict[str, Any]) -> Reply:
        """Ask again if nothing was sent: the bytes are there already, and gigabytes take long."""
        try:
            return self._client.post_json("/v2/transcript", wishes)
        except Unreachable:
            return self._client.post_json("/v2/transcript", wishes)

    def _raise_for(self, reply: Reply) -> None:
        sentence = said(reply, key=self._key)
        if reply.status_code in PLAN_CODES and any(word in sentence.lower() for word in PLAN_WORDS):
            raise QuotaExceeded(sentence, status_code=reply.status_code)
        raise_for(reply, key=self._key, pause_ms=None)

    def _answer(self, processing_id: str, reply: Reply) -> Answer:
        data = read_json(reply)
        status = read_text(data.get("status")).lower()
        if status in NOT_YET:
            return Answer(State.PROCESSING, reply.body, processing_id, is_queued=status == "queued")
        # An undocumented field is no reason to throw away a transcript.
        if status == "completed" or (status not in GAVE_UP and has_text(data)):
            return Answer(State.COMPLETED, reply.body, processing_id, progress=1.0)
        if not status:
            raise BadAnswer("The provider's answer has no status", status_code=reply.status_code)
        message = sentence_of(data, key=self._key) or f"The provider gave up on this audio (status {status[:40]!r})"
        return Answer(State.FAILED, reply.body, processing_id, message=message)


def language_tag(code: object) -> object:
    """Return its code for a language, such as `en_us`, as others write it; it calls Britain `uk`."""
    return "en-GB" if isinstance(code, str) and code.lower() in ("en_uk", "en-uk") else code
