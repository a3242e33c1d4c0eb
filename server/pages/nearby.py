"""What is near an address under which there is nothing: other kinds of the same code, other lines, names spelled alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import islice

from pyoxigraph import Literal, NamedNode

from lod.codings import CODINGS
from server.addresses import make_path
from server.dataset import DEFAULT, Dataset
from server.description import is_described
from server.pages.labels import Label, fold_text, label_thing

_SHOWN = 6
_READ = 300  # letters of the address that are looked at, so that a long one takes no longer
_SUBJECTS = 50_000  # of another's data, among which an address is looked for
_AROUND = 40  # of them on each side, in the order of the alphabet, that are compared letter by letter
_CODE = re.compile(r"(?<![\dL])\d{5,7}(?!\d)")
_PLACE = re.compile(r"L?\d{1,4}|L\d+")
_PART = re.compile(r"edition/([^/]+)/(listing|row|issue)/L?(\d{1,6})")
_EDITION = re.compile(r"(?:edition|source)[/-]([^/.]+)")
_SUFFIX = re.compile(r"\.(?:html|ttl|jsonld|json|nt|nq|rdf|trig|csv)$")
_CODED = {f".{coding.suffix}" for coding in CODINGS}
_KINDS = re.compile(
    r"\b(?:doc|id|gov|area|unit|org|agent|edition|listing|row|issue|contact|class|graph|source|dumps|ontology|txt)\b"
)


@dataclass(frozen=True)
class Near:
    """An address that there is, without the slash before it, and what is there; no label where the address says it."""

    path: str
    label: Label | None = None


class Neighbourhood:
    """What there is, by the names that addresses have; each index is made when it is first needed."""

    def __init__(self, dataset: Dataset, pages: Sequence[str]) -> None:
        self._dataset = dataset
        self._pages = [page.strip("/") for page in pages if page.strip("/")]

    def find(self, path: str) -> list[Near]:
        """What is near a decoded path, the nearest first; in 5 ms once the indexes are there."""
        asked = path.strip("/")[:_READ]
        found: dict[str, Near] = {}
        for near in self._list_candidates(asked, _SUFFIX.sub("", asked)):
            if near.path != asked:
                found.setdefault(near.path, near)
            if len(found) == _SHOWN:
                break
        return list(found.values())

    def _list_candidates(self, sent: str, asked: str) -> Iterator[Near]:
        yield from self._name_all(self._list_parts(asked))
        yield from self._name_all(self._list_bodies(asked))
        yield from self._name_all(self._list_coded(asked))
        yield from self._name_all(self._list_editions(asked))
        yield from self._list_files(sent)
        yield from (Near(page) for page in get_close_matches(asked, self._pages, 2, 0.7))
        yield from self._name_all(self._list_named(asked))
        if self._dataset.release.is_foreign:
            yield from self._name_all(self._list_alphabetically(asked))

    def _name_all(self, things: Iterable[NamedNode]) -> Iterator[Near]:
        for thing in things:
            path = make_path(self._dataset.iris, thing.value)
            if path and is_described(self._dataset, thing):
                yield Near(path, label_thing(self._dataset, thing))

    def _list_parts(self, asked: str) -> Iterator[NamedNode]:
        """The listings, lines or issues of the edition with the next numbers."""
        if not (match := _PART.search(asked)):
            return
        number, kind, place = match[1], match[2], int(match[3])
        known = self._parts.get((number, kind), [])
        after = bisect_left(known, place)
        for near in sorted(known[max(0, after - 2) : after + 2], key=lambda n: abs(n - place)):
            sign = "" if kind == "issue" else "L"
            yield self._dataset.iris.make(f"id/edition/{number}/{kind}/{sign}{near}")

    def _list_bodies(self, asked: str) -> Iterator[NamedNode]:
        """Departments of the same government and associations whose names are spelled alike."""
        pieces = asked.split("/")
        kind = next((k for k in ("unit", "org") if k in pieces[:-1]), None)
        if kind is None:
            return
        whole = "/".join(pieces[pieces.index(kind) + 1 :])
        code = next(iter(self._match_codes(whole)), "")
        names = [b for b in self._bodies[kind] if kind == "org" or b.startswith(f"{code}/")] if code or kind == "org" else []
        slug = whole.rpartition("/")[2]
        by_slug = {name.rpartition("/")[2]: name for name in names}
        for near in get_close_matches(slug, by_slug, 4, 0.3 if kind == "unit" else 0.6):
            yield self._dataset.iris.make(f"id/{kind}/{by_slug[near]}")

    def _list_coded(self, asked: str) -> Iterator[NamedNode]:
        """Governments with a code that the address has, or nearly has; areas where there is no such government."""
        for code in self._match_codes(asked):
            government = self._dataset.iris.government(code)
            yield government
            if not is_described(self._dataset, government) or "/area/" in f"/{asked}":
                yield self._dataset.iris.area(code)

    def _match_codes(self, text: str) -> Iterator[str]:
        """Codes whose check digit is missing or wrong, or of which a digit is; those of five digits are short of it."""
        for match in islice(_CODE.finditer(text), 2):
            code = match[0]
            alike = [known for known in self._codes if known[:5] == code[:5]]
            yield from alike
            if not alike:
                inside = [known for known in self._codes if known[:2] == code[:2]]
                yield from get_close_matches(code, inside, 3, 0.8)

    def _list_editions(self, asked: str) -> Iterator[NamedNode]:
        """The edition of that number; all where there is none such."""
        if match := _EDITION.search(asked):
            named = [e for e in self._dataset.editions if e.number == match[1].zfill(3)]
            yield from (e.iri for e in named or self._dataset.editions)

    def _list_files(self, asked: str) -> Iterator[Near]:
        """Dumps, graphs and terms of the vocabulary."""
        folder, _, rest = asked.partition("/")
        if folder in self._files and rest:
            for name in get_close_matches(rest, self._files[folder], 3, 0.5):
                yield Near(f"{folder}{'#' if folder == 'ontology' else '/'}{name}")

    def _list_named(self, asked: str) -> Iterator[NamedNode]:
        """Places whose names the last part of the address is, or is spelled like."""
        name = _fold_name(asked.rpartition("/")[2])
        if not name or name.isdecimal() or (name.isascii() and len(name) < 3):
            return
        if name in self._names:
            yield from self._names[name]
            return
        alike = [known for known in self._names if known[:1] == name[:1] and abs(len(known) - len(name)) < 3]
        for known in get_close_matches(name, alike, 3, 0.8):
            yield from self._names[known]

    def _list_alphabetically(self, asked: str) -> Iterator[NamedNode]:
        """What stands near in the alphabet: of data of which nothing else is known."""
        place = bisect_left(self._paths, asked)
        around = self._paths[max(0, place - _AROUND) : place + _AROUND]
        for near in get_close_matches(asked, around, _SHOWN, 0.6):
            yield self._dataset.iris.make(near)

    @cached_property
    def _codes(self) -> list[str]:
        values = (q.object for q in self._dataset.quads(None, "jle:lgCode", graph=DEFAULT))
        codes = {value.value for value in values if isinstance(value, Literal)}
        return sorted(code for code in codes if code.isascii() and code.isalnum())  # which an IRI can have

    @cached_property
    def _parts(self) -> Mapping[tuple[str, str], list[int]]:
        """The numbers of the listings, lines and issues of each edition."""
        found: dict[tuple[str, str], set[int]] = {}
        for quad in self._dataset.quads(None, "jle:inEdition"):
            if isinstance(quad.subject, NamedNode) and (match := _PART.search(quad.subject.value)):
                found.setdefault((match[1], match[2]), set()).add(int(match[3]))
        return {key: sorted(numbers) for key, numbers in found.items()}

    @cached_property
    def _bodies(self) -> Mapping[str, list[str]]:
        """What stands after `unit/` and `org/` in the addresses of the bodies."""
        names = ("jle:unitInCharge", "jle:relatedOrganization")
        bodies = {q.object for name in names for q in self._dataset.quads(None, name)}
        paths = {self._dataset.iris.strip_base(b.value) or "" for b in bodies if isinstance(b, NamedNode)}
        return {kind: sorted(p[len(f"id/{kind}/") :] for p in paths if p.startswith(f"id/{kind}/")) for kind in ("unit", "org")}

    @cached_property
    def _files(self) -> Mapping[str, list[str]]:
        dataset, release = self._dataset, self._dataset.release
        graphs = (g for g in islice(dataset.store.named_graphs(), _SUBJECTS) if isinstance(g, NamedNode))
        own = f"{dataset.iris.ontology.value}#"
        terms = dataset.subjects("rdfs:isDefinedBy", dataset.iris.ontology)
        return {
            "dumps": sorted(p.name for p in release.path.iterdir() if p.is_file() and p.suffix not in _CODED),
            "graph": sorted(dataset.iris.strip_graph(g) for g in graphs if dataset.iris.strip_base(g.value)),
            "ontology": [t.value.removeprefix(own) for t in terms if t.value.startswith(own)],
        }

    @cached_property
    def _names(self) -> Mapping[str, list[NamedNode]]:
        """The places by their names; of a government and its area the government."""
        found: dict[str, list[NamedNode]] = {}
        for code in self._codes:
            government, area = self._dataset.iris.government(code), self._dataset.iris.area(code)
            thing = government if is_described(self._dataset, government) else area
            for name in {_fold_name(n.value) for n in self._dataset.texts(area, "schema:name", DEFAULT)}:
                found.setdefault(name, []).append(thing)
        return found

    @cached_property
    def _paths(self) -> list[str]:
        subjects = {q.subject for q in islice(self._dataset.store, _SUBJECTS)}
        paths = (self._dataset.iris.strip_base(s.value) for s in subjects if isinstance(s, NamedNode))
        return sorted(p for p in paths if p)


def list_words(path: str) -> str:
    """What somebody who asked for that path may search for."""
    words = _KINDS.sub(" ", _SUFFIX.sub("", path[:_READ]))
    pieces = re.sub(r"[^\w@]+|_", " ", words).split()
    return " ".join(piece for piece in pieces if not _PLACE.fullmatch(piece))[:60].strip()


def _fold_name(name: str) -> str:
    """A place's name without what kind of place it is."""
    return re.sub(r"[-_ ]?(?:city|town|village|ward|prefecture|shi|市|町|村|区|県|府)$", "", fold_text(name).strip())
