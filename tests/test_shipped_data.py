"""The shipped documents, read whole: compared with tables that were written by reading the documents, not by the program."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from conftest import ROOT, SEEDS
from tables import read_expected

from lod.hosts import complete_url
from lod.names import detect_language, normalise_name
from lod.toml_tables import read_toml

COUNTS = {  # listings, bodies in charge, e-mails, URLs of bodies and listings, class links
    "000": (39, 41, 0, 0, 0),
    "001": (20, 20, 0, 0, 0),
    "002": (134, 147, 140, 138, 97),
    "003": (62, 68, 68, 67, 65),
    "004": (12, 13, 13, 14, 10),
}

ISSUES = {
    "000": {
        "BodyOfAnotherPlace": 1,
        "ColumnsLost": 1,
        "EmailTruncated": 1,
        "LostLinkLabel": 5,
        "NonBreakingSpace": 18,
        "NoteInName": 1,
        "NumberedValues": 1,
        "RecordOverSeveralLines": 16,
        "StrayMarker": 1,
        "UrlTruncated": 2,
    },
    "001": {
        "ColumnsLost": 1,
        "EmailTruncated": 1,
        "LostLinkLabel": 18,
        "NonBreakingSpace": 2,
        "NoteInName": 3,
        "PrefectureMissing": 1,
        "RecordOverSeveralLines": 20,
        "UrlTruncated": 1,
    },
    "002": {
        "AmbiguousPlace": 1,
        "AnchorTextDiffers": 2,
        "BodyOfAnotherPlace": 1,
        "BulletedValues": 4,
        "ContactsOfAnotherPlace": 1,
        "ContinuationRow": 7,
        "DoubtfulEmail": 2,
        "DoubtfulName": 2,
        "DoubtfulUrl": 7,
        "EmailWithBlank": 2,
        "HtmlEntity": 1,
        "HtmlMarkup": 1,
        "IrregularHeader": 1,
        "JapaneseName": 6,
        "LabelledValues": 3,
        "LinkLabel": 3,
        "MangledValue": 3,
        "NotPaired": 1,
        "NoteInName": 3,
        "NumberedValues": 34,
        "PageBreakInTable": 8,
        "PairedByPosition": 3,
        "ParenthesisedValue": 1,
        "PlaceNameVariant": 25,
        "PrefectureDiffers": 1,
        "PrefectureMissing": 24,
        "PrefectureMisspelt": 1,
        "RomanisedName": 3,
        "ShiftedRow": 1,
        "SubdivisionForPlace": 1,
        "UnmarkedValues": 7,
        "UrlInEmailColumn": 1,
    },
    "003": {
        "ClassLinkRow": 4,
        "ContinuationRow": 7,
        "DoubtfulEmail": 2,
        "DoubtfulName": 3,
        "DoubtfulUrl": 13,
        "EmailNotation": 1,
        "LinkLabel": 22,
        "NoDivisionYet": 1,
        "PageBreakInTable": 2,
        "PlaceNameVariant": 24,
        "RepeatedHeader": 2,
        "TranslationGateway": 8,
    },
    "004": {
        "ContinuationRow": 1,
        "DoubtfulListing": 1,
        "LinkLabel": 5,
        "NumberedValues": 2,
        "PlaceNameVariant": 2,
        "RepeatedValue": 1,
        "RomanisedName": 1,
        "UnmarkedValues": 2,
    },
}

WITHHOLDING = {  # kinds of issue that say why a printed value is not published
    "EmailTruncated",
    "UrlTruncated",
    "EmailWithBlank",
    "UrlInEmailColumn",
    "MangledValue",
    "ContactsOfAnotherPlace",
}


def get_owners(facts, edition: str):
    for listing in facts.listings:
        if listing.edition.number == edition:
            yield from (listing, *listing.bodies)


def join_values(stated) -> str:
    return " ".join(s.value for s in stated)


@pytest.mark.parametrize("edition", COUNTS)
def test_counts_of_what_a_document_states(facts, edition):
    listings = [li for li in facts.listings if li.edition.number == edition]
    owners = list(get_owners(facts, edition))
    assert COUNTS[edition] == (
        len(listings),
        sum(len(li.bodies) for li in listings),
        sum(len(o.emails) for o in owners),
        sum(len(o.urls) for o in owners),
        sum(len(li.channels) for li in listings),
    )


@pytest.mark.parametrize("edition", ISSUES)
def test_issues_of_a_document_by_kind(facts, edition):
    assert Counter(i.kind for i in facts.issues if i.edition == edition) == ISSUES[edition]


def test_governments(facts):
    places = {li.place.lg_code: li.place for li in facts.listings}
    assert Counter(p.is_prefecture for p in places.values()) == {True: 47, False: 94}


def test_every_body_with_its_name_language_kind_and_contacts(facts):
    found = []
    for li in facts.listings:
        start = (li.edition.number, li.category, str(li.line), " ".join(map(str, li.lines)), li.place.lg_code)
        if li.urls or li.emails or not li.bodies:
            found.append((*start, "0", "", "", "", join_values(li.urls), join_values(li.emails)))
        for b in li.bodies:
            kind = "ngo" if b.is_ngo else "org" if b.is_association else "unit"
            found.append((*start, str(b.order), b.name, b.language, kind, join_values(b.urls), join_values(b.emails)))
    assert Counter(found) == Counter(tuple(r.values()) for r in read_expected("bodies.csv"))


def test_every_class_link_with_its_label(facts):
    found = [
        (
            li.edition.number,
            str(li.line),
            str(k),
            " ".join(map(str, c.lines)),
            c.url,
            c.label,
            c.label and detect_language(c.label),
        )
        for li in facts.listings
        for k, c in enumerate(li.channels, 1)
    ]
    assert Counter(found) == Counter(tuple(r.values()) for r in read_expected("classes.csv"))


def test_every_status_operator_and_note(facts):
    found = [
        (
            li.edition.number,
            str(li.line),
            li.class_status,
            li.operator,
            "|".join(s.value for s in li.related),
            " | ".join(s.value for s in li.notes),
            detect_language(li.notes[0].value) if li.notes else "",
        )
        for li in facts.listings
    ]
    assert Counter(found) == Counter(tuple(r.values()) for r in read_expected("statuses.csv"))


def test_every_issue(facts):
    found = Counter((i.edition, str(i.lines[0]), i.kind) for i in facts.issues)
    assert found == Counter((r["edition"], r["line"], r["kind"]) for r in read_expected("issues.csv"))


def test_every_suggestion_with_its_evidence(facts):
    """`evidence` in the table is that of the suggestion, or of the doubt where nothing is suggested."""
    found = Counter()
    for issue in facts.issues:
        cited = [e for s in issue.suggestions for e in s.evidence] or issue.evidence
        evidence = " ".join(f"{e.document}:{e.line}" for e in cited)
        suggested = " ".join(s.value for s in issue.suggestions)
        found[(issue.edition, str(issue.lines[0]), issue.kind, suggested, evidence)] += 1
    rows = read_expected("issues.csv")
    assert found == Counter((r["edition"], r["line"], r["kind"], r["suggestion"], r["evidence"]) for r in rows)


def test_the_published_graph_states_every_email_of_every_body(release):
    query = f"""
        PREFIX schema: <https://schema.org/>
        PREFIX jle: <{release.iris.base}ontology#>
        SELECT ?graph ?code ?name ?email WHERE {{
            GRAPH ?graph {{
                ?listing a jle:Listing ; schema:about/jle:lgCode ?code ; jle:unitInCharge ?body ; jle:contact ?contact .
                ?body schema:name ?name ; schema:contactPoint ?contact .
                ?contact schema:email ?email
            }}
        }}"""
    prefix = f"{release.iris.base}graph/edition/"
    found = Counter(
        (row["graph"].value.removeprefix(prefix), *(row[v].value for v in ("code", "name", "email")))
        for row in release.load_store().query(query)
    )
    rows = [r for r in read_expected("bodies.csv") if r["order"] != "0"]
    assert found == Counter((r["edition"], r["lg_code"], r["name"], e) for r in rows for e in r["emails"].split())
    assert found.total() == 221  # the documents print four more, which are damaged


def test_verbatim_texts_stand_in_the_documents(facts):
    """White space folded; a text that runs over lines stands in the lines of its listing."""
    texts = {d.edition.number: d for d in facts.documents}
    lines = {(li.edition.number, li.line): li.lines for li in facts.listings}
    for issue in facts.issues:
        numbers = sorted({*issue.lines, *lines.get((issue.edition, issue.listing), ())})
        printed = normalise_name(" ".join(texts[issue.edition].get_line(n) for n in numbers))
        text = printed.replace("&amp;", "&")
        wanted = normalise_name(issue.verbatim)
        assert wanted in printed or wanted.replace("&amp;", "&") in text, (issue.edition, issue.lines, issue.kind, wanted)


def test_every_line_is_accounted_for(facts):
    for document in facts.documents:
        edition = document.edition.number
        kinds = facts.line_kinds[edition]
        assert sorted(kinds) == list(range(1, len(document.lines) + 1))
        assert all((kinds[n] == "BlankLine") == (not normalise_name(line)) for n, line in enumerate(document.lines, 1))
        of_listings = Counter(n for li in facts.listings if li.edition.number == edition for n in li.lines)
        assert set(of_listings.values()) == {1}, "a line belongs to one listing"
        rows = {n for n, kind in kinds.items() if kind in ("RowLine", "ContinuationLine")}
        assert rows <= set(of_listings)
        assert {kinds[n] for n in set(of_listings) - rows} <= {"NoteLine"}


def test_every_printed_email_is_published_or_withheld(facts):
    """Found in the raw text with a pattern that knows nothing of cells."""
    missing = []
    for document in facts.documents:
        edition = document.edition.number
        published = {s.value for owner in get_owners(facts, edition) for s in owner.emails}
        for number, line in enumerate(document.lines, 1):
            withheld = " ".join(
                document.get_line(n) if i.kind == "ContactsOfAnotherPlace" else i.verbatim
                for i in facts.issues
                if i.edition == edition and number in i.lines and i.kind in WITHHOLDING
                for n in i.lines
            )
            for printed in re.findall(r"[\w.+-]*(?:@|\[at\])[\w.-]*", line, re.ASCII):
                if printed.replace("[at]", "@") not in published and printed not in withheld:
                    missing.append((edition, number, printed))
    assert not missing


def test_every_printed_url_is_published_or_withheld(facts):
    missing = []
    for document in facts.documents:
        edition = document.edition.number
        listings = [li for li in facts.listings if li.edition.number == edition]
        published = {s.value for owner in get_owners(facts, edition) for s in owner.urls}
        published |= {c.url for li in listings for c in li.channels}
        for number, line in enumerate(document.lines, 1):
            withheld = " ".join(
                document.get_line(n) if i.kind == "ContactsOfAnotherPlace" else i.verbatim
                for i in facts.issues
                if i.edition == edition and number in i.lines and i.kind in WITHHOLDING
                for n in i.lines
            )
            for printed in re.findall(r"""(?<![\w/])(?:https?://|www\.)[^\s"<>]+""", line):
                url = complete_url(printed.replace("&amp;", "&"))
                if url not in published and printed not in withheld:
                    missing.append((edition, number, printed))
    assert not missing


def test_curation_stands_in_the_order_of_the_documents():
    entries = read_toml(SEEDS / "curation.toml")["entry"]
    places = [(e["document"], e["line"]) for e in entries]
    assert places == sorted(places), "sort seeds/curation.toml by document and line"


def test_curation_states_every_decision_once_and_in_both_languages():
    entries = read_toml(SEEDS / "curation.toml")["entry"]
    keys = Counter((e["document"], e["line"], e["decision"], *e.get("columns", [])) for e in entries)
    assert {k for k, n in keys.items() if n > 1} == set()
    assert all(e["reason_en"].isascii() and detect_language(e["reason_ja"]) == "ja" for e in entries)


def test_places_stand_in_the_order_of_their_codes(facts):
    lines = (SEEDS / "places.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == sorted(lines, key=lambda line: (",prefecture," not in line, line[:6])), "prefectures first"
    assert len(facts.gazetteer.places) == 1794
    assert Counter(p.kind == "prefecture" for p in facts.gazetteer) == {True: 47, False: 1747}


def test_the_catalogue_names_what_is_current(facts):
    assert facts.catalogue.get_current_editions() == {
        "Prefecture": "002",
        "DesignatedCity": "002",
        "CoreCity": "003",
        "CouncilMember": "004",
    }


def test_the_expected_tables_are_not_empty():
    """The comparisons above are worth something only while the tables hold what the model counts."""
    bodies = read_expected("bodies.csv")
    assert len({(r["edition"], r["listing"]) for r in bodies}) == 267
    assert sum(r["order"] != "0" for r in bodies) == 289
    assert (ROOT / "ontology" / "model.md").read_text(encoding="utf-8").count("267 listings") == 1
