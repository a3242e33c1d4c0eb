"""The pages about quality: issues and coverage, each as a picture, a table, and data to take along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from server.dataset import Dataset
from server.languages import get_language
from server.languages import gettext as _
from server.links import Link
from server.pages.categories import label_categories
from server.pages.charts import Bar, Chart, Part, draw_bars
from server.pages.doubts import find_doubts
from server.pages.examples import choose_examples
from server.pages.labels import Label, label_term, label_thing
from server.pages.quality_coverage import VALUES, CoverageList, Share, read_coverage
from server.pages.quality_figures import AGREEMENTS, ALL, COUNT, SHARES, Figure, list_agreements, list_current, read_figures
from server.pages.quality_filters import NO_LISTING, TODAY, Page, cut_page
from server.pages.quality_issues import GROUPS, IssueList, read_issues
from server.pages.quality_tables import describe_coverage, describe_issue, list_columns, write_rows
from server.pages.shape_reader import read_checks
from server.representations import HTML, PLAIN_JSON, TABLE, choose_offer

_ISSUES = 25  # on a page
_LISTINGS = 50
_COVERAGE = "coverage-by-category"  # the example query that counts what the charts show
_METRICS = (*SHARES, *AGREEMENTS, COUNT)
_OFFERS = (HTML, PLAIN_JSON, TABLE)
_STYLES = dict(zip(GROUPS, ("part-4", "part-5", "part-6", "part-2", "part-1", "part-3"), strict=True))  # what is broken is red


@dataclass(frozen=True)
class Figures:
    """What the pages are about; read and counted when somebody first asks."""

    dataset: Dataset

    @cached_property
    def issues(self) -> IssueList:
        return read_issues(self.dataset)

    @cached_property
    def coverage(self) -> CoverageList:
        return read_coverage(self.dataset, self.issues)

    @cached_property
    def measured(self) -> tuple[Figure, ...]:
        return read_figures(self.dataset)

    @cached_property
    def work(self) -> dict[str, int]:
        return _count_work(self.issues, self.coverage)

    @cached_property
    def shares(self) -> dict[str, list[Share]]:
        return {value: self.coverage.count_shares(value) for value in VALUES}


def make_quality_routes(dataset: Dataset) -> Blueprint:
    """The routes under `/quality`; of data that are not ours nothing is known of their quality."""
    routes = Blueprint("quality", __name__)
    figures = Figures(dataset)
    query = next((example.query for example in choose_examples(dataset, [_COVERAGE])), "")

    @routes.before_request
    def refuse_foreign_data() -> None:
        if dataset.release.is_foreign:
            raise NotFound("There are no pages about quality for these data: they are not a release of this site.")

    @routes.get("/quality")
    def show_quality() -> str:
        return _render_overview(figures, query)

    @routes.get("/quality/issues")
    def list_issues() -> Response:
        return _answer_issues(figures)

    @routes.get("/quality/coverage")
    def list_coverage() -> Response:
        return _answer_coverage(figures)

    return routes


def _render_overview(figures: Figures, query: str) -> str:
    return render_template(
        "quality.html",
        issues=figures.issues,
        counts=figures.issues.counts,
        editions=sorted(figures.dataset.editions, key=lambda e: e.number),
        chart=_draw_editions(figures.dataset, figures.issues),
        heat=measure_heat,
        shares=figures.shares,
        todo=figures.work,
        categories=label_categories(figures.dataset),
        checks=figures.dataset.keep(read_checks),
        current=list_current(figures.measured),
        agreements=list_agreements(figures.measured),
        metrics={name: label_term(figures.dataset, figures.dataset.term(f"jle:{name}")) for name in _METRICS},
        shares_measured=SHARES,
        agreements_measured=AGREEMENTS,
        measurements_query=ALL,
        query=query,
    )


def _answer_issues(figures: Figures) -> Response:
    dataset, issues = figures.dataset, figures.issues
    filters = issues.read_filters(request.args)

    def render(page: Page[Any], links: list[Link]) -> str:
        return render_template(
            "quality_issues.html",
            page=page,
            links=links,
            filters=filters,
            issues=issues,
            edition_options=_list_editions(dataset),
            category_options=[*_list_categories(dataset), (NO_LISTING, _("the document as a whole"))],
            group_options=[(name, label.choose(get_language())[0]) for name, label in issues.groups.items()],
            categories=label_categories(dataset),
            label=partial(_label_term, dataset),
            government=issues.governments.get(filters.get("government", "")),
        )

    return _answer(issues.select(filters), "issues", filters, describe_issue, issues.issues, _ISSUES, render)


def _answer_coverage(figures: Figures) -> Response:
    dataset, coverage = figures.dataset, figures.coverage
    filters = coverage.read_filters(request.args)

    def render(page: Page[Any], links: list[Link]) -> str:
        return render_template(
            "quality_coverage.html",
            page=page,
            links=links,
            filters=filters,
            categories=label_categories(dataset),
            edition_options=_list_editions(dataset),
            category_options=_list_categories(dataset),
            value_options=_list_values(),
            find_doubts=lambda listing, text: find_doubts(dataset, listing, text),
        )

    return _answer(coverage.select(filters), "listings", filters, describe_coverage, coverage.listings, _LISTINGS, render)


def _label_term(dataset: Dataset, term: Any) -> Label:
    return label_thing(dataset, term) if isinstance(term, NamedNode) else Label(str(term))


def _answer(
    found: Sequence[Any],
    name: str,
    filters: Mapping[str, str],
    describe: Callable[[Any], dict[str, Any]],
    everything: Sequence[Any],
    size: int,
    render: Callable[[Page[Any], list[Link]], str],
) -> Response:
    """A page of what was found for people, all of it for programs."""
    wanted = request.args.get("format", "")
    chosen = choose_offer(wanted, request.headers.get("Accept"), _OFFERS)
    if chosen == HTML:
        page = cut_page(found, request.args, size)
        body = render(page, _list_links(page, filters)).encode()
    else:
        body = write_rows([describe(item) for item in found], list_columns(describe, everything), name, filters, chosen)
    response = Response(body, content_type=chosen.content_type)
    if not wanted:
        response.vary.add("Accept")
    if chosen == TABLE:
        response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    return response


def _list_links(page: Page[Any], filters: Mapping[str, str]) -> list[Link]:
    """The other forms of the list, and the pages before and after this one."""
    links = [Link("alternate", _address({**filters, "format": o.name}), o.media_type, o.label) for o in (TABLE, PLAIN_JSON)]
    if page.number > 1:
        links.append(Link("prev", _address({**filters, "page": str(page.number - 1)})))
    if page.number < page.last:
        links.append(Link("next", _address({**filters, "page": str(page.number + 1)})))
    return links


def _address(filters: Mapping[str, str]) -> str:
    """The address of this list with other filters."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{request.script_root}{request.path}" + (f"?{query}" if query else "")


