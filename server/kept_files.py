"""The files of every kept release under their lasting addresses: what is there never changes, and may be kept for ever."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from werkzeug.exceptions import Gone, NotFound

from lod.codings import CODINGS
from lod.kept_releases import list_history
from lod.release import CHECKSUMS, Release, compute_sha256, read_checksums
from server.dataset import Dataset
from server.files import FileResponse, send_negotiated
from server.representations import DATASETS, GRAPHS

_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {
    **{r.suffix: r.media_type for r in (*GRAPHS, *DATASETS)},
    "json": "application/json",
    "txt": "text/plain",
    "rq": "application/sparql-query",
    "csv": "text/csv",
    "html": "text/html",
    **{coding.suffix: coding.media_type for coding in CODINGS},
}


def list_served_history(dataset: Dataset) -> list[Release]:
    """The release that is served and those before it, the newest first, also pruned ones; none of data that are not ours.

    A release that became current since then is told of when it is served: so all that is told is of one moment.
    """
    return [] if dataset.release.is_foreign else list_history(dataset.release)


def find_kept(dataset: Dataset, release_id: str) -> Release:
    """One of them that is kept; raises Gone for one that was pruned, and NotFound."""
    found = next((release for release in list_served_history(dataset) if release.id == release_id), None)
    if found is None:
        raise NotFound("There is no release of that name here: /releases/ lists those that are kept.")
    if found.is_pruned:
        raise Gone(f"Release {found.id} of {found.published:%Y-%m-%d} was removed: /releases/ lists those that are kept.")
    return found


def send_file(release: Release, name: str) -> FileResponse:
    """A file that the release lists, also coded as Accept-Encoding asks; raises NotFound, and Gone where it has vanished."""
    digests = read_checksums(release.path)
    if name != CHECKSUMS and (name not in digests or ".." in PurePosixPath(name).parts):
        raise NotFound(f"There is no such file in release {release.id}: /releases/{release.id}/ lists all.")
    try:
        if name not in digests:  # the checksums themselves
            digests[name] = compute_sha256(release.path / name)
        response = send_negotiated(release.path, name, find_content_type(release, name), digests)
        if not Path(response.path).is_file():
            raise FileNotFoundError(name)
    except OSError:
        raise Gone(f"The files of release {release.id} have been removed: /releases/ lists those that are kept.") from None
    response.headers["Cache-Control"] = _FOR_EVER
    return response


def find_content_type(release: Release, name: str) -> str:
    """The media type that the manifest states, else that of the suffix; texts are UTF-8."""
    stated = release.manifest.get("files", {}).get(name, {}).get("media_type")
    coded = next((c.media_type for c in CODINGS if name.endswith(f".{c.suffix}")), None)
    suffix = "txt" if name == CHECKSUMS else name.rpartition(".")[2]
    media_type = coded or stated or _TYPES.get(suffix, "application/octet-stream")
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
