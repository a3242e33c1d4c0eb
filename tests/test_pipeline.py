"""A build follows its inputs: the same make the same release, others another one, and a base IRI is everywhere."""

from __future__ import annotations

import json
import shutil

import pytest
from conftest import ROOT, ignore_progress
from small_seeds import build_small_release

from lod.configuration import Configuration
from lod.errors import InvalidGraph, MadoguchiError, UnknownTerm
from lod.pipeline import build_release, compute_fingerprint
from lod.release import Release


@pytest.fixture
def configuration(tmp_path, seeds) -> Configuration:
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    return Configuration(seeds=seeds, out=tmp_path / "releases", ontology=tmp_path / "ontology")


@pytest.fixture
def small(tmp_path) -> tuple[Configuration, Release]:
    """The configuration of a small release, and the release."""
    built = build_small_release(tmp_path / "small" / "releases")
    return Configuration(tmp_path / "small" / "seeds", tmp_path / "small" / "releases"), built


def change(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_manifest_says_what_was_built_from_what(release):
    manifest = release.manifest
    assert sum(manifest["counts"]["listings"].values()) == 267
    assert sum(manifest["counts"]["bodies"].values()) == 289
    assert (manifest["counts"]["governments"], manifest["counts"]["places"]) == (141, 1794)
    assert manifest["current"] == {"Prefecture": "002", "DesignatedCity": "002", "CoreCity": "003", "CouncilMember": "004"}
    shipped = {f"seeds/{p.name}" for p in (ROOT / "seeds").iterdir()}
    assert shipped <= set(manifest["inputs"])
    assert json.loads(release.read_bytes("manifest.json")) == manifest


@pytest.mark.parametrize(
    ("folder", "file", "old", "new"),
    [
        ("seeds", "004.txt", "otaia@mx", "otaib@mx"),
        ("seeds", "catalogue.toml", "about 2019", "near 2019"),
        ("ontology", "queries/emails.rq", "today", "now"),
        ("ontology", "vocabulary.ttl", "A place", "Some place"),
    ],
)
def test_any_changed_input_is_another_release(configuration, folder, file, old, new):
    before = compute_fingerprint(configuration)
    path = getattr(configuration, folder) / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1) if old in text else f"{text}\n# {new}\n", encoding="utf-8")
    assert compute_fingerprint(configuration) != before


def test_changed_value_is_in_the_new_release_and_the_old_one_is_kept(small):
    configuration, built = small
    change(configuration.seeds / "009.txt", "b@city.naha", "c@city.naha")
    second = build_release(configuration, ignore_progress)
    assert built.id != second.id
    assert built.find_damage() == []
    assert b"c@city.naha" in second.read_bytes("current.ttl")
    assert b"c@city.naha" not in built.read_bytes("current.ttl")


def test_damaged_release_is_built_again(small):
    configuration, built = small
    (built.path / "current.ttl").write_bytes(b"")
    again = build_release(configuration, ignore_progress)
    assert (again.id, again.find_damage()) == (built.id, [])


def test_base_iri_is_everywhere(release_elsewhere):
    for name in (
        *(f"current.{s}" for s in ("ttl", "nt", "jsonld", "rdf")),
        "all.nq",
        "all.trig",
        "report.ttl",
        "edition-002.ttl",
    ):
        text = release_elsewhere.read_bytes(name).decode()
        assert "localhost" not in text, name
        assert "https://data.example.jp/lod/" in text, name


def test_term_that_the_vocabulary_lacks_stops_the_build(configuration):
    change(configuration.vocabulary_file, "jle:unitInCharge a ", "jle:unitInChargeX a ")
    with pytest.raises(UnknownTerm, match="jle:unitInCharge is not in"):
        build_release(configuration, ignore_progress)
    assert not configuration.out.exists()


def test_violated_shape_stops_the_build(configuration):
    change(configuration.shapes_file, "sh:path jle:category ; sh:minCount 1", "sh:path jle:category ; sh:minCount 2")
    with pytest.raises(InvalidGraph, match="source line"):
        build_release(configuration, ignore_progress)
    assert not configuration.out.exists()


@pytest.mark.parametrize("name", ["context.jsonld", "shapes.ttl", "vocabulary.ttl"])
def test_missing_ontology_file_is_told(configuration, name):
    (configuration.ontology / name).unlink()
    with pytest.raises(MadoguchiError, match=name):
        build_release(configuration, ignore_progress)
