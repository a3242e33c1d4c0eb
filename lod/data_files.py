"""Files that hold RDF in any of the usual formats: which format, and how they get into a store."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from pyoxigraph import QuadParser, RdfFormat, Store, parse

from lod.codings import GZIP as _GZIP
from lod.errors import DataError
from lod.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format

FORMATS = {f".{f.suffix}": f for f in (TURTLE, TRIG, N_TRIPLES, N_QUADS, RDF_XML, JSON_LD)}
_ALIASES = {".json": JSON_LD, ".owl": RDF_XML, ".xml": RDF_XML}
GZIP = f".{_GZIP.suffix}"
_REMOTE_CONTEXT = "No LoadDocumentCallback"


@dataclass(frozen=True)
class DataFile:
    """A file, its format and whether it is compressed."""

    path: Path
    format: Format
    is_compressed: bool

    @property
    def engine_format(self) -> RdfFormat:
        found = RdfFormat.from_media_type(self.format.media_type)
        assert found is not None  # all of FORMATS are the engine's
        return found

    @property
    def suffix(self) -> str:
        """The suffix by which the format is known everywhere: `.rdf` also for a file named `.owl`."""
        return f".{self.format.suffix}{GZIP if self.is_compressed else ''}"

    @property
    def stem(self) -> str:
        """The name of the file without what its suffixes say."""
        return Path(self.path.name.removesuffix(GZIP) if self.is_compressed else self.path.name).stem


def recognize_file(path: Path) -> DataFile:
    """The file with the format that its suffix names; raises DataError for a suffix that names none, and where no file is."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    is_compressed = suffixes[-1:] == [GZIP]
    suffix = "".join(suffixes[:-1][-1:] if is_compressed else suffixes[-1:])
    form = FORMATS.get(suffix) or _ALIASES.get(suffix)
    if form is None:
        known = ", ".join([*FORMATS, *_ALIASES])
        raise DataError(f"{path}  its suffix names no RDF format: rename it to end in one of {known}, with or without {GZIP}")
    if not path.is_file():
        raise DataError(f"{path}  is no file")
    return DataFile(path, form, is_compressed)


def load_file(store: Store, file: DataFile, base: str) -> None:
    """Puts what a file states into the store, its blank nodes apart from those of other files; raises DataError."""
    with _explain(file):
        if file.is_compressed:
            with _open(file) as stream:
                store.bulk_load(input=stream, format=file.engine_format, base_iri=base)
        else:
            store.bulk_load(path=file.path, format=file.engine_format, base_iri=base)


@contextmanager
def read_statements(file: DataFile, base: str) -> Iterator[QuadParser]:
    """The statements of a file one after the other; raises DataError, also while they are read."""
    with _explain(file), _open(file) as stream:
        yield parse(input=stream, format=file.engine_format, base_iri=base)


def _open(file: DataFile) -> BinaryIO:
    return gzip.open(file.path, "rb") if file.is_compressed else file.path.open("rb")  # type: ignore[return-value]


@contextmanager
def _explain(file: DataFile) -> Iterator[None]:
    """Turns what goes wrong while a file is read into a DataError that says where."""
    try:
        yield
    except SyntaxError as error:
        raise DataError(_describe_mistake(file, error)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{file.path}  is no whole gzip file: {error}") from None
    except OSError as error:
        raise DataError(f"{file.path}  cannot be read: {error.strerror or error}") from None


def _describe_mistake(file: DataFile, error: SyntaxError) -> str:
    what, line, column = error.msg, error.lineno, error.offset
    if _REMOTE_CONTEXT in what:
        return (
            f"{file.path}  names a JSON-LD context on another host, and this program asks no other host: "
            "write the context into the file, or convert it to N-Quads"
        )
    if what.startswith("Parser error at"):  # which says the place again
        what = what.partition(": ")[2]
    if line is None and file.format == RDF_XML:
        line, column = _find_malformed_xml(file)
    place = f"{file.path}:{line}:{column}" if line else str(file.path)
    return f"{place}  {what}"


def _find_malformed_xml(file: DataFile) -> tuple[int | None, int | None]:
    """Line and column where the file stops being XML; the engine's own XML parser does not say them."""
    parser = expat.ParserCreate()
    try:
        with _open(file) as stream:
            parser.ParseFile(stream)
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1
    return None, None
