"""The irregularities of all editions: read once, counted by kind and edition, and filtered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from server.dataset import Dataset, Edition
from server.pages.categories import CATEGORIES
from server.pages.labels import Label, fold_text, label_term, label_thing
from server.pages.quality_filters import (
    NO_LISTING,
    Government,
    choose_editions,
    is_in_edition,
    read_choice,
    read_text,
)

GROUPS = (  # what does most harm comes first
    "DamagedValue",
    "DoubtfulValue",
    "StatementOfAbsence",
    "PlaceIssue",
    "NotationIssue",
    "LayoutIssue",
)
HAVING = ("suggestion", "evidence")
_LINE = re.compile(r"/source/(\w+)\.txt#line=\d+,(\d+)$")


@dataclass(frozen=True)
class Kind:
    """A kind of issue, and the group that it stands in; their names are those of the vocabulary without its prefix."""

    name: str
    group: str
    label: Label


@dataclass(frozen=True)
class Evidence:
    """A line of a document that supports a suggestion or a doubt."""

    iri: NamedNode
    edition: str
    line: str


@dataclass(frozen=True)
class Issue:
    """One irregularity."""

    iri: NamedNode
    edition: Edition
    lines: tuple[int, ...]
    kind: Kind
    listing: NamedNode | None  # None where it is about the document as a whole
    category: str
    is_current: bool
    government: Government | None
    government_iri: NamedNode | None
    verbatim: str
    suggestions: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    comment: Label

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Its lines, those that follow each other as first and last."""
        found: list[tuple[int, int]] = []
        for line in self.lines:
            if found and line == found[-1][1] + 1:
                found[-1] = (found[-1][0], line)
            else:
                found.append((line, line))
        return found

    @cached_property
    def text(self) -> str:
        """What a search looks at."""
        labels = [self.kind.label, self.comment, *([self.government.label] if self.government else [])]
        names = [name for label in labels for name in (label.text, label.other)]
        code = self.government.code if self.government else ""
        return fold_text("\n".join((self.verbatim, *self.suggestions, *names, code)))


@dataclass(frozen=True)
class IssueList:
    """All issues, the newest edition first and in the order of their lines, with all kinds and groups that there are."""

    issues: tuple[Issue, ...]
    kinds: Mapping[str, Kind]
    groups: Mapping[str, Label]
    governments: Mapping[str, NamedNode]  # those listed, by their codes
    editions: tuple[str, ...]

    def select(self, filters: Mapping[str, str]) -> list[Issue]:
        """Those that all filters let pass."""
        words = fold_text(filters.get("q", "")).split()
        return [issue for issue in self.issues if _passes(issue, filters) and all(word in issue.text for word in words)]

    def list_kinds(self, group: str) -> list[Kind]:
        """The kinds of a group by their English names."""
        return sorted((kind for kind in self.kinds.values() if kind.group == group), key=lambda kind: kind.label.text)

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many there are of each kind and group in each edition and, with an empty name, in all."""
        return Counter(
            pair
            for issue in self.issues
            for pair in product((issue.kind.name, issue.kind.group, ""), (issue.edition.number, ""))
        )

    def read_filters(self, args: MultiDict[str, str]) -> dict[str, str]:
        """The filters of an address, without those left out; raises BadRequest with what to choose from."""
        code = read_text(args, "government")
        if code and code not in self.governments:
            raise BadRequest(f"No listed government has the code “{code}”: give one of six digits, such as government=122173.")
        found = {
            "kind": read_choice(args, "kind", self.kinds),
            "edition": read_choice(args, "edition", self.editions),
            "category": read_choice(args, "category", (*CATEGORIES, NO_LISTING)),
            "group": read_choice(args, "group", self.groups),
            "has": read_choice(args, "has", HAVING),
            "government": code,
            "q": read_text(args, "q"),
        }
        return {name: value for name, value in found.items() if value}


def read_issues(dataset: Dataset) -> IssueList:
    """All issues of the release."""
    groups = {name: label_term(dataset, dataset.term(f"jle:{name}")) for name in GROUPS}
    kinds = {kind.name: kind for group in GROUPS for kind in _read_kinds(dataset, group)}
    found = dataset.subjects("rdf:type", dataset.term("dqv:QualityAnnotation"))
    issues = [issue for iri in found if (issue := _read_issue(dataset, iri, kinds))]
    order = {edition: place for place, edition in enumerate(dataset.editions)}
    issues.sort(key=lambda i: (order[i.edition], i.lines, i.kind.name, i.iri.value))
    listed = {quad.object for quad in dataset.quads(None, "schema:about") if isinstance(quad.object, NamedNode)}
    governments = {read_government(dataset, iri).code: iri for iri in listed}
    return IssueList(tuple(issues), kinds, groups, governments, tuple(choose_editions(dataset)))


def _passes(issue: Issue, filters: Mapping[str, str]) -> bool:
    category, has, code = filters.get("category"), filters.get("has"), filters.get("government")
    return (
        filters.get("kind") in (None, issue.kind.name)
        and filters.get("group") in (None, issue.kind.group)
        and is_in_edition(filters.get("edition", ""), issue.edition, is_current=issue.is_current)
        and (category is None or category == (issue.category or NO_LISTING))
        and (has is None or bool(issue.suggestions if has == "suggestion" else issue.evidence))
        and (code is None or (issue.government is not None and issue.government.code == code))
    )


def _read_kinds(dataset: Dataset, group: str) -> list[Kind]:
    start = f"{dataset.iris.ontology.value}#"
    terms = dataset.subjects("skos:broader", dataset.term(f"jle:{group}"))
    return [Kind(term.value.removeprefix(start), group, label_term(dataset, term)) for term in terms]


def _read_issue(dataset: Dataset, iri: NamedNode, kinds: Mapping[str, Kind]) -> Issue | None:
    types, targets = dataset.things(iri, "jle:issueType"), dataset.things(iri, "oa:hasTarget")
    edition = next((e for e in map(dataset.find_edition, dataset.things(iri, "jle:inEdition")) if e), None)
    kind = next((kinds[name] for t in types if (name := t.value.rpartition("#")[2]) in kinds), None)
    if edition is None or kind is None:
        return None
    about = [g for target in targets for g in dataset.things(target, "schema:about", edition.graph)]
    listing = targets[0] if about else None
    categories = [
        c.value.rpartition("#")[2] for t in targets if about for c in dataset.things(t, "jle:category", edition.graph)
    ]
    category = categories[0] if categories else ""
    comments = {c.language: c.value for c in dataset.texts(iri, "rdfs:comment")}
    return Issue(
        iri,
        edition,
        tuple(dataset.numbers(iri, "jle:sourceLine")),
        kind,
        listing,
        category,
        category in edition.current_for,
        read_government(dataset, about[0]) if about else None,
        about[0] if about else None,
        "".join(v.value for v in dataset.texts(iri, "jle:verbatim")),
        tuple(v.value for v in dataset.texts(iri, "jle:suggestedValue")),
        _read_evidence(dataset.things(iri, "jle:evidence")),
        Label(comments.get("en", ""), "en", comments.get("ja", "")),
    )


def read_government(dataset: Dataset, iri: NamedNode) -> Government:
    codes = dataset.texts(iri, "jle:lgCode")
    return Government(codes[0].value if codes else "", label_thing(dataset, iri))


def _read_evidence(sources: Sequence[NamedNode]) -> tuple[Evidence, ...]:
    found = ((iri, _LINE.search(iri.value)) for iri in sources)
    return tuple(Evidence(iri, place[1], place[2]) for iri, place in found if place)
