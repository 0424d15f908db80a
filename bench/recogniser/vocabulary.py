"""The vocabulary of the recogniser of this machine, on every recording of the corpus.

    python -m bench.recogniser.vocabulary [NAME ...]

Each recording is transcribed without a vocabulary, with its own names and rare words among terms that no one says, and
with those alone. Printed are how many of its names and rare words are found, how many other words are wrong, and how
often a term is written that no one says: half of those sound like what is said in the corpus. Words that the model
spells in three tokens or more are rare.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import jiwer

from bench.recogniser.accuracy import BY_CHARACTER, Recording, normaliser, recordings
from bench.report import report
from speechserver import models
from speechserver.audio import read_samples
from speechserver.options import Options
from speechserver.recogniser.recording import Transcription
from speechserver.recogniser.whisper import Whisper

# Names that the rule for rare words may miss
NAMES = ("Dashwood", "Grimmelshausen", "Melchior Sternfels", "Jakob", "crocodile")
FAR = (
    "Thalweg", "Kowalczyk", "Zbigniew", "Okonkwo", "Birkenstock", "Montelukast", "Siobhan", "Ravindran", "Quetiapin",
    "Ferdinand von Zeppelin",
)  # fmt: skip
NEAR = {
    "en": (
        "Dashwell", "Winterson", "Wynter", "Trenchard", "Prudence", "Thornbury", "Turbeville", "Crocker", "Freeman",
        "Regis", "Mather", "Askew", "Tryon", "Brough", "Fayle", "Countrey", "Creech", "Livingstone", "Formann",
        "Graves", "Comecast", "Blewe", "Thane", "Worlde", "Spaceworks",
    ),
    "de": (
        "Grimmelshofen", "Sternheim", "Christofsen", "Lachmann", "Wahrmann", "Nutzinger", "Simpson", "Weltz", "Vagant",
        "Fuchsberger", "Jacobi", "Hahns", "Lebert", "Reichmann", "Seldte", "Leber",
    ),
}  # fmt: skip
RARE_TOKENS, RARE_LETTERS = 3, 5
WORD = re.compile(r"[^\W\d_][\w'’-]*\w")
ARMS = ("without", "spoken", "unspoken")


@dataclass(slots=True)
class Sums:
    """What was counted with one kind of vocabulary."""

    names: int = 0
    found: int = 0
    wrong: int = 0
    others: int = 0
    unspoken: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: Sums) -> None:
        """Add what was counted for a recording."""
        self.names, self.found = self.names + other.names, self.found + other.found
        self.wrong, self.others = self.wrong + other.wrong, self.others + other.others
        self.unspoken, self.seconds = self.unspoken + other.unspoken, self.seconds + other.seconds

    def share(self) -> dict[str, object]:
        """Return what is reported."""
        return {
            "found": f"{self.found} of {self.names}",
            "other_words_wrong": f"{self.wrong} of {self.others}",
            "unspoken_terms": dict(self.unspoken),
            "seconds": round(self.seconds, 1),
        }


def main(names: list[str] | None = None) -> None:
    """Transcribe every recording, or those named, three times; print a line for each, report the sums."""
    with TemporaryDirectory() as folder:
        found = models.find("base", Path(folder))
        models.verify(found, Path(folder))
        whisper = Whisper(found.path, passes=1)
        sums = {arm: Sums() for arm in ARMS}
        for recording in recordings():
            if not names or recording.path.name in names:
                measure(whisper, recording, sums)
    for arm, counted in sums.items():
        report("vocabulary", vocabulary=arm, **counted.share())


def measure(whisper: Whisper, recording: Recording, sums: dict[str, Sums]) -> None:
    """Transcribe a recording with each vocabulary and count."""
    spoken = rare_words(whisper, recording)
    unspoken = [*FAR, *NEAR.get(recording.language, NEAR["en"])]
    vocabularies = {"without": [], "spoken": [*spoken, *unspoken], "unspoken": unspoken}
    for arm, terms in vocabularies.items():
        began, counted = time.monotonic(), Sums()
        text = transcribe(whisper, recording, tuple(terms))
        counted.seconds = time.monotonic() - began
        count(counted, recording, text, spoken, unspoken)
        sums[arm].add(counted)
        sys.stdout.write(f"{recording.path.name:34} {arm:9} {counted.share()}\n")
        sys.stdout.flush()


def transcribe(whisper: Whisper, recording: Recording, terms: tuple[str, ...]) -> str:
    """Return the text of a recording; its language is told, for with another nothing could be found."""
    transcription = Transcription(whisper, Options(language=recording.language, diarize=False, vocabulary=terms))
    for samples, _ in read_samples(recording.path):
        transcription.feed(samples)
    return " ".join(segment["text"] for segment in transcription.finish()["segments"])


def rare_words(whisper: Whisper, recording: Recording) -> list[str]:
    """Return the names and rare words of the reference; in a language without spaces there are none."""
    words = [] if recording.language in BY_CHARACTER else WORD.findall(recording.reference)
    rare = [word for word in words if len(word) >= RARE_LETTERS and len(whisper.tokens(f" {word}")) >= RARE_TOKENS]
    named = [name for name in NAMES if name.lower() in recording.reference.lower()]
    return list({word.lower(): word for word in (*named, *rare)}.values())


def count(sums: Sums, recording: Recording, text: str, spoken: list[str], unspoken: list[str]) -> None:
    """Count names found, other words that are wrong, and terms that no one said."""
    plain = normaliser(recording.language)
    said, written = plain(recording.reference), plain(text)
    written_terms = {term: len(re.findall(rf"\b{re.escape(plain(term))}\b", written)) for term in unspoken}
    sums.unspoken = +Counter(written_terms)
    if not recording.reference:
        return
    if recording.language in BY_CHARACTER:
        result = jiwer.process_characters(said.replace(" ", ""), written.replace(" ", ""))
    else:
        result = jiwer.process_words(said, written)
    rare = {word for term in spoken for word in plain(term).split()}
    names = [word for word in said.split() if word in rare]
    right = [word for part in result.alignments[0] if part.type == "equal" for word in _words(result, part)]
    found = sum(word in rare for word in right)
    sums.names, sums.found = len(names), found
    wrong = result.substitutions + result.deletions + result.insertions
    sums.others = result.hits + result.substitutions + result.deletions - len(names)
    sums.wrong = wrong - (len(names) - found)


def _words(result: jiwer.WordOutput | jiwer.CharacterOutput, part: jiwer.AlignmentChunk) -> list[str]:
    listed: list[str] = result.references[0][part.ref_start_idx : part.ref_end_idx]
    return listed


if __name__ == "__main__":
    main(sys.argv[1:])
