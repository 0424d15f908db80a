"""A certificate is valid as it was issued, and never after anything in it was changed."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.certificates import (
    Approval,
    Contents,
    NotACertificate,
    PrivateKey,
    PublicKey,
    Rewritten,
    Sum,
    container,
    history,
    issue,
    verify,
)
from transcripts.certificates.manifest import decoded

KEY, OTHER = PrivateKey(b"k" * 32), PrivateKey(b"o" * 32)
RECORDING = b"audio"
EDITS = [
    {
        "number": 2,
        "at": "2026-11-28T10:00:00Z",
        "kind": "edit",
        "by": "Erin",
        "segments": [["s0", {"text": "Hold the paige"}, {"text": "Hold the page"}]],
    },
    {
        "number": 3,
        "at": "2026-11-28T10:01:00Z",
        "kind": "edit",
        "by": "Erin",
        "segments": [["n1", None, {"text": "Yes"}]],
    },
]
DATA = {"segments": [{"text": "Hold the page"}, {"text": "Yes"}]}
CONTENTS = Contents(
    title="The dam",
    language="en",
    duration_ms=61_000,
    engine="Whisper",
    change=3,
    media_name="dam.mp3",
    media=Sum.of(RECORDING),
    approval=Approval("Ana", "2026-11-28T11:00:00Z"),
    text=b"Hold the page\nYes\n",
    data=json.dumps(DATA).encode(),
    history=history.written([("s0", "Hold the paige")], EDITS, ["s0", "n1"]),
    rewritten=[Rewritten(0, "paige", "page", ("Erin",), "2026-11-28T10:00:00Z")],
)
ISSUER = {"issuer": "https://example.org", "issued_at": "2026-11-28T12:00:00Z"}
ISSUED = issue(CONTENTS, KEY, **ISSUER)


def checked(file: bytes, *, key: PublicKey = KEY.public, media: bytes | None = None) -> tuple[str, ...]:
    return verify(io.BytesIO(file), [key], media=None if media is None else Sum.of(media)).faults


def changed(name: str, content: bytes) -> bytes:
    """The same certificate with another content in one of its files."""
    return container.pack({**container.unpack(io.BytesIO(ISSUED)), name: content})


def is_refused(file: bytes) -> bool:
    try:
        return bool(checked(file))
    except NotACertificate:
        return True


def test_it_is_valid_as_it_was_issued() -> None:
    verdict = verify(io.BytesIO(ISSUED), [KEY.public], media=Sum.of(RECORDING))
    assert verdict.is_valid
    assert verdict.key == KEY.public
    assert (verdict.manifest.title, verdict.manifest.approved_by) == ("The dam", "Ana")
    assert verdict.manifest.rewritten == (Rewritten(0, "paige", "page", ("Erin",), "2026-11-28T10:00:00Z"),)


def test_it_says_nothing_else_if_it_is_packed_again() -> None:
    assert not checked(container.pack(container.unpack(io.BytesIO(ISSUED))))


@pytest.mark.parametrize("name", sorted(container.MEMBERS))
@settings(deadline=None)
@given(st.data())
def test_a_byte_changed_in_any_of_its_files_is_found(name: str, data: st.DataObject) -> None:
    content = container.unpack(io.BytesIO(ISSUED))[name]
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    assert is_refused(changed(name, content[:at] + bytes([other]) + content[at + 1 :]))


@pytest.mark.parametrize("name", sorted(container.MEMBERS))
@settings(deadline=None)
@given(st.data())
def test_bytes_added_to_or_taken_from_any_of_its_files_are_found(name: str, data: st.DataObject) -> None:
    content = container.unpack(io.BytesIO(ISSUED))[name]
    at = data.draw(st.integers(0, len(content) - 1))
    assert is_refused(changed(name, content[:at] + data.draw(st.binary(min_size=1, max_size=3)) + content[at:]))
    assert is_refused(changed(name, content[:at]))


def test_every_field_of_the_manifest_is_signed() -> None:
    manifest = json.loads(container.unpack(io.BytesIO(ISSUED))[container.MANIFEST])
    for field in manifest:
        other = json.dumps({**manifest, field: None}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        assert is_refused(changed(container.MANIFEST, other.encode())), field


def test_another_recording_is_found() -> None:
    assert not checked(ISSUED, media=RECORDING)
    assert checked(ISSUED, media=b"audiO") == ("The recording is not the one that was certified, or it was changed.",)


def test_a_key_that_is_not_trusted_proves_nothing() -> None:
    assert checked(ISSUED, key=OTHER.public) == (
        f"It is signed with a key that is not known here: {KEY.public.fingerprint}.",
    )


def test_who_signs_something_else_with_their_own_key_is_not_believed() -> None:
    forged = issue(replace(CONTENTS, title="Another"), OTHER, **ISSUER)
    assert any("not known" in fault for fault in checked(forged))


@pytest.mark.parametrize(
    "told",
    [
        history.written([("s0", "Hold the stage")], EDITS, ["s0", "n1"]),
        history.written([("s0", "Hold the paige")], EDITS[:1], ["s0"]),
        history.written([("s0", "Hold the paige")], EDITS[::-1], ["s0", "n1"]),
        history.written([("s0", "Hold the paige")], EDITS, ["n1", "s0"]),
        b"nonsense",
        b"",
        b"1\n2\n3\n",
    ],
)
def test_a_history_that_does_not_lead_to_the_text_is_no_proof_even_if_it_is_signed(told: bytes) -> None:
    signed = issue(replace(CONTENTS, history=told), KEY, **ISSUER)
    assert len(checked(signed)) == 1


def zipped(**parts: bytes) -> bytes:
    return container.pack({name.replace("_", "."): content for name, content in parts.items()})


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not a ZIP file",
        ISSUED[: len(ISSUED) // 2],
        zipped(manifest_json=b"{}"),
        zipped(manifest_json=b"[" * 100_000, signature_json=b"{}"),
        changed("another.txt", b"more"),
        changed(container.MANIFEST, b"[]"),
        changed(container.MANIFEST, b"[" * 100_000),
        changed(container.SIGNATURE, b'{"public_key": "AAAA", "signature": ""}'),
    ],
)
def test_what_is_no_certificate_is_refused_in_words(file: bytes) -> None:
    with pytest.raises(NotACertificate, match=r"^(This|The) .*\.$"):
        verify(io.BytesIO(file), [KEY.public])


def test_a_file_that_unpacks_to_more_than_any_transcript_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(container, "MOST_BYTES", 1_000_000)
    with pytest.raises(NotACertificate, match="larger"):
        verify(io.BytesIO(changed(container.HISTORY, b"0" * 1_000_001)), [KEY.public])


def test_a_certificate_of_a_newer_version_says_so() -> None:
    with pytest.raises(NotACertificate, match="newer version"):
        decoded(b'{"format": "verbatim-certificate/2"}')


def test_a_damaged_member_is_no_certificate() -> None:
    with zipfile.ZipFile(io.BytesIO(ISSUED)) as archive:
        begin = archive.getinfo(container.HISTORY).header_offset + 60
    damaged = ISSUED[:begin] + bytes(20) + ISSUED[begin + 20 :]
    with pytest.raises(NotACertificate):
        verify(io.BytesIO(damaged), [KEY.public])
