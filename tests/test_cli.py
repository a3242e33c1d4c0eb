"""The commands as a user calls them: output, errors and exit status."""

from __future__ import annotations

import csv
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT
from small_seeds import ROWS, TABLE_HEADER, keep_places, write_seeds

from lod.cli import cli
from lod.release import CURRENT, open_release
from server.configuration import QueryLimits

COMMANDS = ("build", "check", "diff", "export", "prune", "query", "releases", "serve", "show", "verify")


def run(*arguments: str, stdin: str = "", cwd=ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lod", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=cwd, timeout=60, check=False)


def test_commands_are_those_that_are_documented():
    assert sorted(cli.commands) == list(COMMANDS)


@pytest.mark.parametrize("command", [[], *([c] for c in COMMANDS)], ids=str)
def test_help_has_examples(command):
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output


@pytest.fixture
def small(tmp_path) -> Path:
    """The seeds of a small release."""
    folder = write_seeds(tmp_path / "small", "\n".join((TABLE_HEADER, *ROWS)) + "\n")
    keep_places(folder)
    return folder


def test_build_tells_what_it_built_and_does_nothing_the_second_time(tmp_path, small):
    out = tmp_path / "releases"
    first = run("build", "--seeds", str(small), "--out", str(out))
    assert first.returncode == 0, first.stderr
    assert "2 listings of 2 governments" in first.stdout
    assert open_release(out).id in first.stdout
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    second = run("build", "--seeds", str(small), "--out", str(out))
    assert "nothing has changed" in second.stderr
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*")} == before


def test_check_writes_nothing(tmp_path, seeds):
    result = run("check", "--seeds", str(seeds), cwd=tmp_path)
    assert (result.returncode, list(tmp_path.iterdir())) == (0, [seeds])


def test_all_problems_are_told_with_file_and_line_and_nothing_is_written(tmp_path, seeds):
    for name, rubbish in (("003.txt", "rubbish\n"), ("004.txt", "a\tb\n")):
        (seeds / name).write_bytes((seeds / name).read_bytes() + b"\n" + rubbish.encode())
    result = run("build", "--seeds", str(seeds), "--out", str(tmp_path / "releases"))
    assert result.returncode == 1
    assert f"{seeds / '003.txt'}:82  " in result.stderr
    assert f"{seeds / '004.txt'}:19  " in result.stderr
    assert "→" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["build", "--nonsense"],
        ["build", "--base-uri", "no-iri"],
        ["query", "no such file"],
        ["build", "--seeds", "no such folder"],
        ["query", "-", "--format", "nonsense"],
        ["serve", "--port", "99999"],
        ["serve", "--data"],
        ["serve", "--data", "no such file.ttl"],
        ["serve", "--data", "ontology"],
        ["serve", "README.md"],
        ["serve", "--seeds", "no such folder"],
    ],
    ids=str,
)
def test_wrong_usage_is_status_2(arguments):
    result = run(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "Error" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["query", "-", "--out", "nowhere"], "ASK {}"),
        (["show", "122173", "--out", "nowhere"], ""),
    ],
    ids=str,
)
def test_what_is_missing_is_status_1_with_what_to_do(arguments, stdin, tmp_path):
    result = run(*arguments, stdin=stdin, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ttl", "<urn:a> <urn:b> <urn:c> .\n<urn:a> x .\n", "a.ttl:2:9  "),
        ("a.nq", "<urn:a> <urn:b> <urn:c> .\nrubbish\n", "a.nq:2:1  "),
        ("a.rdf", "<a>\n<b></a>", "a.rdf:2:"),
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/c.jsonld", "@id": "a"}', "asks no other host"),
        ("a.html", "<p>", "names no RDF format"),
        ("a.nt.gz", "no gzip", "no whole gzip file"),
    ],
    ids=["turtle", "n-quads", "rdf-xml", "remote context", "suffix", "gzip"],
)
def test_data_that_cannot_be_read_are_told_and_not_served(tmp_path, name, content, told):
    (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "fine.ttl").touch()
    result = run("serve", "--data", str(tmp_path / "fine.ttl"), str(tmp_path / name), cwd=tmp_path)
    assert result.returncode == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_options_may_stand_before_and_after_the_files(tmp_path, monkeypatch):
    served = []
    monkeypatch.setattr(
        "lod.serve_command._serve_data",
        lambda files, base, settings: served.append(([f.name for f in files], base, settings.port)),
    )
    for name in ("a.ttl", "b.nq"):
        (tmp_path / name).touch()
    a, b, base = str(tmp_path / "a.ttl"), str(tmp_path / "b.nq"), "https://data.example.org/"
    for arguments in (["--data", a, b], ["--port", "81", "--data", a, b], ["--data", a, b, "--base-uri", base]):
        assert CliRunner().invoke(cli, ["serve", *arguments], env={"LOD_BASE_URI": None}).exit_code == 0
    assert CliRunner().invoke(cli, ["serve", "--data", a], env={"LOD_BASE_URI": base}).exit_code == 0
    both = ["a.ttl", "b.nq"]
    assert served == [(both, None, 8000), (both, None, 81), (both, base, 8000), (["a.ttl"], base, 8000)]


