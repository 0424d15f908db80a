"""The speech corpus that lies beside the project, where it is there."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import jiwer
import pytest

PROJECT = Path(__file__).resolve().parents[2]


def corpus() -> Path:
    """The folder of the corpus; skips the test where there is none."""
    folder = Path(os.environ.get("VERBATIM_CORPUS") or PROJECT.parent / "shared" / "corpus")
    if not (folder / "manifest.tsv").exists():
        pytest.skip(f"The speech corpus is not at {folder}; set VERBATIM_CORPUS to where it is.")
    return folder


def found(kind: str) -> Path:
    """The folder of inputs of one kind that failed in the field; skips the test where there is none."""
    folder = corpus() / "found" / kind
    if not folder.is_dir():
        pytest.skip(f"There are no inputs of this kind at {folder}.")
    return folder


def exact_english() -> list[tuple[Path, str]]:
    """Every English recording whose reference text is exact, with that text."""
    folder = corpus()
    with (folder / "manifest.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return [(folder / row["file"], row["reference"]) for row in rows if _is_exact_english(row)]


def word_errors(reference: str, heard: str) -> tuple[int, int]:
    """How many words were wrong, missing or invented, of how many; case and punctuation do not count."""
    result = jiwer.process_words(_plain(reference), _plain(heard))
    errors = result.substitutions + result.deletions + result.insertions
    return errors, result.hits + result.substitutions + result.deletions


def _is_exact_english(row: dict[str, str]) -> bool:
    return row["language"].startswith("en") and row["reference_kind"].startswith("exact")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).split())
