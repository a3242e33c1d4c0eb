"""Compiled templates are kept where that can be done, and what changed is compiled anew."""

from __future__ import annotations

from pathlib import Path

from jinja2 import DictLoader, Environment

from server.template_cache import TemplateCache


def render(source: str, cache: TemplateCache) -> str:
    return Environment(loader=DictLoader({"page": source}), bytecode_cache=cache, autoescape=True).get_template("page").render()


def test_a_template_is_kept_and_compiled_anew_when_it_changes(tmp_path: Path) -> None:
    cache = TemplateCache(tmp_path / "made" / "templates")
    assert render("first", cache) == "first"
    kept = list((tmp_path / "made" / "templates").iterdir())
    assert len(kept) == 1
    assert render("first", cache) == "first"
    assert render("second", cache) == "second"


def test_where_nothing_can_be_written_pages_are_made_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert render("page", TemplateCache(tmp_path / "file" / "templates")) == "page"
