"""The queries that pages offer: each finds what the table beside it shows. Terms come into them as N-Triples only."""

from __future__ import annotations

from pyoxigraph import NamedNode

from server.dataset import Dataset

_PREFIXES = ("jle", "schema")


def ask_for_contacts(dataset: Dataset, government: NamedNode) -> str:
    """Who is in charge today, with e-mail and web page."""
    return f"""{_declare(dataset)}
# Who is in charge today, with e-mail and web page
SELECT DISTINCT ?category ?unit ?body ?email ?url WHERE {{
  ?listing schema:about {government} ;
    jle:category ?category ;
    jle:unitInCharge ?unit .
  ?unit schema:name ?body .
  OPTIONAL {{
    ?listing jle:contact ?contact .
    ?unit schema:contactPoint ?contact .
    ?contact schema:email ?email .
  }}
  OPTIONAL {{
    ?listing jle:printedUrl ?url .
    ?unit schema:url ?url .
  }}
}}
ORDER BY ?category ?body ?email ?url
"""


def ask_for_classes(dataset: Dataset, government: NamedNode) -> str:
    """The links to Japanese classes today."""
    return f"""{_declare(dataset)}
# The links to Japanese classes today
SELECT DISTINCT ?category ?link ?label WHERE {{
  ?listing schema:about {government} ;
    jle:category ?category ;
    jle:classInformation / schema:availableChannel ?channel .
  ?channel schema:serviceUrl ?link .
  OPTIONAL {{ ?channel schema:name ?label }}
}}
ORDER BY ?category ?link ?label
"""


def _declare(dataset: Dataset) -> str:
    return "".join(f"PREFIX {name}: {NamedNode(dataset.vocabulary[name])}\n" for name in _PREFIXES)
