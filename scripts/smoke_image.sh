#!/usr/bin/env bash
# Build the image and test it, without a Docker daemon: buildah in a chroot, on a base made by debootstrap.
# Needs root, and from Debian's packages: buildah, debootstrap. BASE names an image to use instead of that base.
# Its output stays in SMOKE_DIR (default: a new folder, removed at the end), so that a second run is fast.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in buildah debootstrap; do
  command -v "$program" >/dev/null || { echo "This needs $program: apt-get install buildah debootstrap" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo 'This needs root, to make a chroot.' >&2; exit 2; }

keep=${SMOKE_DIR:-}
work=${keep:-$(mktemp -d)}
mkdir -p "$work"
container=

finish() {
  [ -z "$container" ] || buildah_here rm "$container" >/dev/null || true
  [ -n "$keep" ] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

buildah_here() { buildah --root "$work/images" --runroot "$work/run" --storage-driver vfs "$@"; }

make_base() {
  buildah_here inspect --type image localhost/base >/dev/null 2>&1 && return
  echo 'Building the base …'
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$work/base" >"$work/debootstrap.log"
  ln -sf python3 "$work/base/usr/bin/python"
  local scratch
  scratch=$(buildah_here from scratch)
  buildah_here add --quiet "$scratch" "$work/base" / >/dev/null
  buildah_here commit --quiet "$scratch" localhost/base >/dev/null
  buildah_here rm "$scratch" >/dev/null
  rm -rf "$work/base"
}

# The build reaches the package indexes as this machine does: its certificates, its configuration
mounts=(--volume /etc/ssl/certs:/etc/ssl/certs:ro)
[ ! -f /etc/pip.conf ] || mounts+=(--volume /etc/pip.conf:/etc/pip.conf:ro)
echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"$work/npmrc"
mounts+=(--volume "$work/npmrc:/root/.npmrc:ro")

if [ -z "${BASE:-}" ]; then make_base; BASE=localhost/base; fi
echo 'Building the image …'
buildah_here bud --quiet --format docker --isolation chroot --network host --pull-never --layers=false --build-arg "BASE=$BASE" \
  "${mounts[@]}" --tag verbatim . >/dev/null
buildah_here images verbatim

echo 'Testing the image …'
container=$(buildah_here from --pull-never verbatim)
buildah_here run --isolation chroot --network host --user verbatim "$container" -- sh -s <scripts/smoke_inside.sh
