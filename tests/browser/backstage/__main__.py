"""Fills the site that browsers look at: one function a line on standard input, its result on standard output."""

from __future__ import annotations

import json
import sys
from inspect import isfunction

import django
from django.contrib.auth.hashers import PBKDF2PasswordHasher

django.setup()

from tests.browser.backstage import (  # noqa: E402
    bulk,
    comparisons,
    corrections,
    exports,
    filing,
    folders,
    guests,
    history,
    ledger,
    live,
    newsroom,
    operations,
    people,
    recordings,
    review,
    sharing,
    teams,
)

ROOMS = (
    people,
    recordings,
    bulk,
    comparisons,
    corrections,
    exports,
    filing,
    folders,
    guests,
    history,
    ledger,
    live,
    review,
    sharing,
    teams,
    newsroom,
    operations,
)
FUNCTIONS = {name: one for room in ROOMS for name, one in vars(room).items() if isfunction(one)}


def main() -> None:
    """Answer until standard input ends."""
    # A cast of four a test would cost more than all else that is done here
    PBKDF2PasswordHasher.iterations = 1
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": FUNCTIONS[name](**arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=str), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
