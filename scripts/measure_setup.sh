#!/usr/bin/env bash
# Time the set-up of a new user: a fresh clone in an empty folder and home, `make run` to the ready line, then again.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
supervisor=

finish() {
  [ -z "$supervisor" ] || kill "$supervisor" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

git clone --quiet . "$work/verbatim"
mkdir "$work/home"
cd "$work/verbatim"

until_ready() {
  local began now line
  began=${EPOCHREALTIME/./}
  coproc RUN { exec env -i HOME="$work/home" PATH="$PATH" PORT="${PORT:-8000}" make run 2>&1; }
  local reader=${RUN[0]} job=$RUN_PID
  while IFS= read -r line <&"$reader"; do
    echo "$line" >>"$work/log"
    case $line in "Verbatim is ready:"*) break ;; esac
  done
  now=${EPOCHREALTIME/./}
  supervisor=$(python3 -c 'import json; print(json.load(open("var/run/processes.json"))["supervisor"])') ||
    { cat "$work/log"; exit 1; }
  printf '%-12s %6d ms\n' "$1" $(((now - began) / 1000))
  kill "$supervisor"
  cat <&"$reader" >/dev/null || true
  wait "$job" || true
  supervisor=
}

until_ready 'first start'
until_ready 'second start'
du -sh .venv node_modules var | sed 's/^/size: /'
