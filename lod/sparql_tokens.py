"""SPARQL text as tokens, read the way pyoxigraph's parser reads it.

That parser has no lexer of its own: words need no blank between them (`1SERVICE<x>` is a number and a keyword), and `<` is
tried as the start of an IRI and as less-than. So a token is never longer here than it can be there, and where the two
readings of `<` would differ in what follows, the text is refused as ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_BASE = (
    "A-Za-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARACTERS = rf"{_BASE}_0-9·\u0300-\u036f\u203f\u2040\-"
_ESCAPE = r"""\\[tbnrf"'\\]|\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"""
_LOCAL = rf"[{_CHARACTERS}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%]"

_TOKEN = re.compile(
    rf"""
      (?P<blank>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*'''|\"\"\"(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*\"\"\"
        |'(?:[^'\\\r\n]|{_ESCAPE})*'|"(?:[^"\\\r\n]|{_ESCAPE})*")
    | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    | (?P<variable>[?$][{_BASE}_0-9·\u0300-\u036f\u203f\u2040]+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<node>_:[{_BASE}_0-9](?:\.*[{_CHARACTERS}])*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    | (?P<name>(?:[{_BASE}](?:\.*[{_CHARACTERS}])*)?:(?:(?:{_LOCAL})(?:\.*(?:{_LOCAL}))*)?)
    | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<sign>\|\||&&|<<|>>|\^\^|[\s\S])
    """,
    re.VERBOSE,
)
# An IRI that cannot be less-than and an operand: `<http://…>`, `<ontology#…>`. `<true#>` and `<1#>` could.
_CLEAR = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*://|(?!(?i:true|false)\b)[A-Za-z][A-Za-z0-9_-]*[/#]|>)")


_BEFORE_IRIS = {"base", "from", "named", "service", "silent"}  # words after which nothing is compared


class UnreadableText(ValueError):
    """Text of which it cannot be said where its strings and comments are, from that position on."""

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(sentence)
        self.position = position


@dataclass(frozen=True)
class Token:
    """A piece of the text: its kind is the name of a group of the pattern."""

    kind: str
    text: str
    position: int


def read_tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, without blanks and comments; raises UnreadableText."""
    position = 0
    before: tuple[str, str] = ("", "")  # the last two tokens, words in lower case
    while match := _TOKEN.match(text, position):
        kind, found = str(match.lastgroup), match[0]
        position = match.end()
        if kind == "blank":
            continue
        declares = before[1] in _BEFORE_IRIS or (before[0] == "prefix" and before[1].endswith(":"))
        if kind == "iri" and not declares and not _CLEAR.match(found):
            if "#" in found or "'" in found:
                raise UnreadableText(
                    f"“{found}” may be an IRI or a comparison: write the IRI in full, or a blank after the sign <",
                    match.start(),
                )
            kind, found, position = "sign", "<", match.start() + 1  # the same tokens follow in both readings
        if kind == "sign" and found in "\"'":
            raise UnreadableText("A string is not closed, or has an escape that SPARQL does not know", match.start())
        before = (before[1], found.lower())
        yield Token(kind, found, match.start())


def find_service(tokens: Sequence[Token]) -> Token | None:
    """The first SERVICE, also grown together with other words: no other word of SPARQL has it in itself."""
    return next((t for t in tokens if t.kind == "word" and "service" in t.text.lower()), None)


def find_undeclared_prefix(text: str, known: Iterable[str]) -> str:
    """A sentence about the first prefix that the text uses and nothing declares; empty where there is none."""
    token = find_undeclared_name(text, known)
    return f"the prefix {token.text.partition(':')[0]}: is declared nowhere; " if token else ""


def find_undeclared_name(text: str, known: Iterable[str]) -> Token | None:
    """The first prefixed name whose prefix nothing declares."""
    declared = set(known)
    before = ""
    try:
        for token in read_tokens(text):
            prefix, colon, _ = token.text.partition(":")
            if before == "prefix":
                declared.add(prefix)
            elif token.kind == "name" and colon and prefix not in declared:
                return token
            before = token.text.lower()
    except UnreadableText:
        return None
    return None
