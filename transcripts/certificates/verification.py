"""Certificates are checked here, with nothing but the file and the public keys that one trusts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from transcripts.certificates import container, history, signatures
from transcripts.certificates.manifest import Manifest, Sum, decoded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from transcripts.certificates.signatures import PublicKey

UNSIGNED = "The signature doesn’t belong to this manifest: one of the two was changed."
UNKNOWN_KEY = "It is signed with a key that is not known here: {}."
CHANGED = "{} was changed after it was certified."
OTHER_CHAIN = "The history is not the one that was certified."
OTHER_TEXT = "The history doesn’t lead to this text."
OTHER_MEDIA = "The recording is not the one that was certified, or it was changed."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a certificate says, the key that it names, and what is wrong with it: nothing if it is valid."""

    manifest: Manifest
    key: PublicKey
    faults: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        """Whether everything is as it was certified, by a key that is trusted."""
        return not self.faults


def verify(file: IO[bytes], trusted: Collection[PublicKey], *, media: Sum | None = None) -> Verdict:
    """Check a certificate, and the recording if its sum is given. `trusted` are the keys that may have signed it.

    Raises NotACertificate for anything else.
    """
    parts = container.unpack(file)
    manifest = decoded(parts[container.MANIFEST])
    key, signature = signatures.decoded(parts[container.SIGNATURE])
    faults = []
    if not key.has_signed(parts[container.MANIFEST], signature):
        faults.append(UNSIGNED)
    if key not in trusted:
        faults.append(UNKNOWN_KEY.format(key.fingerprint))
    faults += [CHANGED.format(name) for name in container.CERTIFIED if manifest.files.get(name) != Sum.of(parts[name])]
    faults += _faults_of_history(manifest, parts)
    if media is not None and media != manifest.media:
        faults.append(OTHER_MEDIA)
    return Verdict(manifest, key, tuple(faults))


def _faults_of_history(manifest: Manifest, parts: Mapping[str, bytes]) -> list[str]:
    if history.head(parts[container.HISTORY]) != manifest.history:
        return [OTHER_CHAIN]
    try:
        led_to = history.texts(parts[container.HISTORY])
        says = [segment["text"] for segment in json.loads(parts[container.DATA])["segments"]]
    except history.BrokenHistory as error:
        return [str(error)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [OTHER_TEXT]
    return [] if led_to == says else [OTHER_TEXT]
