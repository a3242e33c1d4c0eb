"""The markers that tell the values of a cell apart: numbers like (1), [1], 1) and ①, and bullets."""

from __future__ import annotations

import re
import unicodedata

BULLETS = "・•○"
NUMBER_SIGNS = "①-⑳⑴-⒇"
NUMBER = (
    r"[(（]\s*(?P<round>\d{1,2})\s*[)）]|[\[［]\s*(?P<square>\d{1,2})\s*[\]］]"
    r"|(?<!\S)(?P<half>\d{1,2})[)）]|(?P<sign>[①-⑳⑴-⒇])"
)


def read_number(match: re.Match[str]) -> int:
    """The number that a match of NUMBER states: 2 for (2), ( 2 ), （２）, [2], 2), ② and ⑵."""
    if sign := match["sign"]:
        return int(unicodedata.numeric(sign))
    return int(next(g for g in (match["round"], match["square"], match["half"]) if g))
