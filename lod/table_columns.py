"""The columns of the tables for people: what they are called, and which triple each cell stands for."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, INTEGER, DECIMAL, BOOLEAN, IRI = "string", "integer", "decimal", "boolean", "anyURI"  # as XML Schema calls them
BLANK, LINE = " ", "\n"  # between the values of one cell: what no e-mail, URL or number has, and what no text of a line has


@dataclass(frozen=True)
class Column:
    """A column, and the triple of each of its cells: `about` and `value` are URI templates (RFC 6570) with names of columns.

    Where `value` is empty the object is a literal. What has no `term` CSVW cannot say: see `NOT_SAID`. With a `separator`
    a cell has any number of values. A template may begin with a prefix of the vocabulary, or with `id:` for our things.
    """

    name: str
    titles: tuple[str, str]  # English, Japanese
    about: str = ""
    term: str = ""
    value: str = ""
    kind: str = TEXT
    language: str = ""
    separator: str = ""
    may_be_empty: bool = False  # an empty cell is an empty text, not no value

    @property
    def is_number(self) -> bool:
        """Whether each cell is one number."""
        return self.kind in (INTEGER, DECIMAL) and not self.separator


NOT_SAID = (
    "A CSVW tool gets all of this back as triples but four columns: it gives the values of one cell one IRI together, so "
    "urls, class_urls and evidence, which have several, are left out; the table links has those of listings one to a row. "
    "The column current is left out too: listings-current says the same.",
    "CSVWツールは、次の列を除くすべてをトリプルに戻せます。一つのセルの複数の値を別々のIRIにはできないため、urls、class_urls、"
    "evidence は対象外です(掲載項目のリンクは、表 links に1行に1件ずつあります)。current も対象外ですが、"
    "listings-current が同じことを示します。",
)


def _text(name: str, en: str, ja: str, about: str, term: str, language: str = "", separator: str = "") -> Column:
    return Column(name, (en, ja), about, term, language=language, separator=separator)


def _term(name: str, en: str, ja: str, about: str, term: str, prefix: str) -> Column:
    """A column whose cells end an IRI that begins with the prefix."""
    return Column(name, (en, ja), about, term, f"{prefix}{{{name}}}")


def _link(name: str, en: str, ja: str, about: str, term: str) -> Column:
    """A column whose cells are IRIs."""
    return Column(name, (en, ja), about, term, f"{{+{name}}}", IRI)


def _thing(name: str, en: str, ja: str, kind: str) -> Column:
    """A column with the IRIs of the things that a table is about, each of which is of a class."""
    return Column(name, (en, ja), f"{{+{name}}}", "rdf:type", kind, IRI)


def _links(name: str, en: str, ja: str) -> Column:
    """A column with several IRIs in a cell."""
    return Column(name, (en, ja), kind=IRI, separator=BLANK)


def _lines(name: str, en: str, ja: str, about: str) -> Column:
    return Column(name, (en, ja), about, "jle:sourceLine", kind=INTEGER, separator=BLANK)


def _names(name: str, en: str, ja: str, about: str) -> tuple[Column, ...]:
    """A name that may be in any of three languages, each in a column of its own."""
    return (
        _text(name, en, f"{ja}(英語)", about, "schema:name", "en"),
        _text(f"{name}_ja", f"{en}, in Japanese", f"{ja}(日本語)", about, "schema:name", "ja"),
        _text(f"{name}_romanised", f"{en}, Japanese in Latin letters", f"{ja}(ローマ字)", about, "schema:name", "ja-latn"),
    )


_LISTING, _BODY, _CONTACT = "{+listing_iri}", "{+body_iri}", "{+contact_iri}"
_GOVERNMENT, _AREA, _PREFECTURE = "{+government_iri}", "{+area_iri}", "id:area/{prefecture_code}"
_CLASSES, _CHANNEL = "{+class_information_iri}", "{+channel_iri}"
_ISSUE, _KIND = "{+issue_iri}", "jle:{kind}"

_PREFECTURE_NAMES = (
    _text("prefecture", "Prefecture", "都道府県(英語)", _PREFECTURE, "schema:name", "en"),
    _text("prefecture_ja", "Prefecture in Japanese", "都道府県", _PREFECTURE, "schema:name", "ja"),
)
_PLACE = (
    *_PREFECTURE_NAMES,
    _text("place", "Place", "地方公共団体(英語)", _GOVERNMENT, "schema:name", "en"),
    _text("place_ja", "Place in Japanese", "地方公共団体", _GOVERNMENT, "schema:name", "ja"),
    _text("code", "Local government code", "全国地方公共団体コード", _GOVERNMENT, "jle:lgCode"),
)
_PREFECTURE_CODE = _text("prefecture_code", "Code of the prefecture", "都道府県のコード", _PREFECTURE, "jle:lgCode")
_CONTAINING = _link(
    "containing_area_iri", "IRI of a municipality's prefecture", "属する都道府県のIRI", _AREA, "schema:containedInPlace"
)
_HEADING = (
    *_PLACE,
    _term("category", "Category of the list", "掲載区分", _LISTING, "jle:category", "jle:"),
    _term("edition", "Edition", "版", _LISTING, "jle:inEdition", "id:edition/"),
    Column("current", ("Whether it is of today", "現行か"), kind=BOOLEAN),
)
_LISTING_IRIS = (
    _PREFECTURE_CODE,
    _thing("listing_iri", "IRI of the listing", "掲載項目のIRI", "jle:Listing"),
    _link("government_iri", "IRI of the government", "地方公共団体のIRI", _LISTING, "schema:about"),
    _link("body_iri", "IRI of the body in charge", "担当部署のIRI", _LISTING, "jle:unitInCharge"),
    _link("class_information_iri", "IRI of the class information", "日本語教室情報のIRI", _LISTING, "jle:classInformation"),
)

LISTINGS = (
    *_HEADING,
    *_names("body", "Body in charge", "担当部署", _BODY),
    _text("emails", "E-mail addresses", "メールアドレス", _CONTACT, "schema:email", separator=BLANK),
    _links("urls", "Web addresses of the body", "担当部署のURL"),
    _term("class_status", "What is said of classes", "日本語教室の記載状況", _LISTING, "jle:classInformationStatus", "jle:"),
    _links("class_urls", "Links to Japanese classes", "日本語教室のリンク"),
    _term("status", "What is said of the place", "状態", _LISTING, "jle:status", "jle:"),
    _text("notes", "Notes", "注記(英語)", _LISTING, "schema:description", "en", LINE),
    _text("notes_ja", "Notes in Japanese", "注記(日本語)", _LISTING, "schema:description", "ja", LINE),
    _lines("lines", "Source lines", "原文の行", _LISTING),
    *_LISTING_IRIS,
    _link("area_iri", "IRI of the area", "区域のIRI", _GOVERNMENT, "schema:areaServed"),
    _CONTAINING,
    _link("contact_iri", "IRI of the contact", "連絡先のIRI", _LISTING, "jle:contact"),
    _link("body_contact_iri", "The same, where it is the body's own", "部署自身の連絡先のIRI", _BODY, "schema:contactPoint"),
    _link("class_operator_iri", "IRI of who runs the classes", "日本語教室の運営団体のIRI", _CLASSES, "schema:serviceOperator"),
)
LINKS = (
    *_HEADING,
    _link("body_url", "Web address of a body in charge", "担当部署のURL", _BODY, "schema:url"),
    _link("listing_url", "Web address of the listing as a whole", "掲載項目全体のURL", _LISTING, "schema:url"),
    _link("class_url", "Link to Japanese classes", "日本語教室のリンク", _CHANNEL, "schema:serviceUrl"),
    *_names("class_label", "Label of the class link", "日本語教室のリンクの名称", _CHANNEL),
    _lines("class_lines", "Lines that print the class link", "日本語教室のリンクの行", _CHANNEL),
    *_LISTING_IRIS,
    _link("channel_iri", "IRI of the class link", "日本語教室のリンクのIRI", _CLASSES, "schema:availableChannel"),
)
ISSUES = (
    _term("kind", "Kind", "種類", _ISSUE, "jle:issueType", "jle:"),
    _text("kind_label", "Kind in words", "種類の名称(英語)", _KIND, "skos:prefLabel", "en"),
    _text("kind_label_ja", "Kind in Japanese", "種類の名称", _KIND, "skos:prefLabel", "ja"),
    _term("group", "Group of kinds", "種類の分類", _KIND, "skos:broader", "jle:"),
    _term("edition", "Edition", "版", _ISSUE, "jle:inEdition", "id:edition/"),
    _lines("lines", "Source lines", "原文の行", _ISSUE),
    *_PLACE,
    Column("verbatim", ("Text as printed", "原文のまま"), _ISSUE, "jle:verbatim", may_be_empty=True),
    _text("comment", "What is the matter", "説明(英語)", _ISSUE, "rdfs:comment", "en"),
    _text("comment_ja", "What is the matter, in Japanese", "説明", _ISSUE, "rdfs:comment", "ja"),
    _text("suggested", "What was probably meant", "推定される値", _ISSUE, "jle:suggestedValue", separator=LINE),
    _links("evidence", "Lines that support it", "根拠となる行"),
    _PREFECTURE_CODE,
    _thing("issue_iri", "IRI of the irregularity", "不規則な箇所のIRI", "dqv:QualityAnnotation"),
    _link("target_iri", "IRI of what it is about", "対象のIRI", _ISSUE, "oa:hasTarget"),
    _link("government_iri", "IRI of the government", "地方公共団体のIRI", "{+target_iri}", "schema:about"),
)
PLACES = (
    _text("code", "Local government code", "全国地方公共団体コード", _AREA, "jle:lgCode"),
    _term(
        "kind",
        "Kind: City, or AdministrativeArea (a prefecture)",
        "種類(都道府県は AdministrativeArea)",
        _AREA,
        "rdf:type",
        "schema:",
    ),
    *_PREFECTURE_NAMES,
    _text("place", "Place", "地名(英語)", _AREA, "schema:name", "en"),
    _text("place_ja", "Place in Japanese", "地名", _AREA, "schema:name", "ja"),
    _text("place_kana", "Place in kana", "地名(かな)", _AREA, "schema:name", "ja-hrkt"),
    Column("latitude", ("Latitude of the hall", "庁舎の緯度"), "{+position_iri}", "schema:latitude", kind=DECIMAL),
    Column("longitude", ("Longitude of the hall", "庁舎の経度"), "{+position_iri}", "schema:longitude", kind=DECIMAL),
    _text("iso_3166_2", "ISO 3166-2 code", "ISO 3166-2コード", "{+iso_3166_2_iri}", "schema:value"),
    _link("wikidata", "Wikidata", "ウィキデータ", _AREA, "schema:sameAs"),
    _link("geonames", "GeoNames", "GeoNames", _AREA, "schema:sameAs"),
    _link("estat", "Standard area code of e-Stat", "e-Statの標準地域コード", _AREA, "jle:standardAreaCode"),
    _PREFECTURE_CODE,
    _thing("area_iri", "IRI of the area", "区域のIRI", "schema:AdministrativeArea"),
    _CONTAINING,
    _link("position_iri", "IRI of the position", "位置のIRI", _AREA, "schema:geo"),
    _link("iso_3166_2_iri", "IRI of the ISO 3166-2 code", "ISO 3166-2コードのIRI", _AREA, "schema:identifier"),
    _text(
        "listed_code",
        "The code again, where a list has the place",
        "掲載がある場合のコード",
        "id:gov/{listed_code}",
        "jle:lgCode",
    ),
)
