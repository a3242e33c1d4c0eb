"""The one place where users' queries meet the engine, and where what it gets wrong is put right."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from itertools import chain, combinations
from types import MappingProxyType
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)
from werkzeug.exceptions import BadGateway, BadRequest, HTTPException

from lod.sparql_tokens import UnreadableText, read_tokens
from server.closure import iterate_facts
from server.configuration import QueryLimits
from server.dataset import DEFAULT, Dataset
from server.operations import Operation
from server.query_errors import QueryError, explain_syntax
from server.query_prologue import DatasetClause, Unresolvable, read_dataset_clause
from server.results import Result, collect_triples

WELL_KNOWN = MappingProxyType(
    {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "dct": "http://purl.org/dc/terms/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "void": "http://rdfs.org/ns/void#",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "prov": "http://www.w3.org/ns/prov#",
        "schema": "https://schema.org/",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "org": "http://www.w3.org/ns/org#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "sh": "http://www.w3.org/ns/shacl#",
        "dqv": "http://www.w3.org/ns/dqv#",
        "oa": "http://www.w3.org/ns/oa#",
        "time": "http://www.w3.org/2006/time#",
    }
)
_VOLATILE = re.compile(r"(?:rand|now|uuid|bnode)(?:\s|#[^\r\n]*[\r\n])*\(", re.IGNORECASE)
_MERGED_KEPT = 4  # merged data sets at a time
HINT = (
    "The query says http://schema.org/ and found nothing: the data here say https://schema.org/, with an s. "
    "The prefix schema: needs no declaration."
)


def is_volatile(text: str) -> bool:
    """Whether a query may answer otherwise when it is asked again: it has random numbers, the time or new nodes."""
    return "(" in text and _VOLATILE.search(text) is not None


class QueryEngine:
    """The engine over one data set. It bounds neither time nor memory: that is for the process around it."""

    def __init__(self, dataset: Dataset, limits: QueryLimits) -> None:
        self._dataset = dataset
        self._limits = limits
        self.prefixes = {**WELL_KNOWN, **dataset.prefixes}
        self._base = dataset.iris.base
        self._marks = [(name, f"{name}:", namespace) for name, namespace in self.prefixes.items()]
        self._merged: OrderedDict[DatasetClause, Store | None] = OrderedDict()

    def evaluate(self, operation: Operation) -> Result | set[Triple]:
        """What a query finds: rows or yes or no, evaluated while they are read, or a graph.

        Relative IRIs are under the base IRI; well-known prefixes and those of the data need no declaration. The graphs that
        a request names replace those of the query (SPARQL 1.1 Protocol, section 2.1.4). Raises BadRequest for what is no
        query or cannot be evaluated, UnprocessableEntity for a graph that is too large.
        """
        clause = self._choose_clause(operation)
        try:
            result = self._ask(operation.text, clause)
            return self._complete(result, operation.text, clause) if isinstance(result, QueryTriples) else result
        except RuntimeError as error:
            raise explain_failure(error, operation.text, self._limits) from None

    def find_hint(self, operation: Operation, result: Result | set[Triple]) -> str:
        """What to say of a query that finds nothing for a reason that is known; the result is not read."""
        if "http://schema.org/" not in operation.text or self.prefixes["schema"] != "https://schema.org/":
            return ""
        if isinstance(result, QuerySolutions):
            again = self.evaluate(operation)
            assert isinstance(again, QuerySolutions)
            try:
                return "" if next(again, None) else HINT
            except RuntimeError as error:
                raise explain_failure(error, operation.text, self._limits) from None
        return "" if result else HINT

    def _ask(self, text: str, clause: DatasetClause | None) -> Result:
        # Handing over all prefixes costs as much as a third of a small query.
        used = {name: namespace for name, mark, namespace in self._marks if mark in text}
        store = self._dataset.store
        default: Any = None
        named: Any = None
        if clause:
            named = [NamedNode(g) for g in clause.named_graphs]
            default = [NamedNode(g) for g in clause.default_graphs]
            if len(default) > 1 and (merged := self._get_merged(clause)):
                store, default = merged, [DEFAULT]
        try:
            return store.query(text, base_iri=self._base, prefixes=used, default_graph=default, named_graphs=named)
        except SyntaxError as error:
            raise explain_syntax(text, self.prefixes, self._base, str(error)) from None

    def _choose_clause(self, operation: Operation) -> DatasetClause | None:
        if operation.default_graphs or operation.named_graphs:
            return DatasetClause(operation.default_graphs, operation.named_graphs)
        if "from" not in operation.text.lower():
            return None
        try:
            return read_dataset_clause(list(read_tokens(operation.text)), self._base, self.prefixes)
        except Unresolvable as error:
            sentence = str(error).replace("{", "{{").replace("}", "}}")
            raise QueryError(f"FROM cannot be read at {{place}}: {sentence}.", operation.text, error.token) from None
        except UnreadableText as error:
            raise BadRequest(f"The query cannot be read well enough to know its FROM: {error}.") from None

    def _get_merged(self, clause: DatasetClause) -> Store | None:
        """A store of its own in which the default graphs are one; None where they share no triple.

        The engine takes a triple once for each of its graphs, where a merge has it once (SPARQL 1.1 Query, section 13.2).
        """
        if clause in self._merged:
            self._merged.move_to_end(clause)
            return self._merged[clause]
        graphs = [NamedNode(g) for g in clause.default_graphs]
        merged = self._merge(graphs, [NamedNode(g) for g in clause.named_graphs]) if self._overlap(graphs) else None
        self._merged[clause] = merged
        while len(self._merged) > _MERGED_KEPT:
            self._merged.popitem(last=False)
        return merged

    def _overlap(self, graphs: Sequence[NamedNode]) -> bool:
        store = self._dataset.store
        return any(
            Quad(q.subject, q.predicate, q.object, other) in store
            for one, other in combinations(graphs, 2)
            for q in store.quads_for_pattern(None, None, None, one)
        )

    def _merge(self, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
        store, merged = self._dataset.store, Store()
        merged.bulk_extend(
            Quad(q.subject, q.predicate, q.object, DEFAULT)
            for g in default
            for q in store.quads_for_pattern(None, None, None, g)
        )
        merged.bulk_extend(q for g in named for q in store.quads_for_pattern(None, None, None, g))
        return merged

    def _complete(self, result: QueryTriples, text: str, clause: DatasetClause | None) -> set[Triple]:
        """The triples of a graph; to those of a DESCRIBE, the things' listings, contacts, other parts and blank nodes."""
        triples = collect_triples(result, self._limits)
        if not is_describe(text):
            return triples
        graphs: tuple[NamedNode | DefaultGraph, ...]
        graphs = tuple(NamedNode(g) for g in clause.default_graphs) if clause else (DEFAULT,)
        things = {t.subject for t in triples if isinstance(t.subject, NamedNode | BlankNode)}
        return collect_triples(chain(triples, iterate_facts(self._dataset, things, graphs)), self._limits)


def is_describe(text: str) -> bool:
    """Whether a text that the engine took for a query describes; in doubt it does not."""
    if "describe" not in text.lower():
        return False
    try:
        forms = (t.text.lower() for t in read_tokens(text) if t.kind == "word")
        return next((f for f in forms if f.startswith(("select", "ask", "construct", "describe"))), "") == "describe"
    except UnreadableText:
        return False


def explain_failure(error: RuntimeError | OSError, text: str, limits: QueryLimits) -> HTTPException:
    """The engine's word that a query cannot be evaluated, as an answer to the client."""
    if limits.services and "service" in text.lower():
        return BadGateway(f"The other endpoint did not answer as it should: {error}")
    return BadRequest(f"The query cannot be evaluated: {error}")
