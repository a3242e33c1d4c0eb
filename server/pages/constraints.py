"""What a shape demands, in words: each constraint of SHACL with its values and with the shapes within it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from server.languages import gettext as _
from server.pages.shapes_graph import SH, Node, Shorten, list_items, list_values, write_path

_ORDER = (  # how many values, of what kind, with which content, then what is made of other shapes
    *("class", "nodeKind", "minCount", "maxCount", "datatype", "in", "hasValue"),
    *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "minLength", "maxLength", "pattern", "flags"),
    *("languageIn", "uniqueLang", "equals", "disjoint", "lessThan", "lessThanOrEquals", "node"),
    *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    *("or", "xone", "and", "not", "closed", "ignoredProperties", "sparql"),
)
_LISTS = ("in", "languageIn", "ignoredProperties")
_SHAPES = ("or", "xone", "and")  # lists of shapes
_SHAPE = ("not", "qualifiedValueShape", "node")  # one shape
_NO_CONSTRAINTS = (
    "path",
    "message",
    "severity",
    "property",
    "name",
    "description",
    "order",
    "group",
    "defaultValue",
    "prefixes",
)
_DEEPEST = 6


@dataclass(frozen=True)
class Constraint:
    """One demand: the local name of its property, its values, and the shapes within it, each as a path with its demands."""

    name: str
    values: tuple[NamedNode | Literal, ...] = ()
    inner: tuple[tuple[str, tuple[Constraint, ...]], ...] = ()
    query: str = ""


def read_constraints(store: Store, node: Node, shorten: Shorten, depth: int = 0) -> tuple[Constraint, ...]:
    """The demands that a shape makes by itself, without those of its property shapes; those unknown here come last."""
    names = {q.predicate.value.removeprefix(SH) for q in store.quads_for_pattern(node, None, None)}
    wanted = [n for n in names if ":" not in n and n not in _NO_CONSTRAINTS and not n.startswith("target")]
    ordered = sorted(wanted, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n))
    return tuple(c for name in ordered for c in _read(store, node, name, shorten, depth))


def _read(store: Store, node: Node, name: str, shorten: Shorten, depth: int) -> list[Constraint]:
    values = list_values(store, node, name)
    if name == "sparql":
        queries = (q.value for value in values for q in list_values(store, value, "select"))
        return [Constraint(name, query=_strip_indent(query)) for query in queries]
    if name in _SHAPES:
        return [Constraint(name, inner=_read_inner(store, list_items(store, v), shorten, depth)) for v in values]
    if name in _SHAPE:
        named = tuple(v for v in values if isinstance(v, NamedNode))
        return [Constraint(name, named, _read_inner(store, (v for v in values if v not in named), shorten, depth))]
    if name in _LISTS:
        values = [item for value in values for item in list_items(store, value)]
    shown = tuple(v for v in values if not isinstance(v, BlankNode))
    is_false = all(isinstance(v, Literal) and v.value == "false" for v in shown)
    return [] if name in ("closed", "uniqueLang") and is_false else [Constraint(name, shown)]


def _read_inner(
    store: Store, shapes: Iterable[Node], shorten: Shorten, depth: int
) -> tuple[tuple[str, tuple[Constraint, ...]], ...]:
    found: list[tuple[str, tuple[Constraint, ...]]] = []
    for shape in shapes if depth < _DEEPEST else ():
        for part in (shape, *list_values(store, shape, "property")):
            path = list_values(store, part, "path")
            if constraints := read_constraints(store, part, shorten, depth + 1):
                found.append((write_path(store, path[0], shorten) if path else "", constraints))
    return tuple(found)


def _strip_indent(query: str) -> str:
    lines = [line for line in query.splitlines() if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return "\n".join(line[indent:] for line in lines)


def name_constraints() -> dict[str, str]:
    """The words for each constraint, in the language of the page."""
    return {
        "class": _("of the class"),
        "nodeKind": _("of the kind"),
        "minCount": _("values, at least"),
        "maxCount": _("values, at most"),
        "datatype": _("of the datatype"),
        "in": _("one of"),
        "hasValue": _("has the value"),
        "minInclusive": _("not less than"),
        "maxInclusive": _("not more than"),
        "minExclusive": _("more than"),
        "maxExclusive": _("less than"),
        "minLength": _("characters, at least"),
        "maxLength": _("characters, at most"),
        "pattern": _("matches the regular expression"),
        "flags": _("flags of the expression"),
        "languageIn": _("in one of the languages"),
        "uniqueLang": _("each language once at most"),
        "equals": _("the same values as those of"),
        "disjoint": _("no value of"),
        "lessThan": _("less than the value of"),
        "lessThanOrEquals": _("not more than the value of"),
        "node": _("conforms to"),
        "qualifiedMinCount": _("values such as described below, at least"),
        "qualifiedMaxCount": _("values such as described below, at most"),
        "qualifiedValueShape": _("described so"),
        "qualifiedValueShapesDisjoint": _("no value of another such description"),
        "or": _("at least one of these"),
        "xone": _("exactly one of these"),
        "and": _("all of these"),
        "not": _("not this"),
        "closed": _("no other properties than those below"),
        "ignoredProperties": _("besides them also"),
        "sparql": _("this query finds nothing"),
    }


def name_kinds() -> dict[str, str]:
    """The kinds of nodes (SHACL section 4.1.3) in the language of the page."""
    return {
        "IRI": _("an IRI"),
        "Literal": _("a literal"),
        "BlankNode": _("a blank node"),
        "BlankNodeOrIRI": _("an IRI or a blank node"),
        "BlankNodeOrLiteral": _("a literal or a blank node"),
        "IRIOrLiteral": _("an IRI or a literal"),
    }


def name_target_kinds() -> dict[str, str]:
    """How a shape finds the things that it is for (SHACL section 2.1.3), in the language of the page."""
    return {
        "targetClass": _("everything of the class"),
        "targetNode": _("this very thing"),
        "targetSubjectsOf": _("everything with the property"),
        "targetObjectsOf": _("everything that is a value of the property"),
    }
