"""What is wrong with a query and where: the sentence, the line, the column and the token."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Store
from werkzeug.exceptions import BadRequest

from lod.sparql_tokens import Token, UnreadableText, find_undeclared_name, read_tokens

_PADDING = " " * 64  # longer than any keyword that the engine tries at a place
_LONGEST_SHOWN = 60  # characters of a token in a sentence


class QueryError(BadRequest):
    """400 for a query, with the place that is wrong as `members` for programs: line, column (from 1) and token.

    `kind` names the commonest faults, of which a page can say the same in another language; `subject` is what they are about.
    """

    def __init__(self, sentence: str, text: str, token: Token, kind: str = "", subject: str = "") -> None:
        self.line, self.column = locate(text, token.position)
        super().__init__(sentence.format(place=f"line {self.line}, column {self.column}"))
        self.members: dict[str, object] = {"line": self.line, "column": self.column, "token": token.text}
        self.length, self.kind, self.subject = len(token.text), kind, subject


def locate(text: str, position: int) -> tuple[int, int]:
    """The line and the column of a character, both counted from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def explain_syntax(text: str, prefixes: Mapping[str, str], base: str, told: str) -> QueryError:
    """What is wrong with a text that the engine could not read; `told` is what the engine said.

    The engine tells the furthest place that it looked at, which is up to the length of a keyword behind the fault, and as
    expected only what it tried there. So the place is found by trying how many of the tokens can begin a query.
    """
    try:
        tokens = list(read_tokens(text))
    except UnreadableText as error:
        rest = text[error.position :].partition("\n")[0]
        return _make_error(f"{error} ({{place}}).", text, Token("sign", rest[:_LONGEST_SHOWN], error.position))
    if not tokens:
        return _make_error("the query is empty.", text, Token("end", "", len(text.rstrip())), "empty")
    if name := find_undeclared_name(text, prefixes):
        return _explain_name(text, name)
    count = _count_readable(text, tokens, prefixes, base)
    if count < len(tokens):
        wrong = tokens[count]
        return _make_error(
            f"“{_escape(_shorten(wrong.text))}” cannot stand at {{place}}.", text, wrong, "misplaced", _shorten(wrong.text)
        )
    reasons = (part.strip() for part in told.partition("expected ")[2].removeprefix("one of ").split(","))
    if reason := next((r for r in reasons if r.startswith("The ")), ""):
        return _make_error(f"{_escape(reason)} (up to {{place}}).", text, tokens[-1])
    end = Token("end", "", len(text.rstrip()))
    return _make_error("it ends too early, at {place}: something is not closed or missing.", text, end, "unfinished")


def _explain_name(text: str, name: Token) -> QueryError:
    """What is wrong with a name whose prefix is declared nowhere."""
    if text[: name.position].endswith("<"):
        opened = Token("sign", "<", name.position - 1)
        return _make_error(
            "the IRI at {place} is not closed, or has a character that IRIs do not have.", text, opened, "unclosed"
        )
    prefix = name.text.partition(":")[0]
    sentence = f"the prefix {prefix}: is declared nowhere (“{_escape(name.text)}” at {{place}})."
    return _make_error(sentence, text, name, "undeclared", prefix)


def begins_query(text: str, prefixes: Mapping[str, str], base: str) -> bool:
    """Whether a text is a query or can be continued to one: the engine fails, if at all, at the end of blanks added to it."""
    padded = text + _PADDING
    try:
        Store().query(padded, base_iri=base, prefixes=dict(prefixes))
    except SyntaxError as error:
        place = str(error).removeprefix("error at ").split(": ")[0]
        return place == ":".join(map(str, locate(padded, len(padded))))
    except (RuntimeError, OSError):  # it was read; it cannot be evaluated, which is another matter
        return True
    return True


def _count_readable(text: str, tokens: list[Token], prefixes: Mapping[str, str], base: str) -> int:
    """How many tokens from the first on can begin a query."""
    least, most = 0, len(tokens)
    while least < most:
        middle = (least + most + 1) // 2
        last = tokens[middle - 1]
        if begins_query(text[: last.position + len(last.text)], prefixes, base):
            least = middle
        else:
            most = middle - 1
    return least


def _make_error(sentence: str, text: str, token: Token, kind: str = "", subject: str = "") -> QueryError:
    return QueryError(f"This is no SPARQL query: {sentence}", text, token, kind, subject)


def _shorten(token: str) -> str:
    return token if len(token) <= _LONGEST_SHOWN else f"{token[:_LONGEST_SHOWN]}…"


def _escape(part: str) -> str:
    """A part of a sentence in which braces are no placeholders."""
    return part.replace("{", "{{").replace("}", "}}")
