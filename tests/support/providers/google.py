"""A double of Google Cloud Speech-to-Text v2 and of the address that gives its tokens, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/google/test_double.py`).
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.providers.double import ENTRY, Double
from tests.support.pulse import TEXT, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT, EMAIL = "court-42", "scribe@court-42.iam.gserviceaccount.com"
RECOGNISERS = f"/v2/projects/{PROJECT}/locations/global/recognizers"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
AUDIENCE = "https://oauth2.googleapis.com/token"
LONGEST_CLAIM_S = 3_600


class GoogleDouble(Double):
    """Google, with the faults that a `Double` plays, on `token` too. The ledger has the `config` of an upload.

    Its tokens last `lasts_s` of the clock `now`; `date` is the time that it believes in, which claims are held against.
    """

    max_bytes = 64 * 1024**2

    def __init__(self) -> None:
        self._private = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self.reset()
        super().__init__()

    def reset(self) -> None:
        """Forget all tokens, and give such as last an hour."""
        self.lasts_s = 3_600
        self.now: Callable[[], float] = time.monotonic
        self.date: Callable[[], float] = time.time
        self._tokens: dict[str, float] = {}

    @cached_property
    def key(self) -> str:  # type: ignore[override]  # others have the same one each time
        """The JSON of a service account's key."""
        return self.key_with()

    def key_with(self, **changes: Any) -> str:
        """The JSON of a key in which something is else."""
        pem = self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        parts = {"type": "service_account", "project_id": PROJECT, "private_key_id": "k1", "private_key": pem}
        return json.dumps({**parts, "client_email": EMAIL, "token_uri": f"{self.url}/token", **changes})

    def revoke(self) -> None:
        """Take back all tokens before their time."""
        self._tokens.clear()

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [
            web.post("/token", self._token),
            web.get(RECOGNISERS, self._recognisers),
            web.post(f"{RECOGNISERS}/_:recognize", self._upload),
        ]

    def kind_of(self, request: web.Request) -> str:
        """Return what a request is."""
        if request.path == "/token":
            return "token"
        return "upload" if request.path.endswith(":recognize") else "health"

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        dated = {hdrs.DATE: time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(self.date()))}
        objection = "" if form.get("grant_type") == GRANT_TYPE else "Invalid grant_type"
        if objection := objection or self._objection_to(str(form.get("assertion", ""))):
            said = {"error": "invalid_grant", "error_description": objection}
            return web.json_response(said, status=400, headers=dated)
        token = f"ya29.{secrets.token_hex(16)}"
        self._tokens[token] = self.now() + self.lasts_s
        given = {"access_token": token, "expires_in": self.lasts_s, "token_type": "Bearer"}
        return web.json_response(given, headers=dated)

    def _objection_to(self, claim: str) -> str:
        try:
            header, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in claim.split("."))
            signed = claim.rpartition(".")[0].encode()
            self._private.public_key().verify(signature, signed, PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            return "Invalid JWT Signature."
        told, now = json.loads(claims), self.date()
        if json.loads(header).get("alg") != "RS256" or told["iss"] != EMAIL or told["scope"] != SCOPE:
            return "Invalid JWT: its algorithm, issuer or scope is not known."
        if told["aud"] != AUDIENCE:
            return "Invalid JWT: Failed audience check."
        if not told["iat"] <= now < told["exp"] <= told["iat"] + LONGEST_CLAIM_S:
            return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        return ""

    def _unauthorised(self, request: web.Request) -> web.Response | None:
        token = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ")
        if self.now() < self._tokens.get(token, float("-inf")):
            return None
        return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")

    async def _recognisers(self, request: web.Request) -> web.Response:
        return self._unauthorised(request) or web.json_response({})

    async def _upload(self, request: web.Request) -> web.Response:
        if objection := self._unauthorised(request):
            return objection
        told = json.loads(await request.read())
        if not told["config"].get("languageCodes") or "autoDecodingConfig" not in told["config"]:
            return _error(400, "INVALID_ARGUMENT", "Invalid recognition config.")
        request[ENTRY].update(config=told["config"], bytes=len(base64.b64decode(told["content"], validate=True)))
        return web.json_response(_transcription(told["config"]))


def _error(code: int, status: str, message: str, *details: dict[str, Any]) -> web.Response:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return web.json_response({"error": error}, status=code)


def _transcription(config: dict[str, Any]) -> dict[str, Any]:
    alternative = {"transcript": TEXT, "confidence": 0.93, "words": list(_words(config["features"]))}
    result = {"alternatives": [alternative], "resultEndOffset": "1.900s", "languageCode": "en-us"}
    return {"results": [result], "metadata": {"totalBilledDuration": "2s", "requestId": "6a1f"}}


def _words(features: dict[str, Any]) -> Iterator[dict[str, Any]]:
    words: list[dict[str, Any]] = WORDS
    for word in words:
        told: dict[str, Any] = {"word": word["word"]}
        if features.get("enableWordTimeOffsets"):
            told |= {"startOffset": f"{word['start']:.3f}s", "endOffset": f"{word['end']:.3f}s"}
        if features.get("enableWordConfidence"):
            told["confidence"] = word["confidence"]
        yield told | ({"speakerLabel": str(word["speaker"] + 1)} if "diarizationConfig" in features else {})
