"""Refuses, before anything parses it, a query that would ask another host, change the data, or overflow the parser's stack."""

from __future__ import annotations

from werkzeug.exceptions import BadRequest, Forbidden

from lod.sparql_tokens import Token, UnreadableText, find_service, read_tokens
from server.configuration import QueryLimits

_CLOSING = {"(": ")", "[": "]", "{": "}", "<<": ">>"}
_OPERATORS = {"!", "||", "&&", "+", "-", "*", "/", "|", "^", "~"}
_SEPARATORS = {".", ";", ","}
_CLAUSES = {"optional", "union", "minus", "bind", "filter", "graph", "as", "exists", "lateral", "having", "values"}
_TERMS = {"string", "iri", "variable", "node", "number", "name"}
_UPDATES = {"insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"}
_PROLOGUE = {"base", "prefix", "version"}

UPDATES_REFUSED = "This endpoint is for reading: updates (INSERT, DELETE, LOAD and the like) are refused."


def check_query(text: str, limits: QueryLimits) -> None:
    """Raises BadRequest or Forbidden, with what to do, for a query that must not run.

    This is the friendly line of defence. A text that it cannot read, or reads otherwise than the engine, meets the other
    one: the process that runs queries can open no connection and may die without harm (`server/query_worker.py`).
    """
    try:
        tokens = list(read_tokens(text))
    except UnreadableText:
        return
    _check_updates(tokens)
    _check_service(tokens, text)
    _check_shape(tokens, text, limits)


def _check_updates(tokens: list[Token]) -> None:
    words = (t.text.lower() for t in tokens if t.kind == "word")
    first = next((w for w in words if w not in _PROLOGUE), "")
    if first in _UPDATES:
        raise Forbidden(UPDATES_REFUSED)


def _check_service(tokens: list[Token], text: str) -> None:
    if service := find_service(tokens):
        where = _locate(text, service.position)
        raise BadRequest(f"SERVICE (at {where}) would ask another host, which this endpoint never does: ask that host itself.")


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
            where = _locate(text, token.position)
            raise BadRequest(f"The query nests more than {limits.depth} brackets (at {where}): write it flatter.")
    if parts > limits.parts:
        raise BadRequest(
            f"The query has {parts} patterns, clauses and operators, more than {limits.parts}: "
            "use VALUES or IN for long lists, or split it."
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


def _locate(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"line {line}, column {column}"
