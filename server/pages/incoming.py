"""What points to a thing: counted by property, and shown a page at a time, since it may be much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Triple
from werkzeug.exceptions import BadRequest

from server.dataset import DEFAULT, Dataset, GraphName
from server.pages.facts import Property, Value, ask_for_all, make_value, order_properties
from server.pages.labels import Label, label_term

ON_A_PAGE = 25
_COUNTED = 2_000  # statements; of more, the page says that there are more, and how to ask for them
_Subject = NamedNode | BlankNode | Triple


@dataclass(frozen=True)
class Incoming:
    """One page of the statements that point to a thing."""

    count: int
    is_cut: bool  # there are more than were counted
    counts: tuple[tuple[NamedNode, Label, int], ...]
    page: int
    pages: int
    properties: tuple[Property, ...]
    rest: str  # the query that finds all, where some were not counted


def read_incoming(dataset: Dataset, topic: NamedNode, page: str) -> Incoming:
    """The page of that number; what several graphs state counts once."""
    quads = list(islice(dataset.quads(value=topic), _COUNTED + 1))
    stated: dict[tuple[NamedNode, _Subject], list[GraphName]] = defaultdict(list)
    for quad in quads[:_COUNTED]:
        if quad.subject == topic:
            continue
        graphs = stated[quad.predicate, quad.subject]
        if quad.graph_name != DEFAULT and isinstance(quad.graph_name, GraphName):
            graphs.append(quad.graph_name)
    counts: dict[NamedNode, int] = defaultdict(int)
    for predicate, _ in stated:
        counts[predicate] += 1
    labels = {predicate: label_term(dataset, predicate) for predicate in counts}
    ordered = sorted(stated, key=lambda key: (labels[key[0]].text, key[0].value, _order_subject(key[1])))
    pages = max(1, -(-len(ordered) // ON_A_PAGE))
    number = _read_page(page, pages)
    rows: dict[NamedNode, list[Value]] = defaultdict(list)
    for predicate, subject in ordered[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]:
        rows[predicate].append(make_value(dataset, predicate, subject, stated[predicate, subject]))
    is_cut = len(quads) > _COUNTED
    counted = sorted(counts, key=lambda p: (-counts[p], labels[p].text))
    return Incoming(
        len(stated),
        is_cut,
        tuple((p, labels[p], counts[p]) for p in counted),
        number,
        pages,
        order_properties(dataset, rows),
        ask_for_all(f"?thing ?property {topic}") if is_cut else "",
    )


def _order_subject(subject: _Subject) -> tuple[int, str]:
    """Shorter IRIs first: with the numbers of lines and issues in them that is their order."""
    text = str(subject)
    return (len(text), text)


def _read_page(text: str, pages: int) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and 1 <= int(text) <= pages):
        raise BadRequest(f"There is no page {text}: give ?page= a number from 1 to {pages}.")
    return int(text)
