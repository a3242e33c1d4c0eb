"""The irregularities and the source lines as triples: what the quality graph and the source graphs hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lod.documents import Document
from lod.iris import Iris
from lod.issues import Issue
from lod.triples import Triples, integer, text


def add_issues(graph: Triples, iris: Iris, issues: Sequence[Issue]) -> None:
    """Adds one annotation for each issue; they are numbered within their edition in the order given."""
    counts: dict[str, int] = {}
    for issue in issues:
        number = issue.edition
        counts[number] = counts.get(number, 0) + 1
        node = iris.issue(number, counts[number])
        graph.add_types(node, "dqv:QualityAnnotation")
        target = iris.edition(number) if issue.listing is None else iris.listing(number, issue.listing)
        graph.add(node, "oa:hasTarget", target)
        graph.add(node, "oa:motivatedBy", graph.vocabulary["dqv:qualityAssessment"])
        graph.add(node, "jle:inEdition", iris.edition(number))
        graph.add(node, "jle:sourceLine", *(integer(line) for line in issue.lines))
        graph.add(node, "jle:issueType", graph.vocabulary[f"jle:{issue.kind}"])
        graph.add(node, "jle:verbatim", text(issue.verbatim))
        graph.add(node, "jle:suggestedValue", *(text(s.value) for s in issue.suggestions))
        evidence = [*issue.evidence, *(e for s in issue.suggestions for e in s.evidence)]
        graph.add(node, "jle:evidence", *(iris.source(e.document, [e.line]) for e in evidence))
        graph.add_names(node, "rdfs:comment", ((issue.comment_en, "en"), (issue.comment_ja, "ja")))


def add_source_lines(graph: Triples, iris: Iris, document: Document, line_kinds: Mapping[int, str]) -> None:
    """Adds every line of a document verbatim, with what it was read as."""
    number = document.edition.number
    for line, content in enumerate(document.lines, 1):
        node = iris.row(number, line)
        graph.add_types(node, "jle:SourceLine", "prov:Entity")
        graph.add(node, "jle:inEdition", iris.edition(number))
        graph.add(node, "jle:sourceLine", integer(line))
        graph.add(node, "jle:lineKind", graph.vocabulary[f"jle:{line_kinds[line]}"])
        graph.add(node, "jle:verbatim", text(content))
        graph.add(node, "prov:wasDerivedFrom", iris.source(number, [line]))
