"""Generated data of the shape of the real data, of any size: made-up prefectures, written by the build's own writers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from lod.catalogue import CATEGORIES, Edition, Section
from lod.dataset import read_ontology
from lod.documents import Document
from lod.edition_graph import add_listings
from lod.iris import Iris
from lod.issues import Issue, make_issue
from lod.listings import Body, Channel, Listing, Stated
from lod.places import Gazetteer, Place
from lod.quality_graph import add_issues, add_source_lines
from lod.reference_graph import add_places
from lod.terms import Vocabulary, read_vocabulary
from lod.triples import Triples, text

MUNICIPALITIES = 37  # of a prefecture: Japan has 1,747 in 47
LISTED = 5  # of them have listings, besides the prefecture itself
PREFECTURES = 25  # of a list, so that an edition has about as many listings as the longest of the real ones

_LATIN = (
    "a",
    "i",
    "ka",
    "ki",
    "ko",
    "sa",
    "shi",
    "ta",
    "chi",
    "to",
    "na",
    "no",
    "ha",
    "hi",
    "ma",
    "mi",
    "ya",
    "yu",
    "ri",
    "wa",
)
_SYLLABLES = tuple(zip(_LATIN, "あいかきこさしたちとなのはひまみやゆりわ", strict=True))
_KANJI = "山川田中島野原村松本木森林石井上下大小高北南東西浜津沢谷岡崎宮城福富岩青白黒赤金銀水"
_OFFICES = (
    "International Affairs Division",
    "International Exchange Section",
    "Multicultural Promotion Division",
    "Citizens' Cooperation Department",
    "Board of Education Lifelong Learning Division",
    "Planning and Policy Bureau",
)
_MAILBOXES = ("kokusai", "tabunka", "shimin", "kyoiku", "kikaku")


def write_data(path: Path, size: int, seed: int, ontology: Path, iris: Iris) -> int:
    """Writes about `size` quads as N-Quads, the same ones for the same seed; returns how many there are.

    `ontology` is the folder of the vocabulary.
    """
    written = 0

    def iterate_counted() -> Iterator[Quad]:
        nonlocal written
        for quad in iterate_quads(size, seed, ontology, iris):
            written += 1
            yield quad

    serialize(iterate_counted(), output=path, format=RdfFormat.N_QUADS)
    return written


def iterate_quads(size: int, seed: int, ontology: Path, iris: Iris) -> Iterator[Quad]:
    """The vocabulary, then list after list until there are `size` quads; one list is in memory at a time."""
    file = ontology / "vocabulary.ttl"
    vocabulary = read_vocabulary(file, iris)
    made = 0
    for quad in _place_triples(read_ontology(file, iris), iris.graph("ontology")):
        yield quad
        made += 1
    for number in count():
        if made >= size:
            return
        for quad in _iterate_list(number, random.Random(f"{seed}/{number}"), vocabulary, iris):  # noqa: S311 — not for secrets
            yield quad
            made += 1


def _iterate_list(number: int, chance: random.Random, vocabulary: Vocabulary, iris: Iris) -> Iterator[Quad]:
    """A list in two editions, the earlier and the current one, and the prefectures that it is about."""
    prefectures = [_make_prefecture(number * PREFECTURES + k, chance) for k in range(PREFECTURES)]
    earlier, current = (_make_edition(f"{2 * number + k:03d}") for k in range(2))
    graphs = {name: Triples(vocabulary) for name in ("reference", "catalog", "quality")}
    add_places(graphs["reference"], iris, Gazetteer(place for places in prefectures for place in places))
    _add_editions(graphs["catalog"], iris, earlier, current)
    for edition in (earlier, current):
        listings = _make_listings(edition, [p for places in prefectures for p in places[: LISTED + 1]], chance)
        facts, lines = Triples(vocabulary), Triples(vocabulary)
        add_listings(facts, iris, listings)
        document = _make_document(edition, listings)
        add_source_lines(lines, iris, document, dict.fromkeys(range(1, len(document.lines) + 1), "RowLine"))
        add_issues(graphs["quality"], iris, [_make_issue(listing) for listing in listings])
        graphs |= {f"edition/{edition.number}": facts, f"source/{edition.number}": lines}
    for name in ("reference", "catalog", f"edition/{current.number}"):
        yield from _place_triples(graphs[name].triples, DefaultGraph())
    for name, graph in graphs.items():
        yield from _place_triples(graph.triples, iris.graph(name))


def _place_triples(triples: Iterable[Triple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """The triples in that graph, in an order that does not change from run to run."""
    return (Quad(t.subject, t.predicate, t.object, graph) for t in sorted(triples, key=str))


def _make_prefecture(number: int, chance: random.Random) -> list[Place]:
    """The prefecture, and after it its municipalities."""
    # A name may come twice in a list of prefectures, but not in the table that finds them by name.
    name = f"{_make_name(chance)[0]}-{number}"
    return [_make_place(number, order, name, chance) for order in range(MUNICIPALITIES + 1)]


def _make_place(number: int, order: int, prefecture: str, chance: random.Random) -> Place:
    code = f"{number:05d}{order:03d}"
    english, japanese, kana = _make_name(chance)
    is_prefecture = order == 0
    return Place(
        lg_code=code,
        kind="prefecture" if is_prefecture else "city",
        name_en=prefecture if is_prefecture else english,
        name_ja=japanese + ("県" if is_prefecture else "市"),
        kana=kana + ("けん" if is_prefecture else "し"),
        prefecture="" if is_prefecture else prefecture,
        designation="",
        iso_3166_2=f"JP-{number}" if is_prefecture else "",
        wikidata=f"Q9{code}" if chance.random() < 0.2 else "",
        geonames="",
        estat=f"C{code}",
        lat=f"{chance.uniform(26, 45):.5f}",
        lon=f"{chance.uniform(127, 145):.5f}",
    )


def _make_name(chance: random.Random) -> tuple[str, str, str]:
    """A name in Latin letters, in Chinese characters and in kana."""
    syllables = chance.choices(_SYLLABLES, k=chance.randint(3, 4))
    latin = "".join(s for s, _ in syllables).capitalize()
    return latin, "".join(chance.choices(_KANJI, k=2)), "".join(k for _, k in syllables)


def _make_edition(number: str) -> Edition:
    section = Section("", CATEGORIES[int(number) // 2 % len(CATEGORIES)])
    return Edition(number, f"{number}.txt", "", "tab-separated", "@", "", (section,), (), None, "", "", "", "", "")


def _add_editions(graph: Triples, iris: Iris, earlier: Edition, current: Edition) -> None:
    for edition in (earlier, current):
        node = iris.edition(edition.number)
        graph.add_types(node, "dcat:Dataset", "prov:Entity")
        graph.add(node, "dcterms:identifier", text(edition.number))
    graph.add(iris.edition(current.number), "jle:laterThan", iris.edition(earlier.number))


def _make_listings(edition: Edition, places: Iterable[Place], chance: random.Random) -> list[Listing]:
    """One listing for each place, one line for each listing."""
    (category,) = edition.categories
    return [_make_listing(edition, category, place, line, chance) for line, place in enumerate(places, 1)]


def _make_listing(edition: Edition, category: str, place: Place, line: int, chance: random.Random) -> Listing:
    host = f"city.{place.name_en.lower()}.lg.jp"
    bodies = [
        Body(
            order=order,
            name=office,
            is_association=False,
            line=line,
            urls=[Stated(f"https://www.{host}/{order}/", line)],
            emails=[Stated(f"{mailbox}@{host}", line)],
        )
        for order, (office, mailbox) in enumerate(
            zip(chance.sample(_OFFICES, k=chance.choice((1, 1, 1, 2, 3))), chance.sample(_MAILBOXES, k=3), strict=False), 1
        )
    ]
    links = [Channel(f"https://www.{host}/nihongo/", "Japanese classes", [line])] if chance.random() < 0.6 else []
    status = "Given" if links else "NotGiven"
    return Listing(edition, category, place, [line], bodies, links, status)


def _make_document(edition: Edition, listings: Iterable[Listing]) -> Document:
    lines = tuple("\t".join((li.place.prefecture, li.place.label_en, *(b.name for b in li.bodies))) for li in listings)
    return Document(edition, Path(edition.file), b"", lines)


def _make_issue(listing: Listing) -> Issue:
    number, place = listing.edition.number, listing.place
    return make_issue(number, "PlaceNameVariant", listing.lines, "place", place.name_en, place.label_en, listing=listing.line)
