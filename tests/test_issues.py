"""Issues: what a general rule says of each kind, in which order."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from lod.issues import COLUMN_ORDER, SENTENCES, IssueLog, make_issue, sort_issues
from lod.names import detect_language


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_says_a_sentence_in_both_languages(kind):
    issue = make_issue("009", kind, [3], "line", "x", "Chiba Prefecture")
    assert re.fullmatch(r"[A-Z].*\.", issue.comment_en)
    assert issue.comment_ja.endswith("。")
    assert detect_language(issue.comment_ja) == "ja"
    assert "{" not in issue.comment_en + issue.comment_ja
    assert ("Chiba" in issue.comment_en) == ("Chiba" in issue.comment_ja) == ("{detail}" in SENTENCES[kind][0])


def test_every_kind_is_in_the_table_of_the_model():
    model = (ROOT / "ontology" / "model.md").read_text(encoding="utf-8")
    kinds = {k.strip() for row in re.findall(r"^\| ([A-Z]\w+(?:, [A-Z]\w+)*) \|", model, re.MULTILINE) for k in row.split(",")}
    assert set(SENTENCES) <= kinds


def test_a_log_notes_the_lines_of_an_issue():
    issues = []
    log = IssueLog("009", issues)
    log.note(4, "StrayMarker", 5, "department", "(1)")
    log.note(4, "NumberedValues", (5, 6), "department", "x")
    assert [(i.edition, i.listing, i.lines) for i in issues] == [("009", 4, (5,)), ("009", 4, (5, 6))]


def test_issues_stand_in_the_order_of_the_document():
    by_edition = [make_issue(e, "StrayMarker", [9], "line", "") for e in ("000", "001")]
    by_line = [make_issue("002", "StrayMarker", [n], "line", "") for n in (2, 10)]
    by_column = [make_issue("002", "StrayMarker", [11], c, "") for c in COLUMN_ORDER]
    by_kind = [make_issue("002", k, [12], "line", "") for k in ("HtmlEntity", "LinkLabel")]
    by_text = [make_issue("002", "LinkLabel", [13], "line", t) for t in ("a", "b")]
    ordered = [*by_edition, *by_line, *by_column, *by_kind, *by_text]
    assert sort_issues(reversed(ordered)) == ordered
