#!/bin/sh
# Every check that needs no running program. Fails at the first that fails.
set -eu
ruff check .
ruff format --check .
mypy
lint-imports --no-logo
djlint --quiet --check --lint templates
