"""Find the model that WHISPER_MODEL names, and check its files before they are loaded."""

from __future__ import annotations

import re
from pathlib import Path

from speechserver.models import packages
from speechserver.models.assembly import assemble, is_whole
from speechserver.models.model import VARIABLE, Model, ModelUnavailable
from speechserver.models.packages import TINY_ENGLISH, WEIGHTS, altered_file, in_package, installed_files

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


def find(name: str, folder: Path) -> Model:
    """Return the model that WHISPER_MODEL names: empty for base, a folder, or a name. Raises ModelUnavailable.

    `folder` is where base is joined and where other models are downloaded to.
    """
    name = name.strip() or packages.BASE.name
    if name == packages.BASE.name:
        return base(folder)
    if name == TINY_ENGLISH.name:
        return tiny_english(folder)
    if Path(name).expanduser().is_dir():
        return _in_folder(Path(name).expanduser().resolve())
    if name in DOWNLOADED or REPOSITORY.fullmatch(name):
        return _named(name)
    raise ModelUnavailable(f"{VARIABLE} is “{name}”, which is neither a folder nor a model: {_choices()}.")


def base(folder: Path) -> Model:
    """Return Whisper base, joined below `folder` if it isn't yet. Raises ModelUnavailable."""
    joined = folder / "whisper-base"
    if not is_whole(joined):
        assemble(joined)
    return Model("Whisper base", str(joined), is_small=True)


def tiny_english(folder: Path) -> Model:
    """Return Whisper tiny.en, which is used inside its package. Raises ModelUnavailable."""
    paths = installed_files(TINY_ENGLISH)
    return Model("Whisper tiny.en", str(paths[WEIGHTS][0].parent), is_small=True)


def verify(model: Model, folder: Path) -> None:
    """Compare the files of a packaged model with their SHA-256, immediately before it is loaded.

    Joined files that differ are removed and joined again, once. Other models have no published sums to compare with.
    Raises ModelUnavailable.
    """
    path = Path(model.path)
    if path == folder / "whisper-base":
        if altered_file(packages.BASE, path):
            assemble(path)
        if altered := altered_file(packages.BASE, path):
            raise ModelUnavailable(f"The disk doesn't store what is written to {path / altered}: check the disk.")
    elif path == in_package(*TINY_ENGLISH.files[WEIGHTS][0]).parent and (altered := altered_file(TINY_ENGLISH, path)):
        raise packages.damaged(TINY_ENGLISH, path / altered)


def unloadable(model: Model, error: Exception) -> ModelUnavailable:
    """Return the error to report for what faster-whisper raised while it loaded or downloaded a model."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".: ")
    if Path(model.path).is_absolute():
        return ModelUnavailable(f"The model in {model.path} can't be loaded ({reason}): check {VARIABLE}.")
    return ModelUnavailable(
        f"The model “{model.path}” can't be downloaded ({reason}): check that this machine reaches huggingface.co, "
        f"or set {VARIABLE} to a folder that holds the model."
    )


def _in_folder(path: Path) -> Model:
    """Return the model in an operator's own folder. Raises ModelUnavailable if a file is missing."""
    missing = [name for name in (WEIGHTS, "tokenizer.json") if not (path / name).is_file()]
    missing += [] if any(path.glob("vocabulary.*")) else ["vocabulary.txt"]
    if missing:
        raise ModelUnavailable(
            f"{VARIABLE} names the folder {path}, which lacks {' and '.join(missing)}: "
            "name a folder with a model that was converted for faster-whisper."
        )
    return _named(path.name, str(path))


def _named(text: str, path: str = "") -> Model:
    name = PREFIX.sub(r"\1", text.rsplit("/", 1)[-1])
    return Model(f"Whisper {name}", path or text, is_small=bool(SMALL.search(name)))


def _choices() -> str:
    names = sorted({packages.BASE.name, TINY_ENGLISH.name, *DOWNLOADED})
    return f"choose a folder that exists, or one of {', '.join(names)}"
