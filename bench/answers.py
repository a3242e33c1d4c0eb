"""Whether all servers answer alike: rows compared as bags, graphs up to the names of blank nodes."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from bench.client import Client, NoReply
from bench.queries import QUERIES, ROWS, Query
from bench.servers import Server

_SUBJECTS = 3  # for each query
_TIMEOUT = 120.0  # seconds for one answer

Answer = frozenset[tuple[object, int]]
"""Rows or statements, and how often each is there; equal answers are equal."""


@dataclass(frozen=True)
class Comparison:
    """Which servers gave the same answers to a query: groups of names, each with what they answered, in words."""

    query: str
    groups: tuple[tuple[tuple[str, ...], str], ...]
    remark: str

    @property
    def is_same(self) -> bool:
        return len(self.groups) == 1


def compare_answers(servers: Sequence[Server]) -> list[Comparison]:
    """Asks every query of every server, about the same subjects."""
    return [_compare(query, servers) for query in QUERIES]


def _compare(query: Query, servers: Sequence[Server]) -> Comparison:
    groups: dict[object, list[str]] = {}
    words: dict[object, str] = {}
    for server in servers:
        try:
            answers = ask_about_subjects(query, server)
        except (NoReply, ValueError) as error:
            groups.setdefault(str(error), []).append(server.name)
            words[str(error)] = str(error)
        else:
            groups.setdefault(answers, []).append(server.name)
            words[answers] = f"{', '.join(map(_say, answers))} {'rows' if query.accept == ROWS else 'statements'}"
    return Comparison(query.name, tuple((tuple(names), words[key]) for key, names in groups.items()), query.remark)


def _say(answer: Answer) -> str:
    """How many rows there are; the value itself where it is the only one."""
    match list(answer):
        case [(((_, value, *_),), 1)]:
            return f"1 ({value})"
        case [(bool(value), 1)]:
            return f"1 ({value})"
        case _:
            return str(sum(number for _, number in answer))


def ask_about_subjects(query: Query, server: Server) -> tuple[Answer, ...]:
    """The answers about the first subjects; raises NoReply, and ValueError for what is no answer."""
    template = server.make_template(query)
    with Client(server.port, _TIMEOUT) as client:
        return tuple(_ask(client, template.fill(name), query.accept) for name in template.subjects[:_SUBJECTS] or [""])


def _ask(client: Client, path: str, accept: str) -> Answer:
    reply = client.get(path, accept)
    if reply.status != http.client.OK:
        raise NoReply(f"status {reply.status}: {' '.join(reply.body[:200].decode(errors='replace').split())}")
    return read_rows(reply.body) if accept == ROWS else read_graph(reply.body)


def read_rows(body: bytes) -> Answer:
    """The rows of a result in JSON, or its yes or no; raises ValueError."""
    try:
        result: dict[str, Any] = json.loads(body)
        if "boolean" in result:
            return frozenset({(result["boolean"], 1)})
        variables: list[str] = result["head"]["vars"]
        rows = Counter(tuple(_read_term(row.get(v)) for v in variables) for row in result["results"]["bindings"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no result in JSON: {error!r}") from None
    return frozenset(rows.items())


def _read_term(term: dict[str, str] | None) -> tuple[str, ...]:
    """A term so that equal ones are equal: language tags have no case, a plain string has no datatype."""
    if term is None:
        return ()
    if term["type"] == "bnode":
        return ("bnode",)
    kind = "literal" if term["type"] == "typed-literal" else term["type"]  # as Virtuoso says, after an early draft
    datatype = term.get("datatype", "").removesuffix("http://www.w3.org/2001/XMLSchema#string")
    return (kind, term["value"], term.get("xml:lang", "").lower(), datatype)


def read_graph(body: bytes) -> Answer:
    """The triples of a graph in Turtle, once each; raises ValueError."""
    try:
        graph = Dataset(Quad(q.subject, q.predicate, q.object) for q in parse(body, RdfFormat.TURTLE))
    except SyntaxError as error:
        raise ValueError(f"no Turtle: {error}") from None
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset((quad, 1) for quad in graph)
