"""Example queries for data of which nothing is known: what kinds of things, which properties, which graphs, and a few facts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class _Question:
    name: str
    titles: tuple[str, str]  # English, Japanese
    descriptions: tuple[str, str]
    start: str
    pattern: str
    end: str


_QUESTIONS = (
    _Question(
        "kinds",
        ("Kinds of things", "ものの種類"),
        ("The classes, and how many things each has.", "クラスと、それぞれに属するものの数。"),
        "SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {",
        "?thing a ?class",
        "}\nGROUP BY ?class\nORDER BY DESC(?things)\nLIMIT 100\n",
    ),
    _Question(
        "properties",
        ("Properties", "プロパティ"),
        ("The properties, and how often each is stated.", "プロパティと、それぞれの出現回数。"),
        "SELECT ?property (COUNT(*) AS ?statements) WHERE {",
        "?thing ?property ?value",
        "}\nGROUP BY ?property\nORDER BY DESC(?statements)\nLIMIT 100\n",
    ),
    _Question(
        "facts",
        ("A hundred facts", "百の事実"),
        ("Some statements as they come, to see what the data look like.", "データの様子を見るための、順不同の文の例。"),
        "SELECT ?thing ?property ?value WHERE {",
        "?thing ?property ?value",
        "}\nLIMIT 100\n",
    ),
    _Question(
        "things",
        ("A thousand facts as a graph", "千の事実のグラフ"),
        ("The same as RDF, to download as Turtle or JSON-LD.", "同じ内容をRDFとして。TurtleやJSON-LDで取得できます。"),
        "CONSTRUCT { ?thing ?property ?value } WHERE {",
        "?thing ?property ?value",
        "}\nLIMIT 1000\n",
    ),
)
_GRAPHS = _Question(
    "graphs",
    ("Named graphs", "名前付きグラフ"),
    ("The named graphs, and how many statements each holds.", "名前付きグラフと、それぞれの文の数。"),
    "SELECT ?graph (COUNT(*) AS ?statements) WHERE {",
    "?thing ?property ?value",
    "}\nGROUP BY ?graph\nORDER BY DESC(?statements)\nLIMIT 100\n",
)


def write_queries(*, has_default_graph: bool, has_named_graphs: bool) -> dict[str, str]:
    """The queries by name, each with a header as those of `ontology/queries/` have; they ask the graphs that there are."""
    asked = [(question, _place(question.pattern, has_default_graph, has_named_graphs)) for question in _QUESTIONS]
    if has_named_graphs:
        asked.append((_GRAPHS, _place(_GRAPHS.pattern, False, True)))
    return {question.name: _write(question, pattern) for question, pattern in asked}


def _place(pattern: str, has_default_graph: bool, has_named_graphs: bool) -> str:
    """The pattern in the graphs in which it can match."""
    if not has_named_graphs:
        return pattern
    named = f"GRAPH ?graph {{ {pattern} }}"
    return f"{{ {pattern} }} UNION {{ {named} }}" if has_default_graph else named


def _write(question: _Question, pattern: str) -> str:
    header = "".join(
        f"# {kind}@{language}: {text}\n"
        for kind, texts in (("title", question.titles), ("description", question.descriptions))
        for language, text in zip(("en", "ja"), texts, strict=True)
    )
    return f"{header}\n{question.start}\n  {pattern}\n{question.end}"