def test_query_from_standard_input(release):
    query = "SELECT (COUNT(*) AS ?n) { ?l a jle:Listing }"
    result = run("query", "-", "--format", "csv", "--out", str(release.path), stdin=query)
    assert result.stdout == "n\n141\n"


def test_syntax_error_names_line_and_column(release):
    result = run("query", "-", "--out", str(release.path), stdin="SELECT *\n{ ?s ?p")
    assert result.returncode == 1
    assert "2:" in result.stderr


def test_query_that_is_no_text_is_told(release):
    command = [sys.executable, "-m", "lod", "query", "-", "--out", str(release.path)]
    result = subprocess.run(command, input=b"\xff\xfe", capture_output=True, timeout=60, check=False)
    assert result.returncode == 1
    assert b"not UTF-8" in result.stderr
    assert b"Traceback" not in result.stderr


def test_folder_that_cannot_be_written_is_told(small, tmp_path):
    (tmp_path / "file").touch()
    result = run("build", "--seeds", str(small), "--out", str(tmp_path / "file" / "releases"))
    assert result.returncode == 1
    assert "Not a directory" in result.stderr
    assert "Traceback" not in result.stderr


def test_service_grown_together_with_other_words_opens_no_connection(release):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        query = f"PREFIX x: <{url}> SELECT * {{ SERVICEx:y{{ ?s ?p ?o }} }}"
        result = run("query", "-", "--out", str(release.path), stdin=query)
        with pytest.raises(TimeoutError):
            server.accept()
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_csv_quotes_iris_with_commas(release):
    query = "SELECT ?line ('a' AS ?b) { ?c a schema:ContactPoint ; prov:wasDerivedFrom ?line } ORDER BY ?line LIMIT 1"
    result = run("query", "-", "--format", "csv", "--out", str(release.path), stdin=query)
    assert list(csv.reader(result.stdout.splitlines())) == [
        ["line", "b"],
        [f"{release.iris.base}source/002.txt#line=10,11", "a"],
    ]


def test_undeclared_prefix_is_named(release):
    result = run("query", "-", "--out", str(release.path), stdin="SELECT * { foo:x ?p ?o }")
    assert "the prefix foo: is declared nowhere" in result.stderr


def test_warnings_of_the_shapes_are_told(seeds):
    result = run("check", "--seeds", str(seeds))
    assert "warning, " in result.stdout


def test_show_by_name(release):
    result = run("show", "柏市", "--out", str(release.path))
    assert result.stdout.startswith(f'{release.iris.base}id/gov/122173  "Kashiwa City"@en')


def test_base_iri_comes_from_the_environment(tmp_path, seeds, release_elsewhere):
    """It is that of the release that is there, so that nothing has to be built."""
    shutil.copytree(release_elsewhere.path, tmp_path / "out" / release_elsewhere.id)
    (tmp_path / "out" / CURRENT).symlink_to(release_elsewhere.id)
    result = CliRunner().invoke(
        cli, ["build", "--seeds", str(seeds), "--out", str(tmp_path / "out")], env={"LOD_BASE_URI": release_elsewhere.iris.base}
    )
    assert result.exit_code == 0, result.output
    assert "nothing has changed" in result.output
    assert open_release(tmp_path / "out").id == release_elsewhere.id


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--limit", "minutes=3"], "is not NAME=VALUE with one of: size=100000, depth=64"),
        (["--limit", "seconds"], "is not NAME=VALUE"),
        (["--limit", "rows=many"], "'many' is no whole number: rows=1000000"),
        (["--limit", "workers=0"], "workers must be more than 0"),
        (["--prefix", "lod/"], "is not like /lod"),
        (["--trust-proxy", "localhost"], "is no address or network"),
    ],
)
def test_wrong_option_of_serve_is_told_with_what_is_right(options, sentence):
    result = CliRunner().invoke(cli, ["serve", *options])
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_options_of_serve_reach_the_server(monkeypatch, tmp_path):
    data = tmp_path / "a.ttl"
    data.write_text("<https://example.org/site/a> a <https://example.org/site/B> .")
    served = []
    monkeypatch.setattr("server.run.run_server", served.append)
    options = ["--limit", "seconds=2.5", "--limit", "services=https://a.example/s", "--limit", "services=https://b.example/s"]
    options += ["--base-uri", "https://example.org/site/", "--trust-proxy", "10.0.0.0/8", "--access-log", "-"]
    result = CliRunner().invoke(cli, ["serve", *options, "--data", str(data)])
    assert result.exit_code == 0, result.output
    (configuration,) = served
    assert configuration.limits == QueryLimits(seconds=2.5, services=("https://a.example/s", "https://b.example/s"))
    assert (configuration.prefix, configuration.proxies, configuration.access_log) == ("/site", ("10.0.0.0/8",), "-")
