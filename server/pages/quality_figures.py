"""The measurements of quality as the release states them: shares of current lists, and how two editions agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.categories import CATEGORIES

SHARES = ("EmailCompleteness", "ClassLinkCompleteness", "UrlCompleteness", "ValueValidity")
AGREEMENTS = ("EmailConsistency", "UrlConsistency", "BodyConsistency")
COUNT = "IssueCount"
ALL = """SELECT ?measurement ?edition ?category ?metric ?kind ?other ?value ?numerator ?denominator WHERE {
  GRAPH ?graph {
    ?measurement dqv:computedOn ?edition ; dqv:isMeasurementOf ?metric ; dqv:value ?value
    OPTIONAL { ?measurement jle:measuredCategory ?category }
    OPTIONAL { ?measurement jle:measuredIssueType ?kind }
    OPTIONAL { ?measurement jle:comparedWith ?other }
    OPTIONAL { ?measurement jle:numerator ?numerator ; jle:denominator ?denominator }
  }
}
ORDER BY ?measurement
"""


@dataclass(frozen=True)
class Figure:
    """One measurement; categories, metrics and kinds of issue by their local names, empty where there is none."""

    iri: NamedNode
    edition: Edition
    category: str
    metric: str
    kind: str
    other: Edition | None
    value: str
    numerator: int
    denominator: int

    @property
    def percent(self) -> int:
        """Rounded, but neither to 0 nor to 100 what is neither."""
        if not 0 < self.numerator < self.denominator:
            return 100 if self.numerator else 0
        return min(max(round(100 * self.numerator / self.denominator), 1), 99)

    @property
    def is_current(self) -> bool:
        return self.category in self.edition.current_for


def read_figures(dataset: Dataset) -> tuple[Figure, ...]:
    """All measurements of the release, the newest edition first, by category, then by metric."""
    found = dataset.subjects("rdf:type", dataset.term("dqv:QualityMeasurement"))
    figures = [figure for iri in found for figure in _read_figure(dataset, iri)]
    order = {edition: place for place, edition in enumerate(dataset.editions)}
    figures.sort(key=lambda f: (order[f.edition], ("", *CATEGORIES).index(f.category), f.iri.value))
    return tuple(figures)


def list_current(figures: Sequence[Figure]) -> list[tuple[str, Edition, dict[str, Figure]]]:
    """Of each category its current edition, and its figures by metric."""
    found: dict[tuple[str, Edition], dict[str, Figure]] = {}
    for figure in figures:
        if figure.is_current and not figure.kind and figure.other is None:
            found.setdefault((figure.category, figure.edition), {})[figure.metric] = figure
    return [(*key, found[key]) for key in sorted(found, key=lambda key: CATEGORIES.index(key[0]))]


def list_agreements(figures: Sequence[Figure]) -> list[tuple[str, Edition, Edition, dict[str, Figure]]]:
    """Of each category the pairs of editions that have it, and how far they agree by metric."""
    found: dict[tuple[str, Edition, Edition], dict[str, Figure]] = {}
    for figure in figures:
        if figure.other is not None:
            found.setdefault((figure.category, figure.edition, figure.other), {})[figure.metric] = figure
    return [(*key, found[key]) for key in found]


def _read_figure(dataset: Dataset, iri: NamedNode) -> Iterator[Figure]:
    edition = next((e for e in map(dataset.find_edition, dataset.things(iri, "dqv:computedOn")) if e), None)
    category = _get_local(dataset, iri, "jle:measuredCategory")
    value = next((v.value for v in dataset.texts(iri, "dqv:value")), "")
    if edition is None or category not in ("", *CATEGORIES):
        return
    other = next(map(dataset.find_edition, dataset.things(iri, "jle:comparedWith")), None)
    numerator, denominator = (next(iter(dataset.numbers(iri, f"jle:{n}")), 0) for n in ("numerator", "denominator"))
    metric, kind = (_get_local(dataset, iri, name) for name in ("dqv:isMeasurementOf", "jle:measuredIssueType"))
    yield Figure(iri, edition, category, metric, kind, other, value, numerator, denominator)


def _get_local(dataset: Dataset, iri: NamedNode, name: str) -> str:
    return next((term.value.rpartition("#")[2] for term in dataset.things(iri, name)), "")
