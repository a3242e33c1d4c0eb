"""Other files in the place of a release: what they are recognised by, what is known before they are loaded, what is refused."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store
from small_data import write_small_data

from lod.data_files import recognize_file
from lod.errors import DataError, MadoguchiError
from lod.foreign_data import SAMPLE, choose_base, make_data_release
from lod.release import Release, open_release


def serve(folder: Path, *paths: Path, base: str | None = None) -> Release:
    place = folder / "release"
    place.mkdir()
    return make_data_release(place, paths, base)


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "form", "suffix"),
    [
        ("a.ttl", "turtle", ".ttl"),
        ("a.trig", "trig", ".trig"),
        ("a.nt", "n-triples", ".nt"),
        ("a.nq", "n-quads", ".nq"),
        ("a.rdf", "rdf-xml", ".rdf"),
        ("a.owl", "rdf-xml", ".rdf"),
        ("a.xml", "rdf-xml", ".rdf"),
        ("a.jsonld", "json-ld", ".jsonld"),
        ("a.json", "json-ld", ".jsonld"),
        ("A.TTL", "turtle", ".ttl"),
        ("v1.2.nq.gz", "n-quads", ".nq.gz"),
    ],
)
def test_formats_are_known_by_suffix(tmp_path, name, form, suffix):
    (tmp_path / name).touch()
    file = recognize_file(tmp_path / name)
    assert (file.format.name, file.suffix) == (form, suffix)


@pytest.mark.parametrize("name", ["a.html", "a", "a.gz", "ttl", ".ttl", "a.ttl.zip"])
def test_other_suffixes_are_refused_with_those_that_are_known(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(DataError, match=re.escape(".ttl, .trig, .nt, .nq, .rdf, .jsonld")):
        recognize_file(tmp_path / name)


def test_what_is_no_file_is_told(tmp_path):
    (tmp_path / "folder.ttl").mkdir()
    for name in ("folder.ttl", "missing.ttl"):
        with pytest.raises(DataError, match="is no file"):
            recognize_file(tmp_path / name)


def test_everything_is_loaded_and_nothing_copied(tmp_path):
    paths = write_small_data(tmp_path)
    release = serve(tmp_path, *paths)
    expected = Store()
    for path in paths:
        file = recognize_file(path)
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        form = RdfFormat.from_media_type(file.format.media_type)
        expected.bulk_load(input=content, format=form, base_iri="https://data.example.org/")
    loaded = release.load_store()
    assert len(loaded) == len(expected) > 80
    assert {str(g) for g in loaded.named_graphs()} >= {str(g) for g in expected.named_graphs() if "_:" not in str(g)}
    data = [release.path / name for name in release.manifest["data"]]
    assert [p.resolve() for p in data] == [p.resolve() for p in paths]
    assert all(p.is_symlink() for p in data)
    assert release.find_damage() == []


def test_files_of_one_name_get_numbers_and_no_name_leaves_the_folder(tmp_path):
    names = ("a/x.ttl", "b/x.ttl", "c/x.turtle.ttl", "manifest.json", "sp ace&<>\"'.nt", "#.nt", "柏.nt", "a/x.ttl.gz")
    paths = [write(tmp_path, name, "{}" if name.endswith("json") else "") for name in names]
    paths[-1].write_bytes(gzip.compress(b""))
    release = serve(tmp_path, *paths)
    assert list(release.manifest["data"]) == [
        "x.ttl",
        "x-2.ttl",
        "x.turtle.ttl",
        "manifest.jsonld",
        "sp-ace.nt",
        "data.nt",
        "柏.nt",
        "x-3.ttl.gz",
    ]


def test_a_file_that_is_named_twice_is_one(tmp_path):
    path = write(tmp_path, "a.ttl", "[] a [] .")
    assert len(serve(tmp_path, path, path).load_store()) == 1


@pytest.mark.parametrize(
    ("subjects", "base"),
    [
        (["http://a.example/1", "http://b.example/1", "http://b.example/2"], "http://b.example/"),
        (["https://a.example:8443/1#x"], "https://a.example:8443/"),
        (["urn:a:b", "mailto:a@b.example"], "http://localhost:8000/"),
        (["http://a.example"], "http://localhost:8000/"),
        ([], "http://localhost:8000/"),
        (["http://b.example/1", "http://a.example/1"], "http://a.example/"),  # whatever their order
    ],
)
def test_the_base_is_the_origin_of_most_subjects(subjects, base):
    assert choose_base(subjects) == base


def test_a_base_that_is_given_is_taken(tmp_path):
    path = write(tmp_path, "a.ttl", "<x> <http://b.example/p> <http://b.example/y> . <http://b.example/z> a <q> .")
    release = serve(tmp_path, path, base="https://given.example/data/")
    assert release.iris.base == "https://given.example/data/"
    assert "https://given.example/data/x" in {q.subject.value for q in release.load_store()}


def test_a_base_that_is_none_is_refused(tmp_path):
    with pytest.raises(MadoguchiError, match="slash"):
        serve(tmp_path, write(tmp_path, "a.ttl", ""), base="https://given.example/data")


def test_relative_prefixes_are_under_the_base_too(tmp_path):
    text = "@prefix : <vocabulary#> . <http://b.example/1> a :T . <http://b.example/2> a :T . <y> a :T . "
    assert serve(tmp_path, write(tmp_path, "a.ttl", text)).prefixes[""] == "http://b.example/vocabulary#"


def test_the_context_has_no_prefix_that_an_iri_could_be_taken_to_begin_with(tmp_path):
    prefixes = {"geo": "http://g.example/#", "ok": "http://o.example/", "no": "http://o.example/x"}
    text = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items()) + "ok:x a <geo:1,2> ."
    release = serve(tmp_path, write(tmp_path, "a.ttl", text))
    assert release.context["ok"] == "http://o.example/"
    assert {"geo", "no"} & release.context.keys() == set()


def test_the_identifier_is_of_the_content(tmp_path):
    path = write(tmp_path, "a.ttl", "[] a [] .")
    first = make_data_release(_make(tmp_path / "1"), [path])
    assert first.id == make_data_release(_make(tmp_path / "2"), [path]).id
    path.write_text("[] a [] , [] .", encoding="utf-8")
    assert first.id != make_data_release(_make(tmp_path / "3"), [path]).id
    assert open_release(tmp_path / "1").id == first.id


def test_the_manifest_names_no_folder_of_this_machine(tmp_path):
    release = serve(tmp_path, write(tmp_path, "a.ttl", ""))
    assert str(tmp_path) not in json.dumps(dict(release.manifest))
    assert release.summary == "data from a.ttl"


def test_a_mistake_far_into_a_file_is_told_when_it_is_loaded(tmp_path):
    lines = "<http://a.example/x> <http://a.example/p> <http://a.example/y> .\n" * (2 * SAMPLE)
    path = write(tmp_path, "late.nt", f"{lines}rubbish\n")
    release = serve(tmp_path, path)
    with pytest.raises(DataError, match=re.escape(f"{path}:{2 * SAMPLE + 1}:1  ")):
        release.load_store()


def test_a_compressed_file_that_is_cut_is_told(tmp_path):
    path = tmp_path / "cut.nt.gz"
    path.write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 1000)[:-20])
    with pytest.raises(DataError, match="no whole gzip file"):
        serve(tmp_path, path)


def test_a_remote_context_is_refused_and_nobody_is_asked(tmp_path, listener):
    port, came = listener
    path = write(tmp_path, "a.jsonld", json.dumps({"@context": f"http://127.0.0.1:{port}/c.jsonld", "@id": "a", "b": 1}))
    with pytest.raises(DataError, match="asks no other host"):
        serve(tmp_path, path)
    assert not came.is_set()


def test_data_with_our_terms_have_our_prefixes(tmp_path, release):
    served = serve(tmp_path, release.path / "all.nq")
    assert served.iris == release.iris
    assert served.prefixes.items() >= release.prefixes.items()


def _make(folder: Path) -> Path:
    folder.mkdir()
    return folder