def _list_editions(dataset: Dataset) -> list[tuple[str, str]]:
    return [(TODAY, _("current today")), *((edition.number, edition.number) for edition in dataset.editions)]


def _list_categories(dataset: Dataset) -> list[tuple[str, str]]:
    return [(name, label.choose(get_language())[0]) for name, label in label_categories(dataset).items()]


def _list_values() -> list[tuple[str, str]]:
    return [("email", _("an e-mail address")), ("class", _("a link to Japanese classes")), ("url", _("a web address"))]


def measure_heat(number: int) -> int:
    """How strong the colour of a cell is: 1 for one issue, and one more each time that their number doubles, up to 5."""
    return min(number.bit_length(), 5)


def _draw_editions(dataset: Dataset, issues: IssueList) -> Chart:
    """A bar for each edition, made of the groups of its issues."""
    language, counts, bars = get_language(), issues.counts, []
    for edition in sorted(dataset.editions, key=lambda e: e.number):
        parts = tuple(
            Part(
                issues.groups[group].choose(language)[0],
                counts[group, edition.number],
                url_for("quality.list_issues", group=group, edition=edition.number),
                style,
            )
            for group, style in _STYLES.items()
        )
        address = url_for("quality.list_issues", edition=edition.number)
        bars.append(Bar(_("Edition %(number)s") % {"number": edition.number}, parts, address=address))
    return draw_bars(_("Issues of each edition"), bars)


def _count_work(issues: IssueList, coverage: CoverageList) -> dict[str, int]:
    """How much there is to mend in what is current, and how much help in all."""
    return {
        "damaged": len(issues.select({"edition": TODAY, "group": "DamagedValue"})),
        "suggested": len(issues.select({"has": "suggestion"})),
        "doubtful": len(issues.select({"edition": TODAY, "group": "DoubtfulValue"})),
        **{value: len(coverage.select({"edition": TODAY, "lacks": value})) for value in VALUES},
    }
