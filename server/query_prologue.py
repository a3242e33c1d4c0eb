"""What a query says of names and of its data set: BASE and PREFIX, FROM and FROM NAMED, as the engine would resolve them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from lod.sparql_tokens import Token

_ESCAPED = re.compile(r"\\(.)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Unresolvable(ValueError):
    """A name that cannot be made an IRI, with the token that it is."""

    def __init__(self, sentence: str, token: Token) -> None:
        super().__init__(sentence)
        self.token = token


@dataclass(frozen=True)
class DatasetClause:
    """The graphs that a query names, each once, in its order."""

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


class Prologue:
    """The BASE and the prefixes that hold where the prologue of a query ends."""

    def __init__(self, tokens: Sequence[Token], base: str, prefixes: Mapping[str, str]) -> None:
        """Reads the prologue of a query; raises Unresolvable for a relative IRI without a base."""
        self.base = base
        self.prefixes = dict(prefixes)
        self.length = 0  # in tokens
        while self.length + 1 < len(tokens):
            word = tokens[self.length].text.lower() if tokens[self.length].kind == "word" else ""
            follower = tokens[self.length + 1]
            if word == "base" and follower.kind == "iri":
                self.base = self.resolve(follower)
                self.length += 2
            elif word == "prefix" and follower.kind == "name" and self.length + 2 < len(tokens):
                self.prefixes[follower.text.partition(":")[0]] = self.resolve(tokens[self.length + 2])
                self.length += 3
            elif word == "version" and follower.kind == "string":
                self.length += 2
            else:
                break

    def resolve(self, token: Token) -> str:
        """The IRI that a token is (SPARQL 1.1 Query, section 4.1.1); raises Unresolvable where it is none."""
        if token.kind == "iri":
            iri = token.text[1:-1]
            resolved = iri if _SCHEME.match(iri) else urljoin(self.base, iri)
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix not in self.prefixes:
                raise Unresolvable(f"the prefix {prefix}: is declared nowhere", token)
            resolved = self.prefixes[prefix] + _ESCAPED.sub(r"\1", local)
        else:
            raise Unresolvable(f"“{token.text}” is no IRI that can be read here: write one in full, without escapes", token)
        try:
            return NamedNode(resolved).value
        except ValueError:
            raise Unresolvable(f"“{token.text}” is no absolute IRI", token) from None


def read_dataset_clause(tokens: Sequence[Token], base: str, prefixes: Mapping[str, str]) -> DatasetClause | None:
    """The data set that a query names by FROM and FROM NAMED (SPARQL 1.1 Query, section 13.2), None where it names none.

    The engine needs no blank after a word: what has grown together with FROM cannot be told from a name and is Unresolvable.
    """
    prologue = Prologue(tokens, base, prefixes)
    default_graphs: list[str] = []
    named_graphs: list[str] = []
    body = tokens[prologue.length :]
    depth = 0
    for position, token in enumerate(body):
        if token.kind == "sign" and token.text == "{":
            break
        depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
        if depth or token.kind not in ("word", "name") or "from" not in token.text.partition(":")[0].lower():
            continue
        if token.kind == "name" and body[position - 1].text.lower() in ("from", "named"):
            continue
        if token.text.lower() != "from":
            raise Unresolvable(f"“{token.text}” may be FROM and a name: write a blank between them", token)
        following = [*body[position + 1 : position + 3], token, token]
        if following[0].kind == "word" and following[0].text.lower() == "named":
            named_graphs.append(prologue.resolve(following[1]))
        else:
            default_graphs.append(prologue.resolve(following[0]))
    if not default_graphs and not named_graphs:
        return None
    return DatasetClause(tuple(dict.fromkeys(default_graphs)), tuple(dict.fromkeys(named_graphs)))
