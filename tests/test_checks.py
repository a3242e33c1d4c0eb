"""Format, lint and types, so that one command checks everything."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize(
    "command",
    [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]],
    ids=["format", "lint", "types"],
)
def test_code_is_clean(command):
    result = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"run: python -m {' '.join(command)}\n{result.stdout}{result.stderr}"


def test_no_file_has_two_versions_of_its_lines():
    """What a merge left open breaks a script without a word: the editor is then not installed, as without the network."""
    folders = (".editor", ".ci", "bench", "lod", "ontology", "server", "tests")
    files = [
        p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in {".js", ".css", ".html", ".po", ".py", ".ttl", ".md"}
    ]
    assert (ROOT / ".editor/editor.js") in files
    assert not [p for p in files if re.search(r"^(?:<{7}|>{7}) ", p.read_text(encoding="utf-8"), re.MULTILINE)]
