"""One entity on the terminal: what every edition says of it, and the lines that say so."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from lod.errors import MadoguchiError
from lod.iris import Iris
from lod.query import shorten_term
from lod.release import Release

_BY_NAME = """
SELECT DISTINCT ?thing ?wanted ?things WHERE {
  { ?thing a schema:GovernmentOrganization ; schema:name ?name }
  UNION { GRAPH ?g { ?thing schema:name ?name . FILTER(STRSTARTS(STR(?thing), ?things)) } }
  FILTER(LCASE(STR(?name)) = LCASE(?wanted))
} ORDER BY ?thing"""
_LISTINGS = """
SELECT DISTINCT ?edition ?listing ?thing WHERE {
  GRAPH ?g { ?listing jle:inEdition ?edition ; schema:about ?about ; ?link ?thing }
} ORDER BY ?edition ?listing"""
_FACTS = """
SELECT DISTINCT ?body ?name ?url ?email ?order ?listing WHERE {
  GRAPH ?g { ?listing a jle:Listing .
    OPTIONAL { ?listing jle:unitInCharge ?body . ?body schema:name ?name .
               OPTIONAL { ?body schema:contactPoint ?contact . ?listing jle:contact ?contact .
                          ?contact schema:email ?email ; jle:order ?order }
               OPTIONAL { ?body schema:url ?url . ?listing jle:printedUrl ?url } } }
} ORDER BY ?order ?name ?email ?url"""
_LINES = """
SELECT DISTINCT ?number ?text ?listing ?editions WHERE {
  GRAPH ?g { ?listing jle:sourceLine ?number ; jle:inEdition ?edition . FILTER(STRSTARTS(STR(?g), ?editions)) }
  GRAPH ?s { ?row jle:inEdition ?edition ; jle:sourceLine ?number ; jle:verbatim ?text ; jle:lineKind ?kind }
} ORDER BY ?number"""
_ISSUES = """
SELECT ?kind ?verbatim ?suggestion ?listing WHERE {
  GRAPH ?q { ?issue oa:hasTarget ?listing ; jle:issueType ?kind ; jle:verbatim ?verbatim .
             OPTIONAL { ?issue jle:suggestedValue ?suggestion } }
  BIND(xsd:integer(REPLACE(STR(?issue), "^.*/", "")) AS ?order)
} ORDER BY ?order"""
_CHANNELS = """
SELECT DISTINCT ?url ?label ?listing WHERE {
  GRAPH ?g { ?listing jle:classInformation/schema:availableChannel ?channel . ?channel schema:serviceUrl ?url
             OPTIONAL { ?channel schema:name ?label } }
} ORDER BY ?url"""


def show_entity(release: Release, wanted: str) -> str:
    """The entity with that IRI, local government code or name, as text.

    Raises MadoguchiError where there is none, or several.
    """
    viewer = _Viewer(release, release.load_store())
    return "\n".join(viewer.describe(viewer.find(wanted))) + "\n"


class _Viewer:
    def __init__(self, release: Release, store: Store) -> None:
        self.release = release
        self.store = store
        self.iris: Iris = release.iris

    def select(self, query: str, **values: NamedNode | Literal) -> QuerySolutions:
        """The solutions of one of the queries above, with values in the place of variables.

        The engine takes only variables that are in the projection, so they stand there too.
        """
        bindings = {Variable(name): value for name, value in values.items()}
        prefixes = self.release.prefixes
        result = self.store.query(query, base_iri=self.iris.base, prefixes=prefixes, substitutions=dict(bindings))
        assert isinstance(result, QuerySolutions)
        return result

    def find(self, wanted: str) -> NamedNode:
        if wanted.isdigit() and len(wanted) in (5, 6):
            return self._find_by_code(wanted)
        prefix, colon, local = wanted.partition(":")
        if colon and prefix in self.release.prefixes:
            wanted = self.release.prefixes[prefix] + local
        if "://" in wanted or wanted.startswith("id/"):
            try:
                thing = NamedNode(wanted if "://" in wanted else self.iris.base + wanted)
            except ValueError as error:
                raise MadoguchiError(f"{wanted!r} is no IRI: {error}") from None
            if next(self.store.quads_for_pattern(thing, None, None), None) is None:
                raise MadoguchiError(f"nothing here has the IRI {thing.value}: try a name or a local government code")
            return thing
        things = Literal(f"{self.iris.base}id/")
        found = [str(s["thing"].value) for s in self.select(_BY_NAME, wanted=Literal(wanted), things=things)]
        # a label of a class link may equal a name; governments come before the areas that bear their names
        bodies = [t for t in found if self.iris.strip_base(t) and not t.startswith(self.iris.edition("").value)]
        governments = [t for t in bodies if t.startswith(self.iris.government("").value)]
        candidates = [NamedNode(t) for t in governments or bodies]
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise MadoguchiError(
                f"nothing here is called {wanted!r}: try a name as `Kashiwa City` or 柏市, a code as 122173, or an IRI"
            )
        listed = "\n  ".join(t.value for t in candidates)
        raise MadoguchiError(f"{wanted!r} is the name of {len(candidates)} things; show one of them by its IRI:\n  {listed}")

    def _find_by_code(self, code: str) -> NamedNode:
        for quad in self.store.quads_for_pattern(None, NamedNode(self.release.prefixes["jle"] + "lgCode"), None):
            value = quad.object.value if isinstance(quad.object, Literal) else ""
            if value.startswith(code) and isinstance(quad.subject, NamedNode):
                government = self.iris.government(value)
                known = next(self.store.quads_for_pattern(government, None, None), None)
                return government if known else quad.subject
        raise MadoguchiError(f"no place has the local government code {code}")

    def describe(self, thing: NamedNode) -> Iterator[str]:
        schema_name = NamedNode(self.release.prefixes["schema"] + "name")
        names = {str(q.object) for q in self.store.quads_for_pattern(thing, schema_name, None)}
        yield f"{thing.value}  {' '.join(sorted(names))}".rstrip()
        listings = [(s["edition"], s["listing"]) for s in self.select(_LISTINGS, thing=thing)]
        if not listings:
            yield from self._describe_triples(thing)
        for edition, listing in listings:
            assert isinstance(edition, NamedNode)
            assert isinstance(listing, NamedNode)
            yield ""
            yield f"edition {edition.value.rsplit('/', 1)[-1]}  {listing.value}"
            yield from self._describe_listing(listing)

    def _describe_listing(self, listing: NamedNode) -> Iterator[str]:
        for fact in self.select(_FACTS, listing=listing):
            parts = [shorten_term(fact[n], self.release) for n in ("name", "email", "url")]
            if any(parts):
                yield "  " + "  ".join(filter(None, parts))
        for channel in self.select(_CHANNELS, listing=listing):
            parts = [shorten_term(channel[n], self.release) for n in ("url", "label")]
            yield "  classes: " + "  ".join(filter(None, parts))
        for issue in self.select(_ISSUES, listing=listing):
            kind, verbatim, suggestion = (shorten_term(issue[n], self.release) for n in ("kind", "verbatim", "suggestion"))
            yield f"  issue {kind}: {verbatim}" + (f"  → perhaps {suggestion}" if suggestion else "")
        for line in self.select(_LINES, listing=listing, editions=Literal(f"{self.iris.base}graph/edition/")):
            yield f"  line {shorten_term(line['number'], self.release)}: {shorten_term(line['text'], self.release)}"

    def _describe_triples(self, thing: NamedNode) -> Iterator[str]:
        seen: set[tuple[str, str]] = set()
        for quad in self.store.quads_for_pattern(thing, None, None):
            pair = (shorten_term(quad.predicate, self.release), shorten_term(quad.object, self.release))
            if pair not in seen:
                seen.add(pair)
                yield f"  {pair[0]}  {pair[1]}"
