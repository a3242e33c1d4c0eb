"""The search of the twin: all that can be found with the words it is found by, for a script in the reader's own browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.pages.search_catalogue import Catalogue, Hit
from server.pages.search_entries import GROUPS, HOST, Entry
from server.pages.search_hits import show_hit, write_hit
from server.pages.search_text import RULES, fold_text, join_words, read_words
from server.twin.relinking import Places

_GROUPS = list(dict.fromkeys(GROUPS.values()))


def write_search_index(dataset: Dataset, places: Places, link: Callable[[NamedNode], str]) -> bytes:
    """The index as a script that hands it over: a page opened from disk may load a script, but not fetch a file.

    `rules` make one spelling of what sounds the same, as the server's search has it. Of each entry there are the fields that
    the box shows (as in the answers of `/search?format=json`), the file of its page, and its words.
    """
    catalogue = dataset.keep(Catalogue)
    entries = sorted(catalogue.entries, key=_order)
    shown = [_write_entry(dataset, catalogue, entry, places, link) for entry in entries]
    rules = [[pattern.pattern, sound] for pattern, sound in RULES]
    text = json.dumps({"rules": rules, "entries": shown}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"globalThis.madoguchiIndex={text.replace('<', chr(92) + 'u003c')};\n".encode()


def _order(entry: Entry) -> tuple[int, bool, bool, str, str]:
    """Places before bodies before addresses; of each what is of today first, then what any list names."""
    code = entry.place.code if entry.place else ""
    return _GROUPS.index(entry.group), not entry.is_current, not entry.mentions, code, entry.text.casefold()


def _write_entry(
    dataset: Dataset, catalogue: Catalogue, entry: Entry, places: Places, link: Callable[[NamedNode], str]
) -> dict[str, object]:
    hit = write_hit(show_hit(dataset, catalogue, Hit(entry, "")), link)
    page, _ = places.find(str(hit["page"]).removeprefix(places.prefix), "en")
    within = [part["name"] for part in hit["within"]]  # type: ignore[attr-defined]
    around = sorted({key for names in within for name in names.values() for key in _list_keys(name)})
    return {
        "kind": entry.kind,
        "name": hit["name"],
        "page": page.removesuffix(".html"),
        "within": [{"name": names} for names in within],
        "editions": hit["editions"],
        "current": entry.is_current,
        "emails": [found["email"] for found in hit["emails"]],  # type: ignore[attr-defined]
        "keys": sorted({key for name in _list_names(entry) for key in _list_keys(name)}),
        "around": around,
    }


def _list_names(entry: Entry) -> Iterator[str]:
    """All that it is called."""
    if entry.place:
        yield from entry.place.names.values()
        yield from entry.place.short_names
        yield from (entry.place.code, entry.place.code[:5], *entry.place.identifiers)
    elif entry.names:
        yield from (name.value for name in entry.names)
    else:
        yield entry.text
        if entry.kind == HOST:
            yield entry.text.removeprefix("www.")


def _list_keys(name: str) -> Iterator[str]:
    """A name as it is written (kana as hiragana), read out, and as it sounds, each without blanks."""
    yield from (key for key in ("".join(fold_text(name).split()), *join_words(read_words(name))) if key)
