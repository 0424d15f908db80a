"""Certified transcripts: a file that says what a transcript is, how it came about and who approved it, and its proof.

A certificate is a ZIP file: the text twice (for people and for programs), its history, a manifest with the SHA-256 of
each of them and of the original recording, and an Ed25519 signature of the manifest (RFC 8032). Anyone who has the
public key can check it without the instance that issued it.
"""

from transcripts.certificates import history
from transcripts.certificates.container import NotACertificate
from transcripts.certificates.issuing import Approval, Contents, issue
from transcripts.certificates.manifest import Manifest, Sum
from transcripts.certificates.rewritten import Rewritten, SegmentText, rewritten
from transcripts.certificates.signatures import PrivateKey, PublicKey
from transcripts.certificates.verification import Verdict, verify

__all__ = [
    "Approval",
    "Contents",
    "Manifest",
    "NotACertificate",
    "PrivateKey",
    "PublicKey",
    "Rewritten",
    "SegmentText",
    "Sum",
    "Verdict",
    "history",
    "issue",
    "rewritten",
    "verify",
]
