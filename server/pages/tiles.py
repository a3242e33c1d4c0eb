"""Japan as a grid of tiles: where the tile of each prefecture lies, and how its English name is cut where there is no room."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = 13
# Number of the prefecture, column and row of its tile, three letters. Each prefecture touches some of its real neighbours.
_TILES = """
01 12 1 Hkd
02 12 2 Aom
05 11 3 Akt  03 12 3 Iwt
06 11 4 Ygt  04 12 4 Myg
17 9 5 Ish  16 10 5 Tym  15 11 5 Nii  07 12 5 Fks
18 9 6 Fki  20 10 6 Ngn  10 11 6 Gun  09 12 6 Tcg  08 13 6 Iba
32 5 7 Smn  31 6 7 Ttr  28 7 7 Hyo  26 8 7 Kyo  25 9 7 Shg  21 10 7 Gif  19 11 7 Yns  11 12 7 Sai
35 4 8 Ygc  34 5 8 Hir  33 6 8 Oky  27 8 8 Osk  29 9 8 Nar  23 10 8 Aic  22 11 8 Szo  13 12 8 Tky  12 13 8 Chb
42 1 9 Ngs  41 2 9 Sag  40 3 9 Fko  30 8 9 Wky  24 9 9 Mie  14 12 9 Knw
43 2 10 Kum  44 3 10 Oit  38 5 10 Ehm  37 6 10 Kgw
46 2 11 Kgs  45 3 11 Myz  39 5 11 Koc  36 6 11 Tks
47 1 12 Okn
"""


@dataclass(frozen=True)
class Tile:
    """The place of a prefecture in the grid."""

    code: str  # the first two digits of its code
    column: int
    row: int
    letters: str


def list_tiles() -> list[Tile]:
    """The tiles in the order of the codes, which goes from north to south."""
    words = _TILES.split()
    rows = [words[i : i + 4] for i in range(0, len(words), 4)]
    return sorted((Tile(code, int(column), int(row), text) for code, column, row, text in rows), key=lambda t: t.code)
