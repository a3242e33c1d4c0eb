"""What turns the statements of one release into another's, as RDF Patch (https://afs.github.io/rdf-patch/, read by Jena)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, serialize

from lod.diff import ReleaseDiff

MEDIA_TYPE, SUFFIX = "application/rdf-patch", "rdfpatch"


def write_patch(diff: ReleaseDiff) -> bytes:
    """One transaction that turns all quads of the earlier `all.nq` into those of the later, and no others.

    Deletions come first; both in the order of the dumps. The identifier follows from the two releases, so the same two
    give the same bytes; whose releases they are stands in headers of our own, which readers pass over.
    """
    name = f"{diff.before.iris.release(diff.before.id).value} {diff.after.iris.release(diff.after.id).value}"
    lines = [
        f"H id <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}> .",
        f"H from <{diff.before.iris.release(diff.before.id).value}> .",
        f"H to <{diff.after.iris.release(diff.after.id).value}> .",
        "TX .",
        *_write_rows("D", diff.removed),
        *_write_rows("A", diff.added),
        "TC .",
    ]
    return ("\n".join(lines) + "\n").encode()


def _write_rows(operation: str, quads: Iterable[Quad]) -> Iterator[str]:
    """Each row is a line of N-Quads after the code of the operation."""
    content = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return (f"{operation} {line}" for line in content.decode().split("\n") if line)
