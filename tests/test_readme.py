"""What the README shows is so."""

from __future__ import annotations

import re

from click.testing import CliRunner
from conftest import ROOT

from lod.cli import cli
from lod.query import run_query, write_result

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


def get_block(language: str, number: int = 0) -> str:
    return [text for found, text in BLOCKS if found == language][number]


def test_query_has_the_answer_that_is_shown(release):
    result = run_query(release.load_store(), get_block("sparql"), release)
    assert write_result(result, "table", release, width=200) == get_block("")


def test_two_commands_do_all_the_set_up():
    first, second = get_block("sh", 0), get_block("sh", 1)
    assert re.fullmatch(r"python3 -m venv \.venv && \.venv/bin/pip install \S+ -e \. && \.venv/bin/lod serve\n", first)
    assert second.strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_is_in_the_table_and_nothing_else():
    shown = re.findall(r"^\| `lod (\w+)", README, re.MULTILINE)
    assert sorted(set(shown)) == sorted(cli.commands)


def test_shown_options_are_real():
    for command in cli.commands:
        assert CliRunner().invoke(cli, [command, "--help"]).exit_code == 0
    options = {o for c in cli.commands.values() for p in c.params for o in p.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", re.sub(r"(?s)```.*?```", "", README))) - {"--help"} <= options


def test_every_folder_is_in_the_table():
    shown = re.findall(r"^\| `(\w+)/`", README, re.MULTILINE)
    there = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith((".", "_")) and "." not in p.name}
    assert there - set(shown) - {"build", "releases"} == set()
    assert set(shown) - there <= {"releases"}


def test_every_file_that_is_named_exists():
    names = re.findall(r"`((?:lod|ontology|seeds|tests|\.ci)/[\w./-]+)`", README)
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    names += pictures
    assert len(pictures) == 3
    assert [n for n in names if not (ROOT / n).exists()] == []


def test_every_page_that_is_named_answers(client):
    paths = [
        path for path in re.findall(r"`(/[\w/]+)`", README) if path not in ("/healthz", "/readyz", "/metrics")
    ]  # of the front
    assert {"/search", "/quality", "/changes", "/ontology", "/sparql"} <= set(paths)
    assert {
        path: client.get(path, headers={"Accept": "*/*"}, follow_redirects=True).status_code for path in paths
    } == dict.fromkeys(paths, 200)
