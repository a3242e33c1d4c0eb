"""The pages of the named graphs, and the list of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from test_pages import Outline

from server.dataset import Dataset
from server.pages.graph_pages import read_graph

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def dataset(client: FlaskClient) -> Dataset:
    found: Dataset = client.application.extensions["endpoint"].dataset
    return found


def list_graphs(dataset: Dataset) -> list[NamedNode]:
    return [g for g in dataset.store.named_graphs() if isinstance(g, NamedNode)]


def test_every_graph_is_listed_and_has_a_page_in_both_languages(client: FlaskClient, dataset: Dataset) -> None:
    listed = Outline()
    listed.feed(client.get("/graph/", headers=HTML).text)
    paths = {f"/{dataset.iris.strip_base(g.value)}" for g in list_graphs(dataset)}
    assert {a for a in listed.addresses if a.startswith("/graph/") and a != "/graph/"} == paths
    for path in paths:
        titles = set()
        for language in ("en", "ja"):
            page = Outline()
            text = client.get(path, headers={**HTML, "Accept-Language": language}).text
            page.feed(text)
            assert (page.mistakes, page.open) == ([], [])
            titles.add(re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)[1])  # type: ignore[index]
        assert len(titles) == 2


def test_a_graph_is_counted_and_shows_true_statements(dataset: Dataset) -> None:
    for iri in list_graphs(dataset):
        graph = read_graph(dataset, iri)
        quads = set(dataset.quads(graph=iri))
        assert graph.statements == len(quads)
        assert graph.things == len({q.subject for q in quads})
        assert graph.sample
        assert {s.triple for s in graph.sample} <= {q.triple for q in quads}
        counted = Counter(q.object for q in quads if q.predicate == dataset.term("rdf:type"))
        ordered = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
        assert [(kind, number) for kind, _, number in graph.kinds] == ordered[:12]


def test_the_list_is_found_without_its_slash(client: FlaskClient) -> None:
    response = client.get("/graph")
    assert (response.status_code, response.headers["Location"]) == (308, "/graph/")
