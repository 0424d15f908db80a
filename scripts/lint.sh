#!/bin/sh
# Run every static check; stop at the first failure.
set -eu
ruff check .
ruff format --check .
mypy
lint-imports --no-logo
djlint --quiet --check --lint templates
