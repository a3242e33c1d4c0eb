"""The place that a row is about: its name and prefecture as printed, against the reference table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lod.curation import Curation
from lod.errors import Refused
from lod.issues import Issue
from lod.places import Found, Gazetteer, Place, Spelling
from lod.rows import Row, make_curated_issue

_SEPARATOR = re.compile(r"\s*[,、・·]\s*")
_PREFECTURE = re.compile(r"[ -](prefecture|ken|fu|to)$|^(hokkaido|tokyo)$|[都道府県]$", re.IGNORECASE)


@dataclass(frozen=True)
class Remark:
    """What is irregular about the way a row names its place; becomes an issue once the listing is known."""

    kind: str
    column: str
    verbatim: str
    detail: str


def split_place(row: Row) -> tuple[str, str]:
    """Prefecture and place as printed; a prefecture may stand in the place cell."""
    prefecture, place = (row.get_text(c) for c in ("prefecture", "place"))
    if "place" in row.cells and not prefecture:
        first, *rest = _SEPARATOR.split(place, maxsplit=1)
        if rest and _PREFECTURE.search(first):
            return first, rest[0]
    return prefecture, place


class PlaceFinder:
    """Finds the places of one edition's rows; what surrounds a row never decides."""

    def __init__(self, edition: str, rows: Iterable[Row], gazetteer: Gazetteer, curation: Curation) -> None:
        self.edition = edition
        self.gazetteer = gazetteer
        self.curation = curation
        self.states_prefecture = {r.section for r in rows if "place" in r.cells and split_place(r)[0]}

    def find_place(self, row: Row) -> tuple[Place, list[Remark], list[Issue]]:
        """The place of a row, with remarks on its spelling and the issues of curation entries.

        Raises Refused where the table does not know the name, or several places bear it.
        """
        printed_prefecture, printed = split_place(row)
        if "place" not in row.cells:
            found = self.gazetteer.find_prefecture(printed_prefecture)
            return found.place, self._judge_prefecture_name(found, printed_prefecture), []
        prefecture = self.gazetteer.find_prefecture(printed_prefecture) if printed_prefecture else None
        found, issues = self._find_municipality(row, printed, prefecture)
        own = self.gazetteer.get_prefecture_of(found.place)
        remarks = self._judge_prefecture(row, prefecture, own, printed_prefecture or printed)
        if prefecture and prefecture.spelling is Spelling.VARIANT and found.spelling is Spelling.EXACT:
            column = "prefecture" if row.get_text("prefecture") else "place"
            remarks.append(Remark("PlaceNameVariant", column, row.get_text(column), own.label_en))
        elif found.spelling is not Spelling.EXACT:
            remarks.append(Remark("PlaceNameVariant", "place", row.get_text("place"), found.place.label_en))
        return found.place, remarks, issues

    def _find_municipality(self, row: Row, printed: str, prefecture: Found | None) -> tuple[Found, list[Issue]]:
        for entry in self.curation.take(self.edition, row.lines, "place"):
            if entry.place not in self.gazetteer.by_code:
                raise Refused(f"the curation entry names {entry.place!r}, which is no code of the table", "correct it")
            issue = make_curated_issue(self.edition, entry, "place", printed, row.line)
            return Found(self.gazetteer.by_code[entry.place], Spelling.EXACT), [issue]
        return self.gazetteer.find_municipality(printed, prefecture.place if prefecture else None), []

    def _judge_prefecture_name(self, found: Found, printed: str) -> list[Remark]:
        kinds = {Spelling.VARIANT: "PlaceNameVariant", Spelling.MISSPELT: "PrefectureMisspelt"}
        kind = kinds.get(found.spelling)
        return [Remark(kind, "prefecture", printed, found.place.label_en)] if kind else []

    def _judge_prefecture(self, row: Row, stated: Found | None, own: Place, verbatim: str) -> list[Remark]:
        if stated is not None:
            if stated.place != own:
                return [Remark("PrefectureDiffers", "prefecture", verbatim, own.label_en)]
            if stated.spelling is Spelling.MISSPELT:
                return [Remark("PrefectureMisspelt", "prefecture", verbatim, own.label_en)]
        elif row.section in self.states_prefecture:
            kind = "PrefectureDiffers" if self._is_other(row.above, own) else "PrefectureMissing"
            return [Remark(kind, "prefecture", verbatim, own.label_en)]
        return []

    def _is_other(self, above: str, own: Place) -> bool:
        """Whether the cell above names another prefecture; what it says when it is no prefecture is told of its own row."""
        try:
            return bool(above) and self.gazetteer.find_prefecture(above).place != own
        except Refused:
            return False
