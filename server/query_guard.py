"""Refuses, before anything parses it, a query that would ask another host, change the data, or overflow the parser's stack."""

from __future__ import annotations

import re
from collections.abc import Sequence

from werkzeug.exceptions import Forbidden

from lod.sparql_tokens import Token, UnreadableText, find_service, read_tokens
from server.configuration import QueryLimits
from server.query_errors import QueryError
from server.query_prologue import Prologue, Unresolvable

_CLOSING = {"(": ")", "[": "]", "{": "}", "<<": ">>"}
_OPERATORS = {"!", "||", "&&", "+", "-", "*", "/", "|", "^", "~"}
_SEPARATORS = {".", ";", ","}
_CLAUSES = {"optional", "union", "minus", "bind", "filter", "graph", "as", "exists", "lateral", "having", "values"}
_TERMS = {"string", "iri", "variable", "node", "number", "name"}
_UPDATES = {"insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"}
_PROLOGUE = {"base", "prefix", "version"}
# A prologue of plain PREFIX declarations, then the word that begins a query: read alike by the tokenizer, so the text is
# no update; and nowhere the letters of SERVICE.
_PLAIN = re.compile(
    r"""(?!.*service)
        (?:[ \t\r\n]*PREFIX[ \t\r\n]+[A-Za-z][A-Za-z0-9_-]*:[ \t\r\n]*<[^<>"{}|^`\\\x00-\x20]*>)*
        [ \t\r\n]*(?:SELECT|ASK|CONSTRUCT|DESCRIBE)[ \t\r\n*?{]""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL | re.ASCII,
)
_PARTS_OF_A_CHARACTER = 2  # at most: an element of a collection

UPDATES_REFUSED = "This endpoint is for reading: updates (INSERT, DELETE, LOAD and the like) are refused."


def check_query(text: str, limits: QueryLimits) -> bool:
    """Whether a query asks other hosts, each of which `limits.services` allows.

    Raises BadRequest or Forbidden, with what to do, for a query that must not run. This is the friendly line of defence. A
    text that it cannot read, or reads otherwise than the engine, meets the other one: the process that runs queries can
    open no connection and may die without harm.
    """
    if is_plain(text, limits):
        return False
    try:
        tokens = list(read_tokens(text))
    except UnreadableText:
        return False
    _check_updates(tokens)
    asks_others = _check_services(tokens, text, limits.services)
    _check_shape(tokens, text, limits)
    return asks_others


def is_plain(text: str, limits: QueryLimits) -> bool:
    """Whether a glance shows that there is nothing to refuse: so few characters that they cannot chain or nest too much."""
    return (
        _PARTS_OF_A_CHARACTER * len(text) <= limits.parts
        and text.count("{") + text.count("(") + text.count("[") + text.count("<<") <= limits.depth
        and _PLAIN.match(text) is not None
    )


def _check_updates(tokens: list[Token]) -> None:
    words = (t.text.lower() for t in tokens if t.kind == "word")
    first = next((w for w in words if w not in _PROLOGUE), "")
    if first in _UPDATES:
        raise Forbidden(UPDATES_REFUSED)


def _check_services(tokens: Sequence[Token], text: str, allowed: Sequence[str]) -> bool:
    """Whether there are SERVICE clauses; each must name, by a constant IRI, an endpoint that is allowed."""
    first = find_service(tokens)
    if first is None:
        return False
    if not allowed:
        raise QueryError(
            "SERVICE ({place}) would ask another host, which this endpoint never does: ask it itself.", text, first
        )
    offer = f"SERVICE may ask only {', '.join(allowed)}".replace("{", "{{").replace("}", "}}")
    try:
        prologue = Prologue(tokens, "", {})
        for position, token in enumerate(tokens):
            # A name may be SERVICE grown together with a prefix: no matter where no connection can be made, but here it is.
            if token.kind not in ("word", "name") or "service" not in token.text.partition(":")[0].lower():
                continue
            follower = next((t for t in tokens[position + 1 :] if t.text.lower() != "silent"), token)
            if token.text.lower() != "service" or prologue.resolve(follower) not in allowed:
                raise QueryError(f"{offer}, which is not what stands at {{place}}.", text, token)
    except Unresolvable as error:
        raise QueryError(f"{offer}, by an absolute IRI: {{place}} has none.", text, error.token) from None
    return True


def _check_shape(tokens: list[Token], text: str, limits: QueryLimits) -> None:
    """How deep the brackets go, and how many parts there are that the parser chains: each adds a level to its stack."""
    waiting: list[str] = []  # the brackets that are open, by what closes them
    data: int | None = None  # how many were open outside the rows of VALUES, of which there may be many
    announced = False
    parts = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if data is None:
            parts += _count_parts(before, token, waiting[-1] if waiting else "")
        announced = announced or (token.kind == "word" and token.text.lower() == "values")
        if token.kind == "sign" and token.text in _CLOSING:
            if announced and token.text == "{":
                data, announced = len(waiting), False
            waiting.append(_CLOSING[token.text])
        elif token.kind == "sign" and waiting and token.text == waiting[-1]:
            waiting.pop()
            data = None if data == len(waiting) else data
        if len(waiting) > limits.depth:
            raise QueryError(f"The query nests more than {limits.depth} brackets ({{place}}): write it flatter.", text, token)
        if parts > limits.parts:
            raise QueryError(
                f"The query has more than {limits.parts:,} patterns, clauses and operators (up to {{place}}): "
                "use VALUES or IN for long lists, or split it.",
                text,
                token,
            )


def _count_parts(before: Token | None, token: Token, inside: str) -> int:
    """How many links a token adds to a chain; `inside` closes the innermost bracket."""
    if token.kind == "word":
        return int(token.text.lower() in _CLAUSES)
    if token.kind == "sign" and (token.text in _OPERATORS or token.text == "{"):
        return 1
    if token.kind == "sign" and token.text in _SEPARATORS:
        return int(inside != ")")  # arguments are no chain
    starts = token.kind in _TERMS or token.text in ("(", "[")
    ends = before is not None and (before.kind in _TERMS or before.text in (")", "]"))
    return 2 if starts and ends and inside == ")" else 0  # a collection stands for two triples an element
