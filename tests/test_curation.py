"""Curation entries: a decision fits its line and its evidence, or it is told; one that nobody asks for is told too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_seeds import collect_problems, find_problems, make_row, show_problems, write_seeds

from lod.curation import DECISIONS, Curation, read_curation
from lod.documents import Document, read_documents
from lod.errors import SeedsError
from lod.seeds import read_catalogue, read_seeds

ROW = make_row(url="https://www.city.kashiwa.lg.jp/")
TEXT = f"Prefecture\tCities, towns\tDepartment in charge\tURL\te-mail\tJapanese Class\n{ROW}\n"


def write_entry(**changes: object) -> str:
    """An entry that doubts the URL of the row, with keys replaced, or left out where the value is None."""
    keys = {
        "document": "009",
        "line": 2,
        "text": ROW,
        "decision": "doubt",
        "issue": "DoubtfulUrl",
        "columns": ["url"],
        "verbatim": "kashiwa",
        "reason_en": "Why.",
        "reason_ja": "理由。",
        **changes,
    }
    lines = "".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in keys.items() if v is not None)
    return f"[[entry]]\n{lines}"


def write_evidence(states: str, line: int = 2, document: str = "009", table: str = "entry.evidence") -> str:
    return f'[[{table}]]\ndocument = "{document}"\nline = {line}\nstates = {json.dumps(states)}\n'


def read(folder: Path, curation: str) -> tuple[Curation, list[Document]]:
    seeds = write_seeds(folder, TEXT, curation=curation)
    documents, _ = read_documents(read_catalogue(seeds / "catalogue.toml"), seeds)
    return read_curation(seeds / "curation.toml", documents), documents


def test_an_entry_becomes_an_issue_of_its_row(tmp_path):
    curation = write_entry() + write_evidence("city.kashiwa.lg.jp")
    suggestion = '[[entry.suggestion]]\ncolumn = "url"\nvalue = "x"\n' + write_evidence(
        "Chiba", table="entry.suggestion.evidence"
    )
    (issue,) = read_seeds(write_seeds(tmp_path, TEXT, curation=curation + suggestion)).issues
    assert (issue.kind, issue.column, issue.verbatim, issue.listing) == ("DoubtfulUrl", "url", "kashiwa", 2)
    assert (issue.comment_en, issue.comment_ja) == ("Why.", "理由。")
    assert [(e.document, e.line) for e in issue.evidence] == [("009", 2)]
    assert [(s.value, [(e.document, e.line) for e in s.evidence]) for s in issue.suggestions] == [("x", [("009", 2)])]


def test_entries_are_handed_out_by_document_line_and_decision(tmp_path):
    curation, _ = read(tmp_path, write_entry())
    assert curation.take("009", [1, 3], "doubt") == []
    assert curation.take("008", [2], "doubt") == []
    assert curation.take("009", [2], "withhold") == []
    assert len(curation.find_unused()) == 1
    assert [e.verbatim for e in curation.take("009", [1, 2], "doubt")] == ["kashiwa"]
    assert curation.find_unused() == []


def test_an_entry_that_nobody_asks_for_is_refused(tmp_path):
    seeds = write_seeds(tmp_path, TEXT, curation="# first\n" + write_entry() + write_entry(decision="note"))
    assert show_problems(find_problems(seeds)) == ["curation.toml:12 entry 'note' about 009.txt:2 applies to nothing there"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (write_entry(line=0), "line is 0"),
        (write_entry(line="2"), "line is '2'"),
        (write_entry(line=True), "line is True"),
        (write_entry(text=f"{ROW} "), "009.txt:2 is not the line that the decision was made for"),
        (write_entry(text=None), "text is missing"),
        (write_entry(decision="guess"), "decision 'guess'"),
        (write_entry(columns=["uri"]), "column 'uri'"),
        (write_entry(columns="url"), "columns is 'url'"),
        (write_entry(columns=None), "decision 'doubt' without columns"),
        (write_entry(verbatim="Osaka"), "'Osaka' is not in the line"),
        (write_entry(verbatim=None), "decision 'doubt' without verbatim"),
        (write_entry(issue=None), "decision 'doubt' without issue"),
        (write_entry(decision="place"), "decision 'place' without place"),
        (write_entry(decision="listing", place="122173"), "decision 'listing' without status"),
        (write_entry(decision="body"), "decision 'body' without kind"),
        (write_entry(decision="body", kind="club"), "kind 'club'"),
        (write_entry(reason_ja=None), "reason_ja is missing"),
        (write_entry(colums=["url"]), "unknown colums"),
        (write_entry(evidence=["x"]), "evidence is ['x']"),
        (write_entry() + write_evidence("Osaka"), "the evidence 'Osaka' is not in 009.txt:2"),
        (write_entry() + write_evidence("Chiba", line=7), "the evidence 'Chiba' is not in 009.txt:7"),
        (write_entry() + write_evidence(" "), "evidence that states nothing"),
        (write_entry() + '[[entry.suggestion]]\ncolumn = "url"\nvalue = "x"\n', "suggestion 'x' without evidence"),
    ],
)
def test_an_entry_that_does_not_fit_is_a_problem_with_its_line(tmp_path, entry, problem):
    curation, _ = read(tmp_path, f"# decisions\n\n{entry}")
    assert curation.entries == ()
    assert show_problems(curation.problems) == [f"curation.toml:3 {problem}"]


@pytest.mark.parametrize("line", [1, 9])
def test_an_entry_whose_line_is_elsewhere_is_a_problem_but_applies_there(tmp_path, line):
    curation, _ = read(tmp_path, write_entry(line=line))
    assert [e.line for e in curation.entries] == [2]
    problems = show_problems(curation.problems)
    assert problems == [f"curation.toml:1 009.txt:{line} is not the line that the decision was made for"]


def test_a_line_that_moved_is_told_with_its_new_number_and_nothing_else_is(tmp_path):
    seeds = write_seeds(tmp_path, TEXT.replace(ROW, f"\n{ROW}"), curation=write_entry())
    (problem,) = find_problems(seeds)
    assert problem.remedy == "the line now is 009.txt:3: correct the number"


def test_decisions_about_documents_that_are_not_here_do_not_count(tmp_path):
    other = write_entry(document="000") + write_entry() + write_evidence("x", document="000")
    curation, _ = read(tmp_path, other)
    assert [(e.document, e.evidence) for e in curation.entries] == [("009", ())]
    assert curation.problems == ()


@pytest.mark.parametrize(
    ("curation", "message"),
    [("[[entrys]]\nx = 1\n", "unknown entrys"), ("[entry]\nx = 1\n", "entry is"), ("x", "cannot be read")],
)
def test_a_file_that_is_laid_out_otherwise_is_refused(tmp_path, curation, message):
    with pytest.raises(SeedsError, match=message):
        read(tmp_path, curation)


def test_entries_laid_out_otherwise_are_still_told_apart(tmp_path):
    seeds = write_seeds(
        tmp_path, TEXT, curation=(write_entry() + write_entry(decision="note")).replace("[[entry]]", "[[ 'entry' ]]")
    )
    (problem,) = find_problems(seeds)
    assert problem.message == "entry 'note' about 009.txt:2 applies to nothing there"


def test_no_file_means_no_entries(tmp_path):
    assert read(tmp_path, "")[0].entries == ()


@pytest.mark.parametrize("decision", DECISIONS)
def test_every_decision_has_an_effect_or_is_told(tmp_path, decision):
    """None can be stated and then be silently without effect."""
    entry = write_entry(decision=decision, place="122173", status="NoDivisionYet", kind="association")
    seeds = write_seeds(tmp_path, TEXT, curation=entry)
    if not collect_problems(lambda: read_seeds(seeds)):
        facts = read_seeds(seeds)
        assert facts.issues or facts.listings[0].bodies[0].is_association
