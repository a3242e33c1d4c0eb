"""The quality of the editions in figures: what share of the listings says what is needed, how often a text is irregular.

The figures follow the Data Quality Vocabulary (W3C Note of 15 December 2016): each is a dqv:QualityMeasurement of one metric
of the vocabulary, computed on one edition, in all its categories or in one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pyoxigraph import Literal, NamedNode, Triple

from lod.catalogue import Edition
from lod.iris import Iris
from lod.issues import Issue
from lod.listings import Body, Listing
from lod.seeds import Facts
from lod.terms import Vocabulary
from lod.triples import Triples, decimal, integer

_DESCRIBED = ("dqv:Metric", "dqv:Dimension", "dqv:Category")
_PLACES = Decimal("0.0001")  # to which a share is rounded


@dataclass(frozen=True)
class Measurement:
    """One figure: a count, or a share with what it is the share of.

    `category` is empty where it is of the whole edition, `kind` that of the issues counted where it is of one kind only,
    `other` the edition compared with. A count has no denominator.
    """

    edition: str
    metric: str
    numerator: int
    denominator: int | None = None
    category: str = ""
    kind: str = ""
    other: str = ""

    @property
    def names(self) -> list[str]:
        """What tells it apart from the others of its edition."""
        return [name for name in (self.category, self.metric, self.kind or self.other) if name]

    @property
    def value(self) -> Literal:
        """The count, or the share as a decimal between 0 and 1, rounded half up to four places, without needless zeros."""
        if self.denominator is None:
            return integer(self.numerator)
        share = (Decimal(self.numerator) / Decimal(self.denominator)).quantize(_PLACES, ROUND_HALF_UP)
        return decimal(f"{share:f}".rstrip("0").rstrip("."))


@dataclass(frozen=True)
class _Scope:
    """What a figure is of: the listings of an edition, those of one category where it is not empty, with their issues."""

    edition: Edition
    category: str
    listings: Sequence[Listing]
    issues: Sequence[Issue]


def add_measurements(graph: Triples, iris: Iris, facts: Facts, ontology: Iterable[Triple]) -> None:
    """Adds all measurements, and of the vocabulary the metrics that they are of, so that the graph explains itself."""
    terms = _Terms(graph.vocabulary, ontology)
    graph.triples.update(terms.list_metrics())
    for measurement in measure_quality(facts, terms.list_damages()):
        _add_measurement(graph, iris, measurement, terms)


def measure_quality(facts: Facts, damages: frozenset[str]) -> Iterator[Measurement]:
    """All figures; `damages` are the kinds of issue that say that a printed value is in no edition graph."""
    for scope in _list_scopes(facts):
        yield from _measure_completeness(scope)
        yield from _measure_validity(scope, damages)
        yield from _count_issues(scope)
    yield from _measure_consistency(facts)


def _list_scopes(facts: Facts) -> Iterator[_Scope]:
    """Each edition, then each of its categories."""
    categories = {(li.edition.number, li.line): li.category for li in facts.listings}
    for document in facts.documents:
        edition = document.edition
        listings = [li for li in facts.listings if li.edition.number == edition.number]
        issues = [i for i in facts.issues if i.edition == edition.number]
        yield _Scope(edition, "", listings, issues)
        for name in edition.categories:
            own = [i for i in issues if i.listing is not None and categories.get((i.edition, i.listing)) == name]
            yield _Scope(edition, name, [li for li in listings if li.category == name], own)


def _measure_completeness(scope: _Scope) -> Iterator[Measurement]:
    """Of the listings whose document has the column: a lost column says nothing, so it gives no figure."""
    is_lost = scope.edition.is_flattened
    states: Mapping[str, Callable[[Listing], tuple[bool, bool]]] = {  # whether it states one, and whether nothing is known
        "EmailCompleteness": lambda li: (bool(_list_emails(li)), is_lost),
        "UrlCompleteness": lambda li: (bool(_list_urls(li)), is_lost),
        "ClassLinkCompleteness": lambda li: (bool(li.channels), li.class_status == "ColumnLost"),
    }
    for metric, state in states.items():
        found = [has for has, lost in map(state, scope.listings) if has or not lost]
        if found:
            yield Measurement(scope.edition.number, metric, sum(found), len(found), scope.category)


def _measure_validity(scope: _Scope, damages: frozenset[str]) -> Iterator[Measurement]:
    """Of the printed addresses and links; a row whose values were withheld together counts as its one issue."""
    if scope.edition.is_flattened:
        return
    usable = sum(_count_values(li) for li in scope.listings)
    damaged = sum(i.kind in damages for i in scope.issues)
    if usable + damaged:
        yield Measurement(scope.edition.number, "ValueValidity", usable, usable + damaged, scope.category)


def _count_issues(scope: _Scope) -> Iterator[Measurement]:
    yield Measurement(scope.edition.number, "IssueCount", len(scope.issues), category=scope.category)
    for kind, count in sorted(Counter(i.kind for i in scope.issues).items()):
        yield Measurement(scope.edition.number, "IssueCountByType", count, category=scope.category, kind=kind)


def _measure_consistency(facts: Facts) -> Iterator[Measurement]:
    """Of each two editions that list the same category: measured on the later one, or on that with the higher number."""
    older = {e.number: facts.catalogue.find_older_editions(e.number) for e in facts.catalogue.editions}
    editions = sorted((d.edition for d in facts.documents), key=lambda e: e.number)
    pairs = [(a, b) for i, a in enumerate(editions) for b in editions[i + 1 :]]
    for first, second in pairs:
        later, earlier = (first, second) if second.number in older[first.number] else (second, first)
        for category in (c for c in later.categories if c in earlier.categories):
            yield from _compare_editions(facts, later, earlier, category)


def _compare_editions(facts: Facts, later: Edition, earlier: Edition, category: str) -> Iterator[Measurement]:
    """Of the governments for which both editions state at least one value: how many for which they state the same ones."""
    readers: dict[str, Callable[[Listing], set[str]]] = {"BodyConsistency": _list_bodies}
    if not (later.is_flattened or earlier.is_flattened):
        readers |= {"EmailConsistency": _list_emails, "UrlConsistency": _list_urls}
    for metric, read in readers.items():
        ours, theirs = (_collect_values(facts, edition, category, read) for edition in (later, earlier))
        both = [code for code, values in ours.items() if values and theirs.get(code)]
        if both:
            same = sum(ours[code] == theirs[code] for code in both)
            yield Measurement(later.number, metric, same, len(both), category, other=earlier.number)


def _collect_values(facts: Facts, edition: Edition, category: str, read: Callable[[Listing], set[str]]) -> dict[str, set[str]]:
    """What an edition states of each government in a category, by its code."""
    found: dict[str, set[str]] = {}
    for listing in facts.listings:
        if listing.edition.number == edition.number and listing.category == category:
            found.setdefault(listing.place.lg_code, set()).update(read(listing))
    return found


def _list_owners(listing: Listing) -> list[Listing | Body]:
    return [listing, *listing.bodies]


def _list_emails(listing: Listing) -> set[str]:
    """The usable e-mail addresses, in small letters: case makes no difference to where they lead."""
    return {e.value.lower() for owner in _list_owners(listing) for e in owner.emails}


def _list_urls(listing: Listing) -> set[str]:
    return {u.value for owner in _list_owners(listing) for u in owner.urls}


def _list_bodies(listing: Listing) -> set[str]:
    return {f"{body.is_association} {body.slug}" for body in listing.bodies}


def _count_values(listing: Listing) -> int:
    """Addresses and links that the listing prints and that can be used: each once for each body, URLs once for the listing."""
    emails = sum(len({e.value for e in owner.emails}) for owner in _list_owners(listing))
    urls = len({u.value for body in listing.bodies for u in body.urls}) + len({u.value for u in listing.urls})
    return emails + urls + len(listing.channels)


class _Terms:
    """What the vocabulary says of the terms that measurements are described with."""

    def __init__(self, vocabulary: Vocabulary, ontology: Iterable[Triple]) -> None:
        self.vocabulary = vocabulary
        self.triples = tuple(ontology)
        label = vocabulary["rdfs:label"]
        self.labels = {
            (t.subject, t.object.language): t.object.value
            for t in self.triples
            if t.predicate == label and isinstance(t.object, Literal)
        }

    def list_metrics(self) -> list[Triple]:
        """What is stated of the metrics, their dimensions and the category of these."""
        kinds = {self.vocabulary[name] for name in _DESCRIBED}
        described = {t.subject for t in self.triples if t.predicate == self.vocabulary["rdf:type"] and t.object in kinds}
        return [t for t in self.triples if t.subject in described]

    def list_damages(self) -> frozenset[str]:
        """The names of the kinds of issue in the group of damaged values."""
        broader, group = self.vocabulary["skos:broader"], self.vocabulary["jle:DamagedValue"]
        kinds = (t.subject for t in self.triples if t.predicate == broader and t.object == group)
        return frozenset(kind.value.rpartition("#")[2] for kind in kinds if isinstance(kind, NamedNode))

    def get_label(self, name: str, language: str) -> str:
        return self.labels[self.vocabulary[f"jle:{name}"], language]


def _add_measurement(graph: Triples, iris: Iris, measurement: Measurement, terms: _Terms) -> None:
    edition, vocabulary = iris.edition(measurement.edition), graph.vocabulary
    node = iris.measurement(measurement.edition, *measurement.names)
    graph.add(edition, "dqv:hasQualityMeasurement", node)
    graph.add_types(node, "dqv:QualityMeasurement")
    graph.add(node, "dqv:computedOn", edition)
    graph.add(node, "dqv:isMeasurementOf", vocabulary[f"jle:{measurement.metric}"])
    graph.add(node, "dqv:value", measurement.value)
    if measurement.denominator is not None:
        graph.add(node, "jle:numerator", integer(measurement.numerator))
        graph.add(node, "jle:denominator", integer(measurement.denominator))
    for term, name in (("jle:measuredCategory", measurement.category), ("jle:measuredIssueType", measurement.kind)):
        graph.add(node, term, *([vocabulary[f"jle:{name}"]] if name else []))
    graph.add(node, "jle:comparedWith", *([iris.edition(measurement.other)] if measurement.other else []))
    graph.add_names(node, "rdfs:label", _list_labels(measurement, terms))


def _list_labels(measurement: Measurement, terms: _Terms) -> Iterator[tuple[str, str]]:
    words = (("en", "edition {}", "compared with edition {}", ": ", ", "), ("ja", "版{}", "版{}との比較", ":", "、"))
    for language, edition, compared, colon, comma in words:
        parts = [edition.format(measurement.edition)]
        parts += [terms.get_label(name, language) for name in (measurement.category, measurement.kind) if name]
        parts += [compared.format(measurement.other)] if measurement.other else []
        yield f"{terms.get_label(measurement.metric, language)}{colon}{comma.join(parts)}", language
