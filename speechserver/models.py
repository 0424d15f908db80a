"""The models of Whisper: which one is wanted, where its files are, and whether they are the publisher's.

Whisper base and tiny.en come as packages that hold data and nothing else (`requirements/models.txt`). They are found,
never imported. Base comes in two parts, which are joined once; every other name is downloaded by faster-whisper when it
is loaded.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import hashlib
import os
import re
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from speechserver.shipped import BASE, TINY_ENGLISH, WEIGHTS, in_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from speechserver.shipped import Shipped

VARIABLE = "WHISPER_MODEL"
BLOCK_BYTES = 1 << 20
# What a disk must have left once the model is joined
SPARE_BYTES = 64 << 20
# As faster-whisper's available_models(), whose import takes half a second; a test compares them
DOWNLOADED = frozenset(
    {
        *("tiny", "base.en", "small", "small.en", "medium", "medium.en"),
        *("large", "large-v1", "large-v2", "large-v3", "large-v3-turbo", "turbo"),
        *("distil-small.en", "distil-medium.en", "distil-large-v2", "distil-large-v3", "distil-large-v3.5"),
    }
)
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
PREFIX = re.compile(r"^(?:faster-)?(distil-)?whisper-")
SMALL = re.compile(r"(?:^|[^a-z])(?:tiny|base)(?![a-z])")


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be loaded. `path` is its folder, or a name that faster-whisper downloads."""

    name: str
    path: str
    is_small: bool


class NoModel(Exception):
    """There is no such model here. The message is one sentence: what is missing, and what to do."""


def find(wished: str, folder: Path) -> Model:
    """Return the model that WHISPER_MODEL names: empty for base, a folder, or a name. Raises NoModel.

    `folder` is where base is joined and where other models are downloaded to.
    """
    wished = wished.strip() or BASE.name
    if wished == BASE.name:
        return base(folder)
    if wished == TINY_ENGLISH.name:
        return tiny_english(folder)
    if Path(wished).expanduser().is_dir():
        return _in_folder(Path(wished).expanduser().resolve())
    if wished in DOWNLOADED or REPOSITORY.fullmatch(wished):
        return _named(wished)
    raise NoModel(f"{VARIABLE} is “{wished}”, which is neither a folder nor a model: {_choices()}.")


def base(folder: Path) -> Model:
    """Return Whisper base, joined below `folder` if it isn't yet. Raises NoModel."""
    joined = folder / "whisper-base"
    if not _is_whole(joined):
        _join(joined)
    return Model("Whisper base", str(joined), is_small=True)


def tiny_english(folder: Path) -> Model:
    """Return Whisper tiny.en, which is used inside its package: nothing is stored in `folder`. Raises NoModel."""
    paths = _packaged(TINY_ENGLISH)
    return Model("Whisper tiny.en", str(paths[WEIGHTS][0].parent), is_small=True)


def verify(model: Model, folder: Path) -> None:
    """Compare the files of a shipped model with their SHA-256, immediately before it is loaded. Raises NoModel.

    Joined files that differ are removed and joined again, once. Models of others have no sums to compare with.
    """
    path = Path(model.path)
    if path == folder / "whisper-base":
        if _altered(BASE, path):
            _join(path)
        if altered := _altered(BASE, path):
            raise NoModel(f"The disk doesn't store what is written to {path / altered}: check the disk.")
    elif path == in_package(*TINY_ENGLISH.files[WEIGHTS][0]).parent and (altered := _altered(TINY_ENGLISH, path)):
        raise _damaged(TINY_ENGLISH, path / altered)


def unloadable(model: Model, error: Exception) -> NoModel:
    """Return the sentence for whatever faster-whisper raised while it loaded or downloaded a model."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".: ")
    if Path(model.path).is_absolute():
        return NoModel(f"The model in {model.path} can't be loaded ({reason}): check {VARIABLE}.")
    return NoModel(
        f"The model “{model.path}” can't be downloaded ({reason}): check that this machine reaches huggingface.co, "
        f"or set {VARIABLE} to a folder that holds the model."
    )


def _in_folder(path: Path) -> Model:
    """Return the model in a folder of someone's own. Raises NoModel if a file is missing that would be downloaded."""
    missing = [name for name in (WEIGHTS, "tokenizer.json") if not (path / name).is_file()]
    missing += [] if any(path.glob("vocabulary.*")) else ["vocabulary.txt"]
    if missing:
        raise NoModel(
            f"{VARIABLE} names the folder {path}, which lacks {' and '.join(missing)}: "
            "name a folder with a model that was converted for faster-whisper."
        )
    return _named(path.name, str(path))


