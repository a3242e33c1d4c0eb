"""The errors of the build, phrased for the person who must act.

MadoguchiError
├── SeedsError       documents, catalogue, curation or reference table cannot be read; holds every problem found
├── InvalidGraph     the graph breaks a shape; holds the violations
├── UnknownTerm      the code names a term that the vocabulary file does not list
├── ReleaseError     there is no release, or it is not whole
└── DataError        a file of other data cannot be served
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One reason to refuse the seeds: where it is, what it is, how to mend it."""

    file: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}  {self.message}" + (f"\n    → {self.remedy}" if self.remedy else "")


class MadoguchiError(Exception):
    """Anything that the commands report to a person without a traceback."""


class SeedsError(MadoguchiError):
    """The seeds cannot be read; `problems` lists every reason, of all documents together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class InvalidGraph(MadoguchiError):
    """The graph breaks a shape; `violations` are sentences with focus node, source line and message."""

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = list(violations)
        super().__init__("\n".join(self.violations))


class UnknownTerm(MadoguchiError, KeyError):
    """A term that `ontology/vocabulary.ttl` does not list."""

    def __init__(self, term: str) -> None:
        self.term = term
        super().__init__(f"{term} is not in ontology/vocabulary.ttl: add it there or correct the name")

    def __str__(self) -> str:
        return str(self.args[0])


class ReleaseError(MadoguchiError):
    """There is no release where one is expected, or one of its files is missing or damaged."""


class DataError(MadoguchiError):
    """A file that is to be served in the place of a release is missing, of no known format, or breaks its syntax."""


class Refused(ValueError):
    """What a reading rule raises: the loop that called it adds file and line (see `Problem`)."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.remedy = remedy
        super().__init__(message)
