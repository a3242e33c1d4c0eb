"""Each example query, run on the real data, against the full answer that follows from reading the documents."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Store
from tables import read_expected

from lod.query import run_query
from lod.release import Release
from lod.seeds import Facts

QUERIES = sorted((ROOT / "ontology" / "queries").glob("*.rq"))
CURRENT = {"Prefecture": "002", "DesignatedCity": "002", "CoreCity": "003", "CouncilMember": "004"}


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return release.load_store()


def select(name: str, store: Store, release: Release) -> list[tuple[str, ...]]:
    """The rows of an example query, as text; nothing for an unbound variable."""
    result = run_query(store, (ROOT / "ontology" / "queries" / name).read_text(encoding="utf-8"), release)
    assert isinstance(result, QuerySolutions)
    names = [v.value for v in result.variables]
    return [tuple(term.value if isinstance(term := s[n], NamedNode | Literal) else "" for n in names) for s in result]


def current_bodies() -> list[dict[str, str]]:
    return [b for b in read_expected("bodies.csv") if CURRENT[b["category"]] == b["edition"]]


@pytest.mark.parametrize("file", QUERIES, ids=lambda p: p.stem)
def test_has_title_and_description_in_both_languages(file):
    keys = re.findall(r"^# (title|description)@(en|ja): \S", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(keys) == {(k, language) for k in ("title", "description") for language in ("en", "ja")}


@pytest.mark.parametrize("file", QUERIES, ids=lambda p: p.stem)
def test_answers_something(file, store, release):
    result = run_query(store, file.read_text(encoding="utf-8"), release)
    assert bool(result) if isinstance(result, QueryBoolean) else len(list(result)) > 0


def test_emails_of_all_current_governments(store, release, facts: Facts):
    places = facts.gazetteer.by_code
    expected = {
        (release.iris.government(b["lg_code"]).value, places[b["lg_code"]].label_en, places[b["lg_code"]].name_ja, email)
        for b in current_bodies()
        for email in b["emails"].split()
    }
    rows = select("emails.rq", store, release)
    assert set(rows) == expected
    assert len(rows) == len(expected) == 149


def test_shortest_question_gives_the_same_emails(store, release):
    result = run_query(
        store, "SELECT ?gov ?email { ?gov schema:contactPoint/schema:email ?email . ?gov jle:lgCode ?c }", release
    )
    found = {(str(s["gov"].value).rsplit("/", 1)[-1], s["email"].value) for s in result}
    assert found == {(b["lg_code"], email) for b in current_bodies() for email in b["emails"].split()}


def test_history_of_kashiwa(store, release):
    expected = {
        (b["edition"], b["name"], email, url)
        for b in read_expected("bodies.csv")
        if b["lg_code"] == "122173"
        for email in b["emails"].split() or [""]
        for url in b["urls"].split() or [""]
    }
    rows = select("history-of-kashiwa.rq", store, release)
    assert set(rows) == expected
    assert len(rows) == len(expected) == 8


def test_source_lines_of_an_email(store, release, facts):
    lines = [("002", 114, "Toyota City", ""), ("002", 160, "Toyohashi City", "Contacts of another place")]
    lines += [("003", 38, "Toyota City", ""), ("004", 15, "Toyota City", "")]
    documents = {d.edition.number: d for d in facts.documents}
    expected = [
        (n, str(line), place, reason, documents[n].get_line(line), f"{release.iris.base}source/{n}.txt#line={line - 1},{line}")
        for n, line, place, reason in lines
    ]
    assert select("source-lines-of-an-email.rq", store, release) == expected


def test_broken_emails_with_suggestions(store, release):
    labels = {
        "EmailTruncated": "E-mail cut off",
        "EmailWithBlank": "E-mail with a blank",
        "UrlInEmailColumn": "URL in the e-mail column",
        "MangledValue": "Mangled value",
        "ContactsOfAnotherPlace": "Contacts of another place",
    }
    expected = set()
    for issue in read_expected("issues.csv"):
        if issue["kind"] not in labels or (issue["kind"] == "MangledValue" and issue["column"] != "email"):
            continue
        for citation in issue["evidence"].split() or [""]:
            number, _, line = citation.partition(":")
            evidence = f"{release.iris.base}source/{number}.txt#line={int(line) - 1},{line}" if citation else ""
            expected.add((issue["edition"], issue["line"], labels[issue["kind"]], issue["suggestion"], evidence))
    rows = select("broken-emails.rq", store, release)
    assert {(edition, line, kind, suggestion, evidence) for edition, line, _, kind, _, suggestion, evidence in rows} == expected


def test_core_cities_without_class_link_and_why(store, release, facts):
    reasons = {"NotGiven": ("Not given", "記載なし"), "NotApplicable": ("Not applicable", "該当なし")}
    codes = {(b["edition"], b["listing"]): b["lg_code"] for b in read_expected("bodies.csv")}
    expected = []
    for status in read_expected("statuses.csv"):
        if status["edition"] == "003" and status["status"] != "Given":
            place = facts.gazetteer.by_code[codes["003", status["listing"]]]
            names = (release.iris.government(place.lg_code).value, place.label_en, place.name_ja)
            expected.append((*names, *reasons[status["status"]]))
    rows = select("core-cities-without-class-link.rq", store, release)
    assert rows == sorted(expected)
    assert len(rows) == 5
