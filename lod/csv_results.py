"""Query results as CSV (SPARQL 1.1 Query Results CSV, section 3): the engine's own writer leaves commas in IRIs unquoted."""

from __future__ import annotations

import csv
import io

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions


def write_csv(solutions: QuerySolutions) -> bytes:
    """The rows as CSV in UTF-8, lines ended by CR LF: IRIs and literals by their text, nothing for an unbound variable."""
    names = [variable.value for variable in solutions.variables]
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(names)
    for solution in solutions:
        writer.writerow([_get_text(solution[name]) for name in names])
    return output.getvalue().encode()


def _get_text(term: object) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    return f"_:{term.value}" if isinstance(term, BlankNode) else "" if term is None else str(term)
