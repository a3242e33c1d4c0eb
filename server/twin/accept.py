"""Content negotiation as `map` blocks of nginx: the weights of what is offered, and a pattern that finds the best.

nginx cannot calculate, but a regular expression can compare: each offer becomes `name=` and six digits (its weight in
thousandths, how specific the range is, how well its profile is met), the digits in their order stand at the end, and an
offer is the best where no other has, after the same beginning, a digit that stands further back in that order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_Q = r"\s*(?:;\s*q=([0-9.]+))?\s*(?:[,;]|$)"
_CHARSET = r'(?:\s*;\s*charset="?utf-8"?)?'
_FORMER = (("ttl", "text/n3"), ("ttl", "application/x-turtle"), ("nt", "text/plain"))  # as in server/representations.py
_LD = "application/ld+json"
_PROFILE = re.compile(r'^([^;]+);profile="([^"]+)"$')


def write_map(source: str, variable: str, lines: Iterable[tuple[str, str]]) -> str:
    """One `map` block. nginx compares keys without regard to case, so those that differ in case alone become patterns."""
    lines = list(lines)
    alike = Counter(key.lower() for key, _ in lines if not key.startswith("~"))
    spelt = [(f"~^{re.escape(key)}$" if alike[key.lower()] > 1 else key, value) for key, value in dict(lines).items()]
    body = "".join(f"    {quote_text(key) if key != 'default' else key} {quote_text(value)};\n" for key, value in spelt)
    return f"map {quote_text(source)} ${variable} {{\n{body}}}\n"


def quote_text(text: str) -> str:
    """A word of a configuration of nginx; in quotes only these two signs need a backslash."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def name_weight(media_type: str) -> str:
    """The variable that holds the weight of a media type."""
    return "m_q_" + re.sub(r"\W+", "_", media_type.replace("http://www.w3.org/ns/json-ld#", "")).strip("_").lower()


def write_weights(media_types: Iterable[str]) -> str:
    """The maps that give every media type its six digits."""
    return "".join(_write_weight("http_accept", name_weight(name), _list_ranges(name)) for name in media_types)


def _write_weight(source: str, variable: str, ranges: Iterable[tuple[str, str]]) -> str:
    raw = write_map(
        f"${source}", f"{variable}_raw", [*((f"~*(?:^|,)\\s*{p}{_Q}", f"$1|{d}") for p, d in ranges), ("default", "")]
    )
    return raw + write_map(
        f"${variable}_raw",
        variable,
        [
            (r"~^(?:1(?:\.0{0,3})?)?\|(..)$", "1000$1"),
            (r"~^0?\.(\d\d\d)\|(..)$", "0$1$2"),
            (r"~^0?\.(\d\d)\|(..)$", "0$10$2"),
            (r"~^0?\.(\d)\|(..)$", "0$100$2"),
            ("default", "000000"),
        ],
    )


def _list_ranges(media_type: str) -> list[tuple[str, str]]:
    """The patterns of the ranges that cover a media type, the most specific first, each with its last two digits."""
    found = _PROFILE.match(media_type)
    bare = found[1] if found else media_type
    own = re.escape(bare)
    ranges = []
    if bare == _LD:
        profile = found[2] if found else "http://www.w3.org/ns/json-ld#compacted"
        ranges.append((rf'{own}\s*;\s*profile="?(?:[^",]*\s)?{re.escape(profile)}(?:\s[^",]*)?"?', "22"))
        ranges.append((own, "21"))
        ranges.append((rf'{own}\s*;\s*profile=(?:"[^"]*"|[^",;]*)', "20"))
    else:
        ranges.append((own + _CHARSET, "21"))
    return [*ranges, (rf"{re.escape(bare.partition('/')[0])}/\*", "11"), (r"\*/\*", "01")]


def write_choice(variable: str, offers: Sequence[tuple[str, str]], otherwise: str) -> str:
    """The map from Accept to the name of the best offer, or what comes otherwise; offers are names and media types."""
    known = {name for name, _ in offers}
    former = [(n, m) for n, m in _FORMER if n in known and all(m != other for _, other in offers)]
    tokens = "".join(f"{name}=${name_weight(media_type)} " for name, media_type in (*offers, *former))
    best = write_map(f"{tokens}|{tokens}#0123456789", f"{variable}_best", [(_write_best(6), "$1"), ("default", otherwise)])
    first = offers[0][0]
    short = [("", first), ("*/*", first), (r"~^[^/]*$", first)]  # the last is not understood, which is no preference
    short += [(f"~^{re.escape(m)}(?:,|$)", n) for n, m in offers if n == "html"]
    short += [(m, n) for n, m in (*offers, *former) if '"' not in m]
    return best + write_map("$http_accept", variable, [*short, ("default", f"${variable}_best")])


def write_languages(variable: str, languages: Sequence[str]) -> str:
    """The map to the language by the parameter, the cookie, and Accept-Language; the first for who takes none."""
    ranges = {name: [(rf"{name}(?:-[\w-]+)?", "21"), (r"\*", "01")] for name in languages}
    text = "".join(_write_weight("http_accept_language", f"m_q_{name}", ranges[name]) for name in languages)
    tokens = "".join(f"{name}=$m_q_{name} " for name in languages)
    text += write_map(f"{tokens}|{tokens}#0123456789", f"{variable}_best", [(_write_best(6), "$1"), ("default", languages[0])])
    first = [(rf"~*^\s*{name}(?:-[\w-]+)?\s*(?:,|$)", name) for name in languages]
    text += write_map(
        "$http_accept_language", f"{variable}_told", [("", languages[0]), *first, ("default", f"${variable}_best")]
    )
    wanted = [(f"~^{name}:", name) for name in languages]
    switched = [(rf"~^[^:]*:(?:.*;\s*)?language={name}(?:;|$)", name) for name in languages]
    return text + write_map("$arg_lang:$http_cookie", variable, [*wanted, *switched, ("default", f"${variable}_told")])


def _write_best(digits: int) -> str:
    """The pattern whose first group is the name of the first offer that none surpasses."""
    own = "".join([r"(\d)"] * digits)
    others = []
    for place in range(digits):
        same = "".join(rf"\g{{{2 + n}}}" for n in range(place))
        others.append(rf"{same}(\d)(?=.*#\d*\g{{{2 + place}}}\d*\g{{{2 + digits + place}}})")
    return rf"~^(?:\w+=\d{{{digits}}} )*?(\w+)=(?!0000){own} (?!.*\|.*=(?:{'|'.join(others)}))"
