"""The lists of the quality pages for programs: whole, whatever page a person would see, as CSV (RFC 4180) and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from server.pages.quality_coverage import Coverage
from server.pages.quality_issues import Issue
from server.representations import TABLE, Representation


def write_rows(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], name: str, filters: Mapping[str, str], chosen: Representation
) -> bytes:
    """The rows in the form that was chosen; JSON says by what they were filtered."""
    if chosen == TABLE:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows([_write_cell(row[column]) for column in columns] for row in rows)
        return text.getvalue().encode()
    return (json.dumps({"filters": filters, "total": len(rows), name: rows}, ensure_ascii=False, indent=1) + "\n").encode()


def describe_issue(issue: Issue) -> dict[str, Any]:
    """An issue in both languages; what has several values is a list."""
    return {
        "issue": issue.iri.value,
        "edition": issue.edition.number,
        "today": issue.is_current,
        "lines": list(issue.lines),
        "kind": issue.kind.name,
        "kind_en": issue.kind.label.text,
        "kind_ja": issue.kind.label.other,
        "group": issue.kind.group,
        "category": issue.category,
        "government_code": issue.government.code if issue.government else "",
        "government": issue.government.label.text if issue.government else "",
        "government_ja": issue.government.label.other if issue.government else "",
        "listing": issue.listing.value if issue.listing else "",
        "verbatim": issue.verbatim,
        "suggestions": list(issue.suggestions),
        "evidence": [evidence.iri.value for evidence in issue.evidence],
        "comment_en": issue.comment.text,
        "comment_ja": issue.comment.other,
    }


def describe_coverage(item: Coverage) -> dict[str, Any]:
    """What a listing states; `email`, `class` and `url` are `has`, `lacks`, or `lost` where the column is."""
    return {
        "listing": item.listing.value,
        "edition": item.edition.number,
        "today": item.is_current,
        "category": item.category,
        "government_code": item.government.code,
        "government": item.government.label.text,
        "government_ja": item.government.label.other,
        "line": item.line,
        **item.states,
        "emails": list(item.emails),
        "class_urls": list(item.class_urls),
        "urls": list(item.urls),
        "issues": [issue.iri.value for issue in item.reasons],
    }


def list_columns(describe: Callable[[Any], dict[str, Any]], items: Iterable[Any]) -> list[str]:
    """The names of the columns, which all items share."""
    return next((list(describe(item)) for item in items), [])


def _write_cell(value: object) -> object:
    """Several values stand one after the other: none of ours has a line break."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "\n".join(map(str, value)) if isinstance(value, list) else value
