"""Query results in their standard formats; CSV is written here, since the engine leaves commas in IRIs unquoted."""

from __future__ import annotations

import csv
import io

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions


def serialize_result(result: QuerySolutions | QueryBoolean, form: QueryResultsFormat) -> bytes:
    """The rows, or yes or no, in one of the formats of SPARQL 1.1."""
    if form == QueryResultsFormat.CSV and isinstance(result, QuerySolutions):
        return _write_csv(result)
    return result.serialize(format=form) or b""


def _write_csv(solutions: QuerySolutions) -> bytes:
    """SPARQL 1.1 Query Results CSV, section 3: lines end in CR LF, terms are their text, unbound variables nothing."""
    names = [variable.value for variable in solutions.variables]
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(names)
    for solution in solutions:
        writer.writerow([get_text(solution[name]) for name in names])
    return output.getvalue().encode()


def get_text(term: object) -> str:
    """A term as CSV has it."""
    if isinstance(term, NamedNode | Literal):
        return term.value
    return f"_:{term.value}" if isinstance(term, BlankNode) else "" if term is None else str(term)
