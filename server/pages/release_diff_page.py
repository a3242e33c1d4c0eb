"""The page of what changed between two releases, as between editions: who joined, left and changed, with both values."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, Gone

from lod.diff import compare_releases
from lod.diff_directory import DirectoryDiff, compare_directories
from lod.diff_report import write_json
from lod.errors import ReleaseError
from lod.rdf_patch import MEDIA_TYPE, SUFFIX, write_patch
from lod.release import Release, open_release
from server.dataset import Dataset
from server.kept_files import find_kept, list_served_history
from server.languages import gettext as _
from server.links import Link
from server.pages.labels import Label
from server.pages.release_words import describe_diff, label_kinds
from server.representations import HTML, PLAIN_JSON, Representation

PATCH = Representation("patch", "RDF Patch", MEDIA_TYPE, SUFFIX)
OFFERS = (HTML, PLAIN_JSON, PATCH)
_SHOWN = 60  # things of one kind and change that the page names; the JSON has all


def answer_diff(dataset: Dataset, before_id: str, after_id: str, chosen: Representation) -> Response:
    """What turns one kept release into another, as a page, JSON or RDF Patch; NotFound or Gone where one is not there."""
    before, after = find_kept(dataset, before_id), find_kept(dataset, after_id)
    if before.id == after.id:
        raise BadRequest(_("Choose two different releases: both are %(release)s.") % {"release": before.id})
    directory = read_directory_diff(before, after)
    if chosen == PATCH:
        response = Response(write_patch(directory.diff), content_type=MEDIA_TYPE)
        name = f"{before.id}-{after.id}.{SUFFIX}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    if chosen == PLAIN_JSON:
        return Response(write_json(directory), content_type=PLAIN_JSON.content_type)
    return Response(render_diff(dataset, directory), content_type=HTML.content_type)


def read_directory_diff(before: Release, after: Release) -> DirectoryDiff:
    """The diff of two releases; raises Gone where one of them has been removed meanwhile."""
    try:
        return _compare(before.path, after.path)
    except ReleaseError:
        raise Gone(_("The files of one of these releases are not there any more.")) from None


@lru_cache(maxsize=2)  # what has a page is asked for as JSON and as a patch too
def _compare(before: Path, after: Path) -> DirectoryDiff:
    return compare_directories(compare_releases(open_release(before), open_release(after)))


def render_diff(dataset: Dataset, directory: DirectoryDiff) -> str:
    """The page itself."""
    diff, served = directory.diff, list_served_history(dataset)
    places = {release.id: place for place, release in enumerate(served)}
    path = f"releases/{diff.before.id}/diff/{diff.after.id}"
    others = [offer for offer in OFFERS if offer != HTML]
    things = [
        (kind, change, [e for e in diff.entities if e.kind == kind and e.change == change])
        for kind in diff.counts
        for change in ("added", "removed", "changed")
    ]
    return render_template(
        "release_diff.html",
        directory=directory,
        diff=diff,
        before=diff.before,
        after=diff.after,
        is_backward=places[diff.before.id] < places[diff.after.id],
        sentences=describe_diff(directory),
        kinds=label_kinds(),
        things=[(kind, change, found[:_SHOWN], len(found)) for kind, change, found in things if found],
        label=lambda iri: label_entity(directory, iri),
        node=NamedNode,
        releases=[release for release in served if not release.is_pruned],
        links=[
            Link("canonical", dataset.iris.base + path),
            *(Link("alternate", f"{request.script_root}/{path}.{o.suffix}", o.media_type, o.label) for o in others),
        ],
    )


def label_entity(directory: DirectoryDiff, iri: str) -> Label:
    """What a thing is called by either release; where it has no name its path under the base IRI."""
    english, japanese = directory.describe(iri), directory.describe(iri, "ja")
    path = directory.diff.after.iris.strip_base(iri) or iri
    return Label(english or path, "en", japanese if japanese != english else "")