def _named(text: str, path: str = "") -> Model:
    name = PREFIX.sub(r"\1", text.rsplit("/", 1)[-1])
    return Model(f"Whisper {name}", path or text, is_small=bool(SMALL.search(name)))


def _choices() -> str:
    names = sorted({BASE.name, TINY_ENGLISH.name, *DOWNLOADED})
    return f"choose a folder that exists, or one of {', '.join(names)}"


def _packaged(model: Shipped) -> dict[str, list[Path]]:
    """Return where the packages have each file of a model. Raises NoModel."""
    found = {name: [in_package(*place) for place in places] for name, places in model.files.items()}
    if all(path.is_file() for paths in found.values() for path in paths):
        return found
    raise NoModel(
        f"Whisper {model.name} isn't installed on this machine: run make run again while the network is there, "
        "or set STT_API_ENDPOINT to a provider."
    )


def _is_whole(joined: Path) -> bool:
    """Tell whether every file is there. Each got its name only when all of it was on the disk."""
    return all((joined / name).is_file() for name in BASE.sums)


def _altered(model: Shipped, path: Path) -> str:
    """Return the name of a file that isn't what it should be, or an empty text."""
    return next((name for name, wanted in model.sums.items() if _sum(path / name) != wanted), "")


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _join(joined: Path) -> None:
    """Write the files of base to the folder `joined`, unless another process did while we waited. Raises NoModel."""
    packaged = _packaged(BASE)
    try:
        joined.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        joined.mkdir(mode=0o700, exist_ok=True)
        with _lock(joined):
            if not _altered(BASE, joined):
                return
            _make_room(joined, packaged)
            for name, parts in packaged.items():
                _write(joined / name, parts)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        what = "free some space" if full else "make the folder writable"
        raise NoModel(f"Whisper base can't be stored in {joined} ({error.strerror}): {what}.") from error


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the folder; a process that dies lets go of it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_room(joined: Path, packaged: Mapping[str, Sequence[Path]]) -> None:
    """Remove what an earlier attempt left, and check that the disk has room for the rest. Raises OSError."""
    for name in packaged:
        (joined / name).unlink(missing_ok=True)
        (joined / f"{name}.new").unlink(missing_ok=True)
    needed = sum(part.stat().st_size for parts in packaged.values() for part in parts) + SPARE_BYTES
    if shutil.disk_usage(joined).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _write(target: Path, parts: Sequence[Path]) -> None:
    """Write a file from its parts under another name, and give it its name when the disk has all of it."""
    draft, total = target.with_name(f"{target.name}.new"), hashlib.sha256()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for block in _blocks(parts):
                total.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if total.hexdigest() != BASE.sums[target.name]:
            raise _damaged(BASE, parts[0])
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def _blocks(parts: Sequence[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block


def _damaged(model: Shipped, path: Path) -> NoModel:
    return NoModel(
        f"The package with Whisper {model.name} is damaged ({path} isn't what its publisher released): "
        "remove the folder .venv and run make run again."
    )


def main() -> int:
    """Print the name of the model that the server would load first; exit status 1 and one sentence if there is none."""
    parser = argparse.ArgumentParser(prog="speechserver.models", description="Find the model of the speech server.")
    parser.add_argument("folder", type=Path, help="where models are stored")
    folder = parser.parse_args().folder.resolve()
    try:
        model = _find_or_base(os.environ.get(VARIABLE, ""), folder)
    except NoModel as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write(f"{model.name}\n")
    return 0


def _find_or_base(wished: str, folder: Path) -> Model:
    """Return the model that WHISPER_MODEL names, or base, which the server uses instead. Raises NoModel."""
    try:
        return find(wished, folder)
    except NoModel as missing:
        try:
            return base(folder)
        except NoModel:
            raise missing from None


if __name__ == "__main__":
    sys.exit(main())
