"""Small files of data that are not ours, one in each format, with all that RDF allows in places where pages may stumble."""

from __future__ import annotations

import gzip
from pathlib import Path

PEOPLE = """@prefix ex: <https://data.example.org/> .
@prefix p: <https://data.example.org/people/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix schema: <http://schema.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix id: <https://data.example.org/id/> .

p:ada a foaf:Person, "no class", [ ex:says "a class without a name" ] ;
    foaf:name "Ada" , "エイダ"@ja , "آدا"@ar--rtl ;
    foaf:mbox <mailto:ada@example.org> ;
    foaf:homepage <https://ada.example.net/?q=1&r=2#top> ;
    foaf:knows p:柏, <people/relative>, <urn:isbn:9780000000000>, <javascript:alert(1)>, <data:text/html,x> ;
    rdfs:comment "<script>alert('comment')</script> & \\"quotes\\"" , <https://data.example.org/no-literal> , [] ;
    schema:address [ schema:addressLocality "Kashiwa"@en ; schema:geo [ schema:latitude 35.8 ; schema:longitude "abc" ] ] ;
    ex:list ( 1 "two"@en ex:three ( 4 ) ) ;
    ex:born "1815-12-10"^^xsd:date ;
    ex:empty "" ;
    ex:long "LONG" ;
    ex:says <<( p:ada foaf:knows p:柏 )>> ;
    foaf:age 36 {| ex:source ex:register ; ex:certainty 0.9 |} .
p:柏 a foaf:Person ; foaf:name "柏"@ja ; foaf:knows p:ada .
<people/relative> a foaf:Person ; rdfs:label "" , <<( ex:a ex:b ex:c )>> .
<urn:isbn:9780000000000> a ex:Book ; <http://purl.org/dc/elements/1.1/title> "A book" .
<mailto:ada@example.org> rdfs:label "An address" .
<javascript:alert(1)> a ex:Attack ; rdfs:label "An attack" .
<https://data.example.org/search?q=%E6%9F%8F&page=2> a ex:Page ; rdfs:label "A page" .
<https://data.example.org/page#part> a ex:Part ; ex:whole <https://data.example.org/page> .
<https://data.example.org/page> a ex:Page ; ex:part <https://data.example.org/page#part> .
<https://data.example.org/file.ttl> a ex:Page ; rdfs:label "Named like a file" .
<https://data.example.org/id/thing> a ex:Thing ; rdfs:label "Under id" .
<https://data.example.org/> a ex:Site ; rdfs:label "The site" .
<https://data.example.org/sparql> a ex:Service ; rdfs:label "An endpoint" .
<https://data.example.org//double//slash/> a ex:Page ; rdfs:label "Slashes" .
<https://data.example.org/a%20b/%2F/(c)> a ex:Page ; rdfs:label "Signs" .
<https://elsewhere.example/thing> a ex:Thing ; rdfs:label "Elsewhere" ; ex:part <https://elsewhere.example/thing/#x> .
[] a ex:Nameless ; ex:of p:ada .
ex:loop ex:inside _:loop . _:loop ex:inside _:loop .
ex:up <https://schema.org/parentOrganization> ex:down ; a <https://schema.org/GovernmentOrganization> .
ex:down <https://schema.org/parentOrganization> ex:up ;
    <https://schema.org/email> ex:up, "a@example.org", <<( ex:a ex:b ex:c )>> .
""".replace("LONG", "long words " * 20_000)

GRAPHS = """@prefix ex: <https://data.example.org/> .
@prefix p: <https://data.example.org/people/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://data.example.org/graph/old> { p:ada foaf:name "Ada" , "Ada Byron" ; foaf:knows [ foaf:name "In a graph" ] . }
<https://elsewhere.example/graph> { p:ada foaf:nick "Countess" . ex:only a ex:Thing . }
<urn:graph:柏> { ex:only foaf:name "Only in graphs" . }
_:graph { ex:only foaf:nick "In a graph without a name" . ex:hidden foaf:name "Hidden" . }
"""

SMALL_DATA = {
    "people.ttl": PEOPLE,
    "graphs.trig": GRAPHS,
    "lines.nt": '<https://data.example.org/line> <http://xmlns.com/foaf/0.1/name> "Line" .\n'
    '_:a <http://xmlns.com/foaf/0.1/name> "blank in lines.nt" .\n',
    "old/lines.nt": '_:a <http://xmlns.com/foaf/0.1/name> "blank in old/lines.nt" .\n',
    "quads.nq": '<https://data.example.org/quad> <http://xmlns.com/foaf/0.1/name> "Quad" <urn:graph:quads> .\n',
    "描述 1.owl": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="https://data.example.org/x#">'
    '<rdf:Description rdf:about="described"><x:of xml:lang="ja">記述</x:of></rdf:Description></rdf:RDF>\n',
    "context.json": '{"@context": {"name": "http://xmlns.com/foaf/0.1/name"}, "@id": "json", "name": "JSON"}\n',
}


def write_small_data(folder: Path) -> list[Path]:
    """Writes the files, and one that is compressed, and says where they are."""
    paths = [folder / name for name in SMALL_DATA]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SMALL_DATA[path.relative_to(folder).as_posix()], encoding="utf-8")
    packed = folder / "packed.nt.gz"
    packed.write_bytes(gzip.compress(b'<https://data.example.org/packed> <http://xmlns.com/foaf/0.1/name> "Packed" .\n'))
    return [*paths, packed]
