r"""The vectors of the W3C's tests of RDF Dataset Canonicalization, in a notation of our own.

The facts are those of the tests of https://www.w3.org/TR/rdf-canon/ (repository w3c/rdf-canon, folder tests/rdfc10, under the
W3C Test Suite Licence and the W3C 3-clause BSD Licence); 007, 012, 015 and others do not exist. Inputs are in TriG. What is
expected is said by the labels that blank nodes get: the canonical form is then the statements with these labels, as canonical
N-Quads in code point order. Where nodes are alike there are several such ways to say it, of which all make the same form.
"""

from __future__ import annotations

PREFIXES = """
@prefix : <http://example.org/vocab#> .
@prefix t: <http://example.org/test#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DIAMOND = ":test :A _:e0 ; :B _:e1 . _:e0 :next _:e2 . _:e1 :next _:e2 ."
FOO = '_:e2 :p2 "Foo" . _:e3 :p2 "Foo" .'
BOOK = """t:book :contains t:chapter ; dc:contributor "Writer" ; dc:title "My Book" .
    t:chapter dc:description "Fun" ; dc:title "Chapter One" . t:library :contains t:book ."""
TWO_CHAINS = "_:e0 :p _:e1 . _:e1 :p _:e2 . _:e3 :p _:e4 . _:e4 :p _:e5 ."
EMBED = "<http://example.org/test> :A _:{0} ; :B _:{0} ; :embed _:{0} ."
EVIL = "0:1,2,3 1:0,4,5 2:0,3,5 3:0,2,4 4:1,3,5 5:1,2,4 6:7,8,9 7:6,10,11 8:6,10,11 9:6,10,11 10:7,8,9 11:7,8,9"


def draw(edges: str, label: str) -> str:
    """A graph of one property, of which each node is written with those that it points to."""
    nodes = (node.split(":") for node in edges.split())
    return " ".join(
        f"_:{label}{node} :p " + ", ".join(f"_:{label}{n}" for n in others.split(",")) + " ." for node, others in nodes
    )


def embed(graph: str, node: str) -> str:
    """The same about `e0` in the default graph and about that node in a named one."""
    return f"{EMBED.format('e0')} {graph} {{ {EMBED.format(node)} }}"


def draw_circle(order: str, next_one: str, last_one: str) -> str:
    """The double circle of three nodes, which stand in that order."""
    return " ".join(f"_:e{n} :{next_one} _:e{(int(n) + 1) % 3} ; :{last_one} _:e{(int(n) + 2) % 3} ." for n in order)


def draw_list(first: int) -> str:
    nodes = (f'_:e{n} rdf:first "{n}" ; rdf:rest _:e{n + 1} .' for n in (first, first + 1))
    return " ".join(nodes) + f' _:e{first + 2} rdf:first "{first + 2}" ; rdf:rest rdf:nil .'


ORDERS = ("012", "021", "102", "120", "210", "201")

# Each with the labels in the order in which the canonical form numbers them.
VECTORS: dict[str, tuple[str, str]] = {
    "001": ("", ""),
    "002": ("t:example1 :p t:example2 .", ""),
    "003": ("_:e0 a :Foo .", "e0"),
    "004": ("_:e0 a :Foo ; :embed t:example .", "e0"),
    "005": ("t:example a :Foo ; :embed _:e0 . _:e0 a :Bar .", "e0"),
    "006": ("t:example a :Foo, :Bar .", ""),
    "008": (BOOK, ""),
    "009": (f'{BOOK} t:jane :authored t:chapter ; foaf:name "Jane" . t:john foaf:name "John" .', ""),
    "010": ('t:example :validFrom "2011-01-25T00:00:00+00:00"^^xsd:dateTime .', ""),
    "011": ('t:example :validFrom "2011-01-25T00:00:00Z"^^xsd:dateTime .', ""),
    "013": ('t:example1 :date "2011-01-25T00:00:00Z"^^xsd:dateTime ; :embed t:example2 . t:example2 :parent t:example1 .', ""),
    "014": ('<http://example.org/test> :bool true ; :double "1.23E0"^^xsd:double ; :int 123 .', ""),
    "016": (EMBED.format("e0"), "e0"),
    "017": ("<http://example.org/test> :A _:e0 ; :B _:e0 .", "e0"),
    "018": ("_:e0 :self _:e0 .", "e0"),
    "019": ("_:e0 :self _:e0 . _:e1 :self _:e1 .", "e0 e1"),
    "020": (DIAMOND, "e1 e2 e0"),
    "021": ("_:e0 :next _:e1 . _:e1 :next _:e0 .", "e0 e1"),
    "022": ("_:e0 :next _:e1 ; :prev _:e1 . _:e1 :next _:e0 ; :prev _:e0 .", "e0 e1"),
    "023": ("_:e0 :next _:e1 . _:e1 :next _:e2 . _:e2 :next _:e0 .", "e0 e1 e2"),
    **{f"0{24 + n}": (draw_circle(order, "next", "prev"), "e0 e2 e1") for n, order in enumerate(ORDERS)},
    "030": (":test :A _:e0 ; :B _:e1 ; :C _:e2 . _:e0 :next _:e1 . _:e1 :next _:e2 . _:e2 :next _:e0 .", "e0 e1 e2"),
    "033": ("_:e0 :prop _:e1 . _:e2 :prop _:e3 .", "e0 e1 e2 e3"),
    "034": ("_:e2 :prop _:e3 . _:e0 :prop _:e1 .", "e0 e1 e2 e3"),
    "035": (f"_:e0 :p1 _:e2 . _:e1 :p1 _:e3 . {FOO}", "e0 e2 e1 e3"),
    "036": (f"_:e0 :p1 _:e3 . _:e1 :p1 _:e2 . {FOO}", "e0 e3 e1 e2"),
    "038": ("_:e0 :p1 _:e1, _:e2 . _:e1 :p1 _:e3 .", "e1 e0 e3 e2"),
    "039": ("_:e0 :p1 _:e1, _:e2 . _:e2 :p1 _:e3 .", "e2 e0 e3 e1"),
    "040": (TWO_CHAINS.replace(":p", ":p1"), "e0 e1 e2 e3 e4 e5"),
    "043": ('<http://example.org/test> :test "test"@en .', ""),
    "047": (f'{TWO_CHAINS} _:e2 :z "foo1", "foo2" . _:e5 :z "bar1", "bar2" .', "e5 e2 e4 e3 e1 e0"),
    "048": (f'{TWO_CHAINS} _:e2 :z "bar1", "bar2" . _:e5 :z "foo1", "foo2" .', "e2 e5 e1 e0 e4 e3"),
    "053": (f"{draw_list(1)} {draw_list(4)} _:e0 t:property1 _:e1 ; t:property2 _:e4 .", "e3 e6 e1 e0 e5 e2 e4"),
    "054": (
        draw("0:1 1:2 2:3,4 3:5 4:10 5:6 6:7 7:8 8:9 10:11 11:12 12:13 13:14 14:15", "e"),
        "e2 e0 e9 e8 e7 e6 e5 e3 e15 e14 e13 e12 e11 e10 e4 e1",
    ),
    "055": ("_:e0 :p _:e1, <http://example.com> . _:e1 :p <http://example.org> .", "e0 e1"),
    "056": ("_:e0 :p <http://example.org> . _:e1 :p _:e0, <http://example.com> .", "e1 e0"),
    "057": ('_:g { _:b1 foaf:homepage <http://manu.sporny.org/> ; foaf:name "Manu Sporny" }', "g b1"),
    "058": ("_:e3 { <https://example.com/1> <https://example.com/2> _:e0, _:e1 }", "e3 e0 e1"),
    "059": (
        "<urn:ex:g> { <urn:ex:s> <urn:ex:p> <urn:ex:o> . _:s6 <urn:ex:p> <urn:ex:o> } "
        + " ".join(f"_:g{n} {{ _:s{n} <urn:ex:p> _:o{n} }}" for n in range(6)),
        "s6 " + " ".join(f"s{n} g{n} o{n}" for n in range(6)),
    ),
    "061": ('<http://example.com> <http://example.com/label> "test"@en, "test"@fr .', ""),
    "062": (
        '<http://example.com> <http://example.com/label> "test"^^<http://example.com/t1>, "test"^^<http://example.com/t2> .',
        "",
    ),
    "063": (DIAMOND.replace("_:e", "_:b"), "b1 b2 b0"),
    **{f"0{64 + n}": (draw_circle(order, "prev", "next"), "e0 e1 e2") for n, order in enumerate(ORDERS)},
    "070": (embed("<http://example.org/g1>", "e1"), "e0 e1"),
    "071": (embed("_:g1", "e1"), "e0 g1 e1"),
    "072": (embed("<http://example.org/g1>", "e0"), "e0"),
    "073": (embed("_:g1", "e0") + " <http://example.org/test> :graph _:g1 .", "g1 e0"),
    "076": (
        "<https://www.example.org/s> <https://www.example.org/p> <https://www.example.org/o>, <https://www.example.org/o> .",
        "",
    ),
    "077": ("<https://www.example.org/s> <https://www.example.org/p> _:o, _:o .", "o"),
}
SHA_384 = {"075": (DIAMOND, "e0 e2 e1")}

# Poison that can be computed: all three make the same form, whose nodes are numbered as in EVIL.
EVILS = {
    "044": "0:1,2,3 1:0,3,4 2:0,4,5 3:0,1,5 4:1,2,5 5:3,2,4 6:7,8,9 7:6,10,11 8:6,10,11 9:6,10,11 10:7,8,9 11:7,8,9",
    "045": "0:1,2,3 1:0,4,5 2:0,4,5 3:0,4,5 4:1,2,3 5:1,2,3 6:7,8,9 7:6,9,10 8:6,10,11 9:6,7,11 10:7,8,11 11:9,8,10",
    "046": "0:1,2,3 1:0,9,8 2:3,8,0 3:0,2,9 4:5,6,7 5:10,4,11 6:4,11,10 7:10,11,4 8:1,2,9 9:8,3,1 10:6,7,5 11:5,6,7",
}
# Poison that is to be refused, or at least not to be computed for long: ten nodes, each linked to all and to itself (074).
CLIQUE = " ".join(f"{n}:" + ",".join(map(str, range(10))) for n in range(10))

# How values are escaped (060): lines of N-Quads, and what they are in the canonical form.
ESCAPES: tuple[tuple[str, str], ...] = (
    (
        r"<urn:ex:s:000:s\u20701> <urn:ex:000:p\u2070> <urn:ex:000:o\u2070> <urn:ex:000:g\u2070>",
        "<urn:ex:s:000:s\u20701> <urn:ex:000:p\u2070> <urn:ex:000:o\u2070> <urn:ex:000:g\u2070>",
    ),
    ('<urn:ex:s:001> <urn:ex:000:empty> ""', '<urn:ex:s:001> <urn:ex:000:empty> ""'),
    *(
        (line, line)
        for line in (
            "<urn:ex:s:000:s⁰2> <urn:ex:000:p⁰> <urn:ex:000:o⁰> <urn:ex:000:g⁰>",
            '<urn:ex:s:001> <urn:ex:001:simple> "simple"',
            r'<urn:ex:s:001> <urn:ex:004:nl> "\n"',
            r'<urn:ex:s:001> <urn:ex:005:cr> "\r"',
            r'<urn:ex:s:001> <urn:ex:011> "\\\\"',
            r'<urn:ex:s:001> <urn:ex:012> "\"\""',
            r'<urn:ex:s:001> <urn:ex:014> "\"\"\""',
            '<urn:ex:s:001> <urn:ex:016> "∞"',
            '<urn:ex:s:004> <urn:ex:034> "\U0001f303"',
            '<urn:ex:s:006> <urn:ex:037> "o" <urn:ex:∞>',
        )
    ),
    (r'<urn:ex:s:001> <urn:ex:002:quote> "\""', r'<urn:ex:s:001> <urn:ex:002:quote> "\""'),
    (r'<urn:ex:s:001> <urn:ex:003:backslash> "\\"', r'<urn:ex:s:001> <urn:ex:003:backslash> "\\"'),
    (r'<urn:ex:s:001> <urn:ex:006:all> "\"\\\n\r"', r'<urn:ex:s:001> <urn:ex:006:all> "\"\\\n\r"'),
    (r'<urn:ex:s:001> <urn:ex:007:uchar> "\u0022\u005c"', r'<urn:ex:s:001> <urn:ex:007:uchar> "\"\\"'),
    (
        r'<urn:ex:s:001> <urn:ex:008:echar> "\t\b\n\r\f\"\'\\"',
        r"""<urn:ex:s:001> <urn:ex:008:echar> "\t\b\n\r\f\"'\\" """.rstrip(),
    ),
    (r'<urn:ex:s:001> <urn:ex:009> "\\u0039"', r'<urn:ex:s:001> <urn:ex:009> "\\u0039"'),
    (r'<urn:ex:s:001> <urn:ex:010> "\\n"', r'<urn:ex:s:001> <urn:ex:010> "\\n"'),
    (r'<urn:ex:s:001> <urn:ex:013> "\\\\\\"', r'<urn:ex:s:001> <urn:ex:013> "\\\\\\"'),
    (r'<urn:ex:s:001> <urn:ex:015> "\u221e"', '<urn:ex:s:001> <urn:ex:015> "∞"'),
    (r"<urn:ex:s:001> <urn:ex:017> <urn:ex:\u0065\u0078>", "<urn:ex:s:001> <urn:ex:017> <urn:ex:ex>"),
    (r"<urn:ex:s:001> <urn:ex:019> <urn:ex:\u002b>", "<urn:ex:s:001> <urn:ex:019> <urn:ex:+>"),
    (r"<urn:ex:s:003> <urn:ex:020> <urn:ex:\u00a0>", "<urn:ex:s:003> <urn:ex:020> <urn:ex:\u00a0>"),
    (r'<urn:ex:s:003> <urn:ex:021> "\uf600"^^<urn:ex:\u1f43>', '<urn:ex:s:003> <urn:ex:021> "\uf600"^^<urn:ex:\u1f43>'),
    (r'<urn:ex:s:003> <urn:ex:022> "d"^^<urn:ex:\u0064\u0074>', '<urn:ex:s:003> <urn:ex:022> "d"^^<urn:ex:dt>'),
    (
        '<urn:ex:s:004> <urn:ex:024> "' + "".join(f"\\u{n:04x}" for n in range(0x10)) + '"',
        r'<urn:ex:s:004> <urn:ex:024> "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F"',
    ),
    (
        '<urn:ex:s:004> <urn:ex:025> "' + "".join(f"\\u{n:04x}" for n in range(0x10, 0x20)) + '"',
        '<urn:ex:s:004> <urn:ex:025> "' + "".join(f"\\u{n:04X}" for n in range(0x10, 0x20)) + '"',
    ),
    *(
        (
            f'<urn:ex:s:004> <urn:ex:{26 + row:03}> "'
            + "".join(f"\\u{n:04x}" for n in range(0x20 + 16 * row, 0x30 + 16 * row))
            + '"',
            f'<urn:ex:s:004> <urn:ex:{26 + row:03}> "{plain}"',
        )
        for row, plain in enumerate(
            (
                r" !\"#$%&'()*+,-./",
                "0123456789:;<=>?",
                "@ABCDEFGHIJKLMNO",
                r"PQRSTUVWXYZ[\\]^_",
                "`abcdefghijklmno",
                r"pqrstuvwxyz{|}~\u007F",
                "".join(map(chr, range(0x80, 0x90))),
            )
        )
    ),
    (r'<urn:ex:s:004> <urn:ex:033> "\U0001F303"', '<urn:ex:s:004> <urn:ex:033> "\U0001f303"'),
    (r"<urn:ex:s:005> <urn:ex:035> <urn:ex:\U0001F303>", "<urn:ex:s:005> <urn:ex:035> <urn:ex:\U0001f303>"),
    (r'<urn:ex:s:006> <urn:ex:036> "o" <urn:ex:\u221e>', '<urn:ex:s:006> <urn:ex:036> "o" <urn:ex:∞>'),
    (r'<urn:ex:s:006> <urn:ex:038> "o" <urn:ex:\u221e>', '<urn:ex:s:006> <urn:ex:038> "o" <urn:ex:∞>'),
    (r"<urn:ex:s:001> <urn:ex:018> <urn:ex:\u221e>", "<urn:ex:s:001> <urn:ex:018> <urn:ex:∞>"),
    (r'<urn:ex:s:003> <urn:ex:023> "d"^^<urn:ex:\u0064>', '<urn:ex:s:003> <urn:ex:023> "d"^^<urn:ex:d>'),
    (r'<urn:ex:s:006> <urn:ex:039> "\u0009\u0020<>\"{}|^`\\"', r'<urn:ex:s:006> <urn:ex:039> "\t <>\"{}|^`\\"'),
    (
        '<urn:ex:s:007> <urn:ex:040> "' + "".join(f"\\U{n:08x}" for n in range(0x10)) + '"',
        r'<urn:ex:s:007> <urn:ex:040> "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F"',
    ),
)
