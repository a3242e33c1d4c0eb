"""The queries of the bench: some that people ask of such data, as texts with a place for the subject."""

from __future__ import annotations

from dataclasses import dataclass

from lod.iris import DEFAULT_BASE

SUBJECT = "SUBJECT"  # stands for the last part of an IRI
SERIAL = "SERIAL"  # stands for a number, which makes a request unlike any before

ROWS = "application/sparql-results+json"
GRAPH = "text/turtle"

_PREFIXES = f"""PREFIX jle: <{DEFAULT_BASE}ontology#>
PREFIX schema: <https://schema.org/>
PREFIX gov: <{DEFAULT_BASE}id/gov/>
PREFIX area: <{DEFAULT_BASE}id/area/>
PREFIX ed: <{DEFAULT_BASE}graph/edition/>
"""


@dataclass(frozen=True)
class Query:
    """A question; `kind` is the kind of subject that it asks about, empty where it asks about the whole."""

    name: str
    meaning: str
    accept: str
    kind: str
    body: str
    names_graphs: bool = False  # so that nothing is said of the default graph
    is_timed: bool = True  # others are only compared
    remark: str = ""  # why answers may differ

    def write_text(self, subject: str = SUBJECT, serial: str = SERIAL) -> str:
        """The query about a subject; a serial number goes into the name of a variable, which no cache can overlook."""
        return (_PREFIXES + self.body).replace(SUBJECT, subject).replace(SERIAL, serial)


QUERIES = (
    Query(
        "point",
        "the e-mail addresses of a government",
        ROWS,
        "government",
        "SELECT ?emailSERIAL { gov:SUBJECT schema:contactPoint ?contact . ?contact schema:email ?emailSERIAL }",
    ),
    Query(
        "list",
        "the municipalities of a prefecture with their names",
        ROWS,
        "prefecture",
        "SELECT ?area ?nameSERIAL { ?area schema:containedInPlace area:SUBJECT ; schema:name ?nameSERIAL }",
    ),
    Query(
        "regex",
        "governments whose name begins with two letters",
        ROWS,
        "letters",
        "SELECT ?gov ?nameSERIAL { ?gov jle:lgCode ?code ; schema:areaServed ?area ; schema:name ?nameSERIAL . "
        'FILTER (REGEX(STR(?nameSERIAL), "^SUBJECT", "i")) }',
    ),
    Query(
        "count",
        "how many listings each category has",
        ROWS,
        "",
        "SELECT ?category (COUNT(*) AS ?numberSERIAL) { ?listing a jle:Listing ; jle:category ?category } GROUP BY ?category",
    ),
    Query(
        "optional",
        "the departments of a government, with URL and e-mail address where they have one",
        ROWS,
        "government",
        """SELECT ?name ?url ?emailSERIAL {
  gov:SUBJECT schema:department ?unit . ?unit schema:name ?name .
  OPTIONAL { ?unit schema:url ?url }
  OPTIONAL { ?unit schema:contactPoint ?contact . ?contact schema:email ?emailSERIAL }
}""",
    ),
    Query(
        "path",
        "the names of all that a place lies in",
        ROWS,
        "area",
        "SELECT ?within ?nameSERIAL { area:SUBJECT schema:containedInPlace+ ?within . ?within schema:name ?nameSERIAL }",
    ),
    Query(
        "construct",
        "a government and its contact points",
        GRAPH,
        "government",
        """CONSTRUCT { gov:SUBJECT ?property ?value . ?contact ?of ?itSERIAL } {
  { gov:SUBJECT ?property ?value } UNION { gov:SUBJECT schema:contactPoint ?contact . ?contact ?of ?itSERIAL }
}""",
    ),
    Query(
        "describe",
        "a government",
        GRAPH,
        "government",
        "DESCRIBE ?govSERIAL { VALUES ?govSERIAL { gov:SUBJECT } }",
        remark="what a description holds is the server's choice (SPARQL 1.1 Query, section 16.4)",
    ),
    Query(
        "ask",
        "whether a government has an e-mail address",
        ROWS,
        "government",
        "ASK { gov:SUBJECT schema:contactPoint/schema:email ?emailSERIAL }",
    ),
    Query(
        "having",
        "governments with more than two departments",
        ROWS,
        "",
        "SELECT ?gov (COUNT(?unit) AS ?unitsSERIAL) { ?gov schema:department ?unit } GROUP BY ?gov HAVING (COUNT(?unit) > 2)",
    ),
    Query(
        "export",
        "all that an edition states",
        GRAPH,
        "edition",
        "CONSTRUCT { ?s ?p ?oSERIAL } { GRAPH ed:SUBJECT { ?s ?p ?oSERIAL } }",
        names_graphs=True,
    ),
    Query(
        "merge",
        "how many triples two graphs have together, given twice",
        ROWS,
        "edition",
        "SELECT (COUNT(*) AS ?numberSERIAL) FROM ed:SUBJECT FROM ed:SUBJECT FROM <http://localhost:8000/graph/reference> "
        "{ ?s a ?type }",
        names_graphs=True,
        is_timed=False,
        remark="the graphs of several FROM are merged, so that a triple counts once (SPARQL 1.1 Query, section 13.2.1)",
    ),
)
