"""Accept-Encoding as RFC 9110, section 12.5.3, has it, and codings that give the same bytes each time."""

from __future__ import annotations

import gzip

import pytest
import zstandard

from server.compression import choose_coding, encode, is_compressible

CASES = [  # what the header says, what it is, what is chosen of zstd and gzip
    ("no header: no coding", None, None),
    ("an empty header: no coding", "", None),
    ("gzip", "gzip", "gzip"),
    ("zstd", "zstd", "zstd"),
    ("between equals the smaller", "gzip, zstd", "zstd"),
    ("as browsers ask", "gzip, deflate, br, zstd", "zstd"),
    ("as Safari asks", "gzip, deflate, br", "gzip"),
    ("as curl --compressed asks", "deflate, gzip, br, zstd", "zstd"),
    ("as Jena asks", "gzip,deflate", "gzip"),
    ("as Python's requests asks", "gzip, deflate", "gzip"),
    ("weights", "zstd;q=0.5, gzip;q=0.8", "gzip"),
    ("weights with blanks", "zstd ; q=0.5 ,\tgzip ;\tq=0.8", "gzip"),
    ("in any case", "GZip;Q=1", "gzip"),
    ("the old name", "x-gzip", "gzip"),
    ("q=0 refuses", "zstd;q=0, gzip", "gzip"),
    ("q=0.000 refuses", "zstd;q=0.000", None),
    ("* is every other", "*", "zstd"),
    ("* is not what is named", "zstd;q=0, *", "gzip"),
    ("* with a weight", "gzip;q=0.3, *;q=0.7", "zstd"),
    ("*;q=0 refuses all but what is named", "gzip, *;q=0", "gzip"),
    ("identity alone", "identity", None),
    ("identity liked better", "gzip;q=0.5, identity", None),
    ("identity liked less", "gzip, identity;q=0.5", "gzip"),
    ("identity liked as much", "gzip, identity", "gzip"),
    ("identity refused", "identity;q=0, gzip;q=0.1", "gzip"),
    ("identity refused and nothing else asked for: sent all the same", "identity;q=0", None),
    ("all refused: sent all the same", "*;q=0", None),
    ("unknown codings", "br, deflate, compress", None),
    ("a weight over 1 is no weight", "gzip;q=2", None),
    ("a weight of four digits is no weight", "gzip;q=0.1234", None),
    ("a negative weight is no weight", "gzip;q=-1", None),
    ("an empty weight is no weight", "gzip;q=", None),
    ("another parameter is none of this header", "gzip;level=9", None),
    ("what is not understood is passed over", "gzip;;, (zstd), , zstd;q=0.1", "zstd"),
    ("only commas", ",,,", None),
    ("letters of other scripts", "ｇzip", None),
]


@pytest.mark.parametrize(("clause", "header", "expected"), CASES, ids=[clause for clause, _, _ in CASES])
def test_accept_encoding(clause: str, header: str | None, expected: str | None) -> None:
    assert choose_coding(header, ("zstd", "gzip")) == expected, clause


def test_only_what_is_offered_is_chosen() -> None:
    assert choose_coding("gzip, zstd", ("gzip",)) == "gzip"
    assert choose_coding("zstd, *", ("gzip",)) == "gzip"
    assert choose_coding("gzip, zstd", ()) is None


def test_a_hostile_header_takes_no_time() -> None:
    assert choose_coding("gzip;q=0.1," * 100_000 + "x" * 100_000) == "gzip"


def test_coded_bodies_are_the_same_each_time_and_hold_the_body() -> None:
    body = "柏市 Kashiwa\n".encode() * 200
    coded = {coding: encode(body, coding) for coding in ("gzip", "zstd")}
    assert coded == {coding: encode(body, coding) for coding in ("gzip", "zstd")}
    assert gzip.decompress(coded["gzip"]) == zstandard.ZstdDecompressor().decompress(coded["zstd"]) == body
    assert all(len(c) < len(body) / 4 for c in coded.values())


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/html; charset=utf-8", True),
        ("text/turtle; charset=utf-8", True),
        ("text/csv", True),
        ("application/json", True),
        ("application/ld+json", True),
        ("application/problem+json", True),
        ("application/sparql-results+json", True),
        ("application/sparql-results+xml", True),
        ("application/rdf+xml; charset=utf-8", True),
        ("application/n-triples", True),
        ("application/n-quads", True),
        ("application/trig", True),
        ("image/svg+xml", True),
        ("application/gzip", False),
        ("application/zstd", False),
        ("application/octet-stream", False),
        ("image/png", False),
        ("", False),
    ],
)
def test_text_is_worth_coding(media_type: str, expected: bool) -> None:
    assert is_compressible(media_type) is expected
