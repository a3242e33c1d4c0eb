"""The pages about quality: issues, coverage and the validation report, each as a picture, a table, and data to take along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from server.charts import Bar, Chart, Part, draw_bars
from server.dataset import Dataset
from server.labels import Label, label_thing
from server.languages import get_language
from server.languages import gettext as _
from server.links import Link
from server.quality_coverage import FILTERS as COVERAGE_FILTERS
from server.quality_coverage import STATES, VALUES, CoverageList, read_coverage
from server.quality_filters import NO_LISTING, TODAY, Page, cut_page, label_categories
from server.quality_issues import GROUPS, HAVING, IssueList, read_issues
from server.quality_report import REPORT, read_report
from server.quality_tables import JSON, describe_coverage, describe_issue, list_columns, write_rows
from server.representations import HTML, TABLE, choose_offer

_ISSUES = 25  # on a page
_LISTINGS = 50
_OFFERS = (HTML, JSON, TABLE)


def make_quality_routes(dataset: Dataset) -> Blueprint:
    """The routes under `/quality`; of data that are not ours nothing is known of their quality."""
    routes = Blueprint("quality", __name__)
    report = None if dataset.release.is_foreign else read_report(dataset.release)

    @cache
    def get_issues() -> IssueList:
        return read_issues(dataset)

    @cache
    def get_coverage() -> CoverageList:
        return read_coverage(dataset, get_issues())

    @routes.before_request
    def refuse_foreign_data() -> None:
        if dataset.release.is_foreign:
            raise NotFound("There are no pages about quality for these data: they are not a release of this site.")

    @routes.get("/quality")
    def show_quality() -> str:
        issues, coverage = get_issues(), get_coverage()
        counts = issues.count_by_kind()
        return render_template(
            "quality.html",
            issues=issues,
            counts=counts,
            editions=sorted(dataset.editions, key=lambda e: e.number),
            chart=_draw_editions(dataset, issues),
            kinds={g: [k for k in issues.kinds.values() if k.group == g] for g in GROUPS},
            sums={k: sum(counts[k, e.number] for e in dataset.editions) for k in issues.kinds},
            shares={value: coverage.count_shares(value) for value in VALUES},
            todo=_count_work(issues, coverage),
            categories=label_categories(dataset),
            report=report,
        )

    @routes.get("/quality/issues")
    def list_issues() -> Response:
        issues = get_issues()
        filters = issues.read_filters(request.args)
        found = issues.select(filters)
        return _answer(
            found,
            "issues",
            filters,
            describe_issue,
            issues.issues,
            _ISSUES,
            lambda page, links: render_template(
                "quality_issues.html",
                page=page,
                links=links,
                filters=filters,
                issues=issues,
                having=HAVING,
                editions=dataset.editions,
                categories=label_categories(dataset),
                address=_address,
                no_listing=NO_LISTING,
                today=TODAY,
            ),
        )

    @routes.get("/quality/coverage")
    def list_coverage() -> Response:
        coverage = get_coverage()
        filters = coverage.read_filters(request.args)
        found = coverage.select(filters)
        return _answer(
            found,
            "listings",
            filters,
            describe_coverage,
            coverage.listings,
            _LISTINGS,
            lambda page, links: render_template(
                "quality_coverage.html",
                page=page,
                links=links,
                filters=filters,
                states=STATES,
                values=VALUES,
                names=COVERAGE_FILTERS,
                editions=dataset.editions,
                categories=label_categories(dataset),
                address=_address,
                today=TODAY,
            ),
        )

    @routes.get("/quality/report")
    def show_report() -> str:
        if report is None:
            raise NotFound("This release has no validation report: build it again with `lod build`.")
        return render_template("quality_report.html", report=report, name=REPORT, label=_label_focus)

    def _label_focus(term: Any) -> Label:
        return label_thing(dataset, term) if isinstance(term, NamedNode) else Label(str(term))

    return routes


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
    links = [Link("alternate", _address({**filters, "format": o.name}), o.media_type, o.label) for o in (TABLE, JSON)]
    if page.number > 1:
        links.append(Link("prev", _address({**filters, "page": str(page.number - 1)})))
    if page.number < page.last:
        links.append(Link("next", _address({**filters, "page": str(page.number + 1)})))
    return links


def _address(filters: Mapping[str, str]) -> str:
    """The address of this list with other filters."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{request.script_root}{request.path}" + (f"?{query}" if query else "")


def _draw_editions(dataset: Dataset, issues: IssueList) -> Chart:
    """A bar for each edition, made of the groups of its issues."""
    language = get_language()
    bars = []
    for edition in dataset.editions:
        counts = {g: len(issues.select({"edition": edition.number, "group": g})) for g in GROUPS}
        parts = tuple(
            Part(
                issues.groups[group].choose(language)[0],
                number,
                url_for("quality.list_issues", group=group, edition=edition.number),
                f"part-{place}",
            )
            for place, (group, number) in enumerate(counts.items(), 1)
        )
        address = url_for("quality.list_issues", edition=edition.number)
        bars.append(Bar(_("Edition %(number)s") % {"number": edition.number}, parts, address=address))
    return draw_bars(_("Issues of each edition"), bars)


def _count_work(issues: IssueList, coverage: CoverageList) -> dict[str, int]:
    """How much there is to mend in what is current."""
    return {
        "damaged": len(issues.select({"edition": TODAY, "group": "DamagedValue"})),
        "suggested": len(issues.select({"edition": TODAY, "group": "DamagedValue", "has": "suggestion"})),
        "doubtful": len(issues.select({"edition": TODAY, "group": "DoubtfulValue"})),
        **{value: len(coverage.select({"edition": TODAY, "lacks": value})) for value in VALUES},
        "listings": len(coverage.select({"edition": TODAY})),
    }
