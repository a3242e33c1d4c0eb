"""What differs between two releases: a patch that an independent reader applies, things with names, and what today says."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
import rdflib
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse
from release_pairs import Pair, share_pair
from small_seeds import build_small_release

from lod.canonical import compute_graph_hash
from lod.cli import cli
from lod.diff import compare_releases
from lod.diff_directory import DirectoryDiff, compare_directories
from lod.errors import ReleaseError
from lod.iris import KINDS, find_kind
from lod.kept_releases import find_release
from lod.rdf_patch import write_patch
from lod.release import Release

BASE = "http://localhost:8000/"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return share_pair(tmp_path_factory)


@pytest.fixture(scope="module")
def directory(pair: Pair) -> DirectoryDiff:
    return compare_directories(compare_releases(pair.before, pair.after))


def read_quads(release: Release) -> set[Quad]:
    return set(parse(path=release.path / "all.nq", format=RdfFormat.N_QUADS))


def run(*arguments: object) -> str:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own readers use what it deprecates
def test_patch_applied_by_an_independent_reader_gives_the_later_release_exactly(pair, directory, monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dataset = rdflib.Dataset()
    dataset.parse(pair.before.path / "all.nq", format="nquads")
    dataset.parse(data=write_patch(directory.diff), format="patch")
    result = set(parse(dataset.serialize(format="nquads").encode(), format=RdfFormat.N_QUADS))
    assert result == read_quads(pair.after)
    named: dict[str, list[Triple]] = {}
    for quad in result:
        graph = quad.graph_name
        name = "default" if isinstance(graph, DefaultGraph) else pair.after.iris.strip_graph(graph)
        named.setdefault(name, []).append(quad.triple)
    stated = {name: facts["sha256"] for name, facts in pair.after.manifest["graphs"].items()}
    assert {name: compute_graph_hash(triples) for name, triples in named.items()} == stated


def test_patch_is_one_transaction_with_deletions_first_and_its_identifier_follows_from_the_releases(pair, directory):
    patch = write_patch(directory.diff).decode()
    lines = patch.splitlines()
    assert Counter(line.split(" ", 1)[0] for line in lines) == {
        "H": 3,
        "TX": 1,
        "D": len(directory.diff.removed),
        "A": len(directory.diff.added),
        "TC": 1,
    }
    codes = "".join(line[0] for line in lines)
    assert re.fullmatch("HHHTD+A+T", codes)
    assert all(line.endswith(" .") for line in lines)
    assert patch.encode() == write_patch(compare_releases(pair.before, pair.after))
    back = write_patch(compare_releases(pair.after, pair.before)).decode().splitlines()
    assert {line[2:] for line in back if line[0] == "D"} == {line[2:] for line in lines if line[0] == "A"}
    assert back[0] != lines[0]


def test_things_were_added_removed_or_changed_as_the_stores_say(pair, directory):
    stores = [Store(), Store()]
    for store, release in zip(stores, (pair.before, pair.after), strict=True):
        store.bulk_load(path=release.path / "all.nq", format=RdfFormat.N_QUADS)
    found = {entity.iri: entity.change for entity in directory.diff.entities}
    subjects = [{q.subject.value for q in store} for store in stores]
    things = {iri.partition("#")[0] if "/id/" in iri else iri for own in subjects for iri in own}
    expected = {}
    for iri in things:
        was, now = (
            set(store.quads_for_pattern(NamedNode(iri), None, None, None))
            | {q for s in own if s.startswith(f"{iri}#") for q in store.quads_for_pattern(NamedNode(s), None, None, None)}
            for store, own in ((stores[0], ()), (stores[1], ()))
        )
        if was != now:
            expected[iri] = "added" if not was else "removed" if not now else "changed"
    assert found == expected
    assert directory.diff.counts["listing"] == {"added": 74, "removed": 0, "changed": 67}
    assert directory.diff.counts["edition"]["added"] == 2


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("id/gov/122173", "government"),
        ("id/unit/122173/x", "body"),
        ("id/org/x", "body"),
        ("id/edition/002", "edition"),
        ("id/edition/002/listing/L24", "listing"),
        ("id/edition/002/listing/L24/contact/1", "contact"),
        ("id/edition/002/listing/L24/class", "class information"),
        ("id/edition/002/listing/L24/class/2", "class information"),
        ("id/edition/002/issue/5", "irregularity"),
        ("id/edition/002/row/L5", "source line"),
        ("id/area/122173", "area"),
        ("ontology#Listing", "term"),
        ("ontology", "term"),
        ("graph/quality", "part of the catalogue"),
        ("x", "other thing"),
    ],
)
def test_every_path_is_of_one_kind(path, kind):
    assert find_kind(path) == kind
    assert kind in KINDS


def test_directory_of_today_changes_as_queries_over_both_releases_say(pair, directory):
    query = (
        f"PREFIX schema: <https://schema.org/> PREFIX jle: <{BASE}ontology#> SELECT DISTINCT ?gov ?email "
        "{ ?listing schema:about ?gov OPTIONAL { ?listing jle:contact/schema:email ?email } }"
    )
    emails: list[dict[str, set[str]]] = []
    for release in (pair.before, pair.after):
        found: dict[str, set[str]] = {}
        for row in release.load_store().query(query):
            found.setdefault(row["gov"].value, set()).update({row["email"].value} if row["email"] else ())
        emails.append(found)
    was, now = emails
    assert {g.iri for g in directory.select("joined")} == now.keys() - was.keys()
    assert {g.iri for g in directory.select("left")} == was.keys() - now.keys()
    changed = {
        g.iri: next(((v.before, v.after) for v in g.values if v.kind == "email"), ((), ())) for g in directory.select("changed")
    }
    for iri in was.keys() & now.keys():
        expected = (tuple(sorted(was[iri] - now[iri])), tuple(sorted(now[iri] - was[iri])))
        assert changed.get(iri, ((), ())) == expected
    assert (directory.counts["before"], directory.counts["after"]) == (len(was), len(now))
    assert directory.name(f"{BASE}id/gov/122173") == "Kashiwa City"
    assert directory.name(f"{BASE}id/gov/122173", "ja") == "柏市"


def test_two_releases_of_the_same_statements_differ_in_nothing(pair):
    diff = compare_releases(pair.after, pair.after)
    assert (diff.is_empty, diff.removed, diff.added, diff.entities, diff.graphs) == (True, (), (), (), {})
    assert write_patch(diff).decode().splitlines()[-2:] == ["TX .", "TC ."]


def test_command_tells_the_same_as_table_json_patch_and_sentence(pair, directory):
    out = ("--out", pair.folder)
    sentence = run("diff", *out, "--format", "sentence").strip()
    assert sentence.startswith(
        f"From release {pair.before.id} to {pair.after.id}: edition 003 is new; edition 004 is new; "
        f"today's directory lists {directory.counts['after']} governments after {directory.counts['before']}"
    )
    table = run("diff", "previous", "current", *out)
    assert table.startswith(sentence)
    row = next(line.split() for line in table.splitlines() if line.startswith("listing "))
    assert row[1:4] == ["74", "0", "67"]
    assert "+ Yamagata City; Mito City; Isesaki City" in table
    value = json.loads(run("diff", pair.before.id[:6], pair.after.path, *out, "--format", "json"))
    assert value["counts"] == directory.diff.counts
    assert len(value["entities"]) == len(directory.diff.entities)
    assert value["statements"] == {"removed": len(directory.diff.removed), "added": len(directory.diff.added)}
    kashiwa = next(g for g in value["today"]["governments"] if g["name"] == "Kashiwa City")
    assert {v["kind"] for v in kashiwa["values"]} <= {"body", "email", "url", "class link"}
    assert run("diff", *out, "--format", "patch").encode() == write_patch(directory.diff)


def test_releases_under_different_base_iris_are_told_to_be(tmp_path):
    other = "https://data.example.jp/"
    before, after = (build_small_release(tmp_path / "releases", base=base) for base in (BASE, other))
    said = run("diff", before.id, after.id, "--out", tmp_path / "releases", "--format", "sentence")
    assert f"The base IRI was {BASE} and is {other}." in said


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("0123", "there is no release '0123'"),
        ("nothing", "there is no release 'nothing'"),
        ("../..", "there is no release '../..'"),
    ],
)
def test_what_is_no_release_is_told_with_what_to_do(pair, name, message):
    with pytest.raises(ReleaseError, match=re.escape(message)) as refusal:
        find_release(pair.folder, name)
    assert "`lod releases` lists them" in str(refusal.value)


def test_a_damaged_release_is_told_with_its_file(pair, tmp_path):
    broken = Release(tmp_path, pair.before.manifest)
    with pytest.raises(ReleaseError, match=r"all\.nq cannot be read"):
        compare_releases(broken, pair.after)
    (tmp_path / "all.nq").write_text("<http://x> <http://x> nonsense .\n")
    with pytest.raises(ReleaseError, match=r"all\.nq is damaged"):
        compare_releases(broken, pair.after)
    (tmp_path / "all.nq").write_text("_:b <http://x/p> <http://x/o> .\n")
    with pytest.raises(ReleaseError, match="has blank nodes"):
        compare_releases(broken, pair.after)
