"""The vocabulary of a team: terms are added, changed, removed, and read from a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from transcripts.document.doubts.rules import key_of
from transcripts.document.plain import storable
from transcripts.formats.csv import FORMULA, defused
from transcripts.models import Term, Vocabulary
from transcripts.providers.parsing.language_tags import read_language
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.models import Team, User

MOST_TERMS = 2_000
MOST_SOUNDS, LONGEST_TERM, LONGEST_NOTE = 20, 120, 200
LEAST_WEIGHT, MOST_WEIGHT = 0.1, 10.0
COLUMNS = ("term", "often transcribed as", "note", "weight", "language")
SEPARATORS = ",;\t"
# A table program takes a cell that begins so for a formula.

NO_TERM = "Enter the term as it should be written, in up to 120 characters."
NO_LANGUAGE = "This isn’t a language. Name it in English, or by a language tag such as “en” or “pt-BR”."
EXISTS = "The vocabulary already has this term."
FULL = f"The vocabulary has {MOST_TERMS:,} terms and can’t hold more. Remove some first."
UNREADABLE = "This file can’t be read. Choose a CSV file in UTF-8 with a column “term”."


@dataclass(frozen=True, slots=True)
class Wish:
    """A term as a person entered it. `sounds_like` is a list with commas or semicolons."""

    term: str
    sounds_like: str = ""
    note: str = ""
    weight: float = 1.0
    language: str = ""

    def fields(self) -> dict[str, object]:
        """Return the columns of the term. Raises Refused if there is no word in it."""
        term = " ".join(storable(self.term).split())
        if not key_of(term) or len(term) > LONGEST_TERM:
            raise Refused("no_term", NO_TERM)
        language = read_language(self.language.strip())
        if self.language.strip() and language is None:
            raise Refused("language", NO_LANGUAGE)
        return {
            "term": term,
            "key": key_of(term)[:LONGEST_TERM],
            "sounds_like": _listed(self.sounds_like),
            "note": " ".join(storable(self.note).split())[:LONGEST_NOTE],
            "language": language or "",
            "weight": min(MOST_WEIGHT, max(LEAST_WEIGHT, self.weight)),
        }


def of(team: Team) -> Vocabulary:
    """Return the vocabulary of a team; begin it if it has none."""
    return Vocabulary.objects.get_or_create(team=team)[0]


def terms_of(team: Team) -> list[tuple[str, list[str]]]:
    """Return the terms of a team with what is often transcribed in their place, the weightiest first."""
    found = Term.objects.filter(vocabulary__team=team).order_by("-weight", "key")
    return list(found.values_list("term", "sounds_like"))


def weighed_terms_of(team: Team, languages: Iterable[str] = ()) -> list[tuple[str, list[str], float]]:
    """Return what `terms_of` does, each term with its weight: those of these languages, or of all if none is named.

    Regions make no difference.
    """
    found = Term.objects.filter(vocabulary__team=team).order_by("-weight", "key")
    if primary := {tag.partition("-")[0] for tag in languages if tag}:
        wanted = Q(language="")
        for tag in primary:
            wanted |= Q(language=tag) | Q(language__startswith=f"{tag}-")
        found = found.filter(wanted)
    return list(found.values_list("term", "sounds_like", "weight"))


@transaction.atomic
def add(team: Team, wish: Wish, *, actor: User) -> Term:
    """Add a term. Raises Refused if it is there, or there are too many."""
    vocabulary = of(team)
    if vocabulary.terms.count() >= MOST_TERMS:
        raise Refused("vocabulary_full", FULL)
    fields = wish.fields()
    if vocabulary.terms.filter(key=fields["key"]).exists():
        raise Refused("term_exists", EXISTS)
    return vocabulary.terms.create(added_by=actor, **fields)


def change(term: Term, wish: Wish) -> None:
    """Change a term. Raises Refused if the vocabulary has another one that is written so."""
    try:
        with transaction.atomic():
            Term.objects.filter(pk=term.pk).update(**wish.fields())
    except IntegrityError as error:
        raise Refused("term_exists", EXISTS) from error


def remove(term: Term) -> None:
    """Remove a term."""
    term.delete()


@transaction.atomic
def take_table(team: Team, table: bytes, *, actor: User) -> int:
    """Add the terms of a CSV file, change those that are there; return how many. Raises Refused, and then does none."""
    rows = {str(fields["key"]): fields for fields in _rows_of(table)}
    vocabulary = of(team)
    known = set(vocabulary.terms.values_list("key", flat=True))
    if len(known | rows.keys()) > MOST_TERMS:
        raise Refused("vocabulary_full", FULL)
    for key, fields in rows.items():
        vocabulary.terms.update_or_create(key=key, defaults=fields, create_defaults={**fields, "added_by": actor})
    return len(rows)


def _rows_of(table: bytes) -> Iterator[dict[str, object]]:
    lines = _lines(table)
    names = [name.strip().casefold() for name in lines[0]]
    places = [names.index(name) if name in names else None for name in COLUMNS] if "term" in names else [0, 1, 2, 3, 4]
    for line in lines["term" in names :]:
        cells = [_cell(line, place) for place in places]
        if cells[0].strip():
            yield Wish(cells[0], cells[1], cells[2], _weight(cells[3]), cells[4]).fields()


def _lines(table: bytes) -> list[list[str]]:
    """Read the lines of a table, whose cells are separated as its first line says best."""
    try:
        text = table.decode("utf-8-sig").strip()
        first = text.partition("\n")[0]
        separator = max(SEPARATORS, key=lambda one: len(next(csv.reader([first], delimiter=one), ())))
        lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("csv", UNREADABLE) from error
    if not any(lines):
        raise Refused("csv", UNREADABLE)
    return lines


def _cell(line: list[str], place: int | None) -> str:
    text = line[place] if place is not None and place < len(line) else ""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _weight(text: str) -> float:
    try:
        weight = float(text.replace(",", "."))
    except ValueError:
        return 1.0
    return weight if weight > 0 else 1.0


def as_table(terms: Iterable[Term]) -> bytes:
    """Return terms as a CSV file, in which no cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for term in terms:
        cells = (term.term, "; ".join(term.sounds_like), term.note, f"{term.weight:g}", term.language)
        writer.writerow([defused(cell) for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def _listed(text: str) -> list[str]:
    """Read a list with commas or semicolons, each word or phrase once."""
    parts = (" ".join(part.split())[:LONGEST_TERM] for part in storable(text).replace(";", ",").split(","))
    return list(dict.fromkeys(part for part in parts if key_of(part)))[:MOST_SOUNDS]
