"""The changes between two editions as a table (CSV) and as JSON: one row for each thing that differs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace

from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.pages.changes import AddressChange, Comparison
from server.pages.changes_doubts import find_member_doubts, find_value_doubts
from server.pages.changes_of_bodies import BodyChange
from server.pages.doubts import Issues
from server.pages.labels import label_thing
from server.pages.stated import CLASS_LINK, EMAIL, URL, StatedValue

RULES = {
    "same-email": "Two bodies with different names, of which both editions state the same e-mail address.",
    "same-position": "Two bodies with different names in the same position of their listings. A guess: nothing else tells it.",
}
_KINDS = {EMAIL: "email", URL: "url", CLASS_LINK: "class_link"}


@dataclass(frozen=True)
class Row:
    """One difference; what one of the editions does not state is empty."""

    change: str
    code: str
    government: str
    government_ja: str
    before: str = ""
    before_line: int | None = None
    after: str = ""
    after_line: int | None = None
    basis: str = ""  # why two bodies are put together
    certainty: str = "stated"  # stated, guess, or unclear where a damaged value is printed
    doubts: str = ""  # the kinds of doubts about what one of the editions states, as in /quality/issues


def write_changes_table(dataset: Dataset, comparison: Comparison, category: str) -> str:
    """Each row says of which editions and category it is, so that several tables can be joined."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["from", "to", "category", *(field.name for field in fields(Row))])
    for row in list_rows(dataset, comparison):
        writer.writerow([comparison.before.number, comparison.after.number, category, *asdict(row).values()])
    return text.getvalue()


def write_changes_json(dataset: Dataset, comparison: Comparison, category: str) -> str:
    """The same rows, with the counts, the rules, and what cannot be compared."""
    return json.dumps(
        {
            "from": comparison.before.number,
            "to": comparison.after.number,
            "category": category,
            "counts": comparison.counts,
            "rules": RULES,
            "not_comparable": _list_not_comparable(comparison),
            "changes": [asdict(row) for row in list_rows(dataset, comparison)],
        },
        ensure_ascii=False,
        indent=1,
    )


def list_rows(dataset: Dataset, comparison: Comparison) -> Iterator[Row]:
    """All differences: who joined and left, then by government."""
    for member in comparison.joined:
        doubts = _name_kinds(find_member_doubts(dataset, member, comparison.before))
        yield Row("joined", *_name_government(dataset, member.government), after_line=member.line, doubts=doubts)
    for member in comparison.left:
        doubts = _name_kinds(find_member_doubts(dataset, member, comparison.after))
        yield Row("left", *_name_government(dataset, member.government), before_line=member.line, doubts=doubts)
    for change in comparison.changed:
        names = _name_government(dataset, change.government)
        for row in (*map(_make_body_row, change.bodies), *(r for a in change.addresses for r in _make_address_rows(a))):
            before = find_value_doubts(dataset, change.before.listings, row.before) if row.before else ()
            after = find_value_doubts(dataset, change.after.listings, row.after) if row.after else ()
            code, name, name_ja = names
            yield replace(row, code=code, government=name, government_ja=name_ja, doubts=_name_kinds((*before, *after)))


def _make_body_row(change: BodyChange) -> Row:
    before, after = (_read_value(value) for value in (change.before, change.after))
    certainty = "guess" if change.is_guess else "stated"
    return Row(f"body_{change.name}", "", "", "", *before, *after, basis=change.basis, certainty=certainty)


def _make_address_rows(change: AddressChange) -> Iterator[Row]:
    certainty, name = "unclear" if change.is_unclear else "stated", _KINDS[change.kind]
    for value in change.before:
        yield Row(f"{name}_removed", "", "", "", *_read_value(value), certainty=certainty)
    for value in change.after:
        text, line = _read_value(value)
        yield Row(f"{name}_added", "", "", "", after=text, after_line=line, certainty=certainty)


def _name_kinds(issues: Issues) -> str:
    return " ".join(sorted({issue.term.value.rpartition("#")[2] for issue in issues}))


def _read_value(value: StatedValue | None) -> tuple[str, int | None]:
    return (value.text, next(iter(value.lines), None)) if value else ("", None)


def _name_government(dataset: Dataset, government: NamedNode) -> tuple[str, str, str]:
    codes = dataset.texts(government, "jle:lgCode")
    label = label_thing(dataset, government)
    return (codes[0].value if codes else "", label.choose("en")[0], label.other)


def _list_not_comparable(comparison: Comparison) -> list[str]:
    if comparison.is_without_addresses:
        return ["email", "url", "class_link"]
    return ["class_link"] if any(change.classes_lost for change in comparison.stayed) else []
