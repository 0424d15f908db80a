"""Certificates are made here: everything that they say is put together and signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.certificates import container, history, signatures
from transcripts.certificates.manifest import FORMAT, Manifest, Sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.certificates.rewritten import Rewritten
    from transcripts.certificates.signatures import PrivateKey, PublicKey

README = """This is a certified transcript of “{title}”.

transcript.txt    the text
transcript.json   the text with the times of its words, for programs
history.jsonl     every change since the machine transcribed the recording
manifest.json     what is certified: SHA-256 sums of these files and of the recording, and who approved the text when
signature.json    the Ed25519 signature of manifest.json

{approved_by} approved it at {approved_at}.
Recording: {media_name}, SHA-256 {sha256}
Signed by {issuer} with the key {fingerprint}

To check it, open {issuer}/verify/ or run `manage.py verify FILE` of any Verbatim. Compare the fingerprint of the key
with one that you have from the people who signed it.
"""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved a transcript, and when (ISO 8601)."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What is certified. `change` is the number of the transcript's last change; `text` and `data` are its exports.

    `media` is the original recording, `media_name` how its file was called.
    """

    title: str
    language: str
    duration_ms: int
    engine: str
    change: int
    media_name: str
    media: Sum
    approval: Approval
    text: bytes
    data: bytes
    history: bytes
    rewritten: Sequence[Rewritten] = ()


def issue(contents: Contents, key: PrivateKey, *, issuer: str, issued_at: str) -> bytes:
    """Return the file of a certificate. `issuer` is the address of the instance, `issued_at` in ISO 8601."""
    files = {
        container.TEXT: contents.text,
        container.DATA: contents.data,
        container.HISTORY: contents.history,
        container.README: _readme(contents, key.public, issuer),
    }
    manifest = _manifest(contents, files, issuer, issued_at).encoded()
    return container.pack(
        {container.MANIFEST: manifest, container.SIGNATURE: signatures.encoded(key.public, key.sign(manifest)), **files}
    )


def _manifest(contents: Contents, files: dict[str, bytes], issuer: str, issued_at: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        issued_at=issued_at,
        issuer=issuer,
        title=contents.title,
        language=contents.language,
        duration_ms=contents.duration_ms,
        engine=contents.engine,
        change=contents.change,
        media_name=contents.media_name,
        media=contents.media,
        files={name: Sum.of(content) for name, content in files.items()},
        history=history.head(contents.history),
        approved_by=contents.approval.by,
        approved_at=contents.approval.at,
        rewritten=tuple(contents.rewritten),
    )


def _readme(contents: Contents, public: PublicKey, issuer: str) -> bytes:
    return README.format(
        title=contents.title,
        approved_by=contents.approval.by,
        approved_at=contents.approval.at,
        media_name=contents.media_name,
        sha256=contents.media.sha256,
        issuer=issuer,
        fingerprint=public.fingerprint,
    ).encode()
