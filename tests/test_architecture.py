"""The shape of the code: who may know whom, how long a module is, and that each one says what it is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
from conftest import ROOT

MODULES = sorted([*ROOT.glob("lod/*.py"), *ROOT.glob("server/**/*.py")])
READS_A_RELEASE = {
    "lod.release",
    "lod.release_files",
    "lod.journal",
    "lod.kept_releases",
    "lod.diff",
    "lod.diff_directory",
    "lod.diff_report",
    "lod.rdf_patch",
    "lod.codings",
    "lod.formats",
    "lod.jsonld",
    "lod.iris",
    "lod.errors",
    "lod.sparql_tokens",
    "lod.query_results",
}


def find_imports(path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_module_opens_with_one_sentence(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert re.match(r"[A-Z`/].*[.]$", docstring.split("\n\n")[0], re.DOTALL), "say what the module is"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_module_is_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260


@pytest.mark.parametrize("path", sorted(ROOT.glob("lod/*.py")), ids=lambda p: p.name)
def test_build_knows_nothing_of_http(path):
    imports = {i.split(".")[0] for i in find_imports(path)}
    allowed = {"server"} if path.name in ("serve_command.py", "export_command.py") else set()
    allowed |= {"http"} if path.name == "verify_sources.py" else set()  # which asks a server, as anybody may
    assert imports & {"flask", "werkzeug", "granian", "server", "http"} <= allowed


@pytest.mark.parametrize("path", sorted(ROOT.glob("server/**/*.py")), ids=lambda p: p.name)
def test_server_imports_only_what_reads_a_release(path):
    assert {i for i in find_imports(path) if i.split(".")[0] == "lod"} <= READS_A_RELEASE


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_nothing_catches_everything(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert getattr(node.type, "id", "") not in ("Exception", "BaseException")


def test_iris_are_put_together_in_one_module():
    pattern = re.compile(r"""["'](?:id|graph|dumps)/\{|/(?:listing|contact|issue|row)/""")
    found = {p.name for p in ROOT.glob("lod/*.py") if pattern.search(p.read_text(encoding="utf-8"))}
    assert found == {"iris.py"}


def test_tracked_files_name_no_registry_and_no_machine():
    hosts = ["".join(parts) for parts in (("pypi", ".org"), ("python", "hosted"), ("npm", "js.org"))]
    machine = re.compile(r"(?<![\w.:/])/(?:work|farm)/\w")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    for name in tracked:
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace") if (ROOT / name).is_file() else ""
        assert not any(host in text for host in hosts), name
        assert not machine.search(text), name


def test_what_completes_a_response_needs_no_flask():
    """So that a small process in front can do it."""
    modules = "server.completion, server.conditional, server.compression, server.problems"
    code = f"import sys, {modules}; print({{'flask', 'werkzeug'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert found.strip() == "set()"
