"""The programs of the query page: each is run as it stands, and finds what the endpoint finds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import Running

from server.pages.query_code import BOOLEAN, GRAPH, ROWS, Program, write_programs

# Every sign that ends a string or begins something in one of the languages. What it finds is a digest, as each language
# prints texts in its own way.
HOSTILE = (
    r"""# "it's" `tick` ${x} $(exit 7) \n \\ %s {0} )" )-" '"'"' */ <!-- </script>
SELECT (SUBSTR(SHA256(CONCAT(?x, ?y)), 1, 24) AS ?digest) {
  BIND ('''two
QUERY
lines: "quoted" \'single\' \\ \t \u67cf )---" ''' AS ?y)
  BIND ('$HOME `id` ${1} \\ 柏市 %d " !' AS ?x)
}
"""
    + "# ends with \\"
)
QUERIES = {
    "hostile": (ROWS, HOSTILE),
    "named": (ROWS, "SELECT (COUNT(*) * 7 + 4321 AS ?count) { ?s ?p ?o }"),
    "graph": (GRAPH, "CONSTRUCT { gov:122173 schema:name ?name } { gov:122173 schema:name ?name }"),
    "boolean": (
        BOOLEAN,
        "ASK { gov:122173 a ?class FILTER(STRLEN('%20%26') = 6) FILTER('a\\\\' = \"a\\\\\") }\n# \"\"\" ''' ` ${x} \\",
    ),
}
GRAPHS = {"named": [("default-graph-uri", "urn:none"), ("default-graph-uri", "https://x.example/a?b=c&d='e'")]}
DIGEST = hashlib.sha256(
    '$HOME `id` ${1} \\ 柏市 %d " !two\nQUERY\nlines: "quoted" \'single\' \\ \t 柏 )---" '.encode()
).hexdigest()[:24]
EXPECTED = {
    "hostile": {DIGEST},
    "named": {"4321"},  # nothing is in these graphs
    "graph": {"Kashiwa City", "柏市", "https://schema.org/"},
    "boolean": {"true"},
}
COMMANDS = {
    "curl": ("bash", "sh"),
    "Python: SPARQLWrapper": (sys.executable, "py"),
    "Python: rdflib": (sys.executable, "py"),
    "Python: pandas": (sys.executable, "py"),
    "R": ("Rscript", "R"),
    "JavaScript": ("node", "mjs"),
}


def run_program(program: Program, folder: Path) -> str:
    command, suffix = COMMANDS[program.name]
    path = folder / f"program.{suffix}"
    path.write_text(program.text, encoding="utf-8")
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run([command, str(path)], capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert done.returncode == 0, f"{program.name}\n{program.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_program_finds_what_the_endpoint_finds(site: Running, tmp_path: Path, name: str) -> None:
    if shutil.which(COMMANDS[name][0]) is None:
        pytest.skip(f"{COMMANDS[name][0]} is not installed")

    def check(case: str) -> None:
        kind, query = QUERIES[case]
        programs = {p.name: p for p in write_programs(query, f"{site.url}sparql", kind, GRAPHS.get(case, ()))}
        if name not in programs:
            assert (name, kind) in {("Python: pandas", GRAPH), ("Python: pandas", BOOLEAN)}
            return
        folder = tmp_path / case
        folder.mkdir()
        printed = run_program(programs[name], folder)
        assert {text for text in EXPECTED[case] if text.lower() in printed.lower()} == EXPECTED[case], printed

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(check, QUERIES))


def test_a_query_stands_in_a_program_as_it_is_read_by_people() -> None:
    query = "SELECT ?name {\n  ?thing schema:name ?name\n}"
    for program in write_programs(query, "http://localhost:8000/sparql", ROWS):
        assert query in program.text, program.name


@pytest.mark.parametrize("sign", ["\r", "\0", "\x04", "\x1b[201~"])
def test_signs_that_a_page_drops_or_a_terminal_obeys_stand_in_no_program(sign: str) -> None:
    query = f"ASK {{ BIND('''{sign}\nQUE{sign}RY\n){sign}\"\n''' AS ?x) }}"
    for program in write_programs(query, "http://localhost:8000/sparql", BOOLEAN):
        assert sign not in program.text, program.name


@pytest.mark.parametrize("sign", ["\r", "\x0c", "\ufeff"])
def test_a_query_with_such_signs_is_asked_as_it_is(site: Running, tmp_path: Path, sign: str) -> None:
    query = f"ASK {{ BIND('''a{sign}b''' AS ?x) FILTER(ENCODE_FOR_URI(?x) = 'a{quote(sign)}b') }}"
    for program in write_programs(query, f"{site.url}sparql", BOOLEAN):
        if shutil.which(COMMANDS[program.name][0]):
            assert "true" in run_program(program, tmp_path).lower(), program.name


@pytest.mark.parametrize("query", [HOSTILE, HOSTILE + ' """', "ASK {}\r\n#\r#", "ASK {} # \x0c \ufeff \u2028"])
def test_python_and_javascript_read_back_the_query(query: str) -> None:
    programs = {p.name: p.text for p in write_programs(query, "http://localhost:8000/sparql", BOOLEAN)}
    names: dict[str, str] = {}
    text = programs["Python: SPARQLWrapper"].partition("setQuery")[2].rpartition("\nprint")[0]
    exec(f"query = {text}", names)  # noqa: S102 — what we wrote just now
    assert names["query"].strip("\n") == query.replace("\r\n", "\n")
    if shutil.which("node"):
        script = programs["JavaScript"].partition("const answer")[0] + "process.stdout.write(JSON.stringify(query));"
        printed = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout
        assert json.loads(printed).strip("\n") == query.replace("\r\n", "\n")
