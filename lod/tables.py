"""The tables for people, written as CSV, CSV for spreadsheet programs, JSON Lines and Parquet, with CSVW metadata."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lod import csvw
from lod.dataset import Dataset
from lod.manifests import write_json
from lod.table_columns import BOOLEAN, DECIMAL, INTEGER, ISSUES, LINKS, LISTINGS, PLACES, Column
from lod.table_rows import Row, Value, read_tables

PART = "tables"
PARQUET = "application/vnd.apache.parquet"
_BYTE_ORDER_MARK = "\ufeff"
_PARQUET_TYPES = {INTEGER: pa.int64(), DECIMAL: pa.float64(), BOOLEAN: pa.bool_()}  # every other kind is text
# What a spreadsheet program takes for a formula (also in full width, as in Japan) or the sign of a text; for a number or date.
_FORMULA = re.compile(r"[=+\-@\t\r'＝＋－＠]")
_NUMBER = re.compile(r"(?:[\d\s.,:;/%+\-()¥$]*\d[\d\s.,:;/%+\-()¥$]*|\d+(?:\.\d+)?[eE][+\-]?\d+)", re.ASCII)


@dataclass(frozen=True)
class Table:
    """A table: what it is called, what a row of it is, its columns and its rows."""

    name: str
    titles: tuple[str, str]  # English, Japanese
    descriptions: tuple[str, str]
    columns: tuple[Column, ...]
    rows: Sequence[Row]


@dataclass(frozen=True)
class TableFile:
    """One table in one form; `rows` is None for what only describes one."""

    name: str
    form: str
    media_type: str
    content: bytes
    rows: int | None


_TABLES = (
    (
        "listings-current",
        ("Listings of today", "現行の掲載項目"),
        (
            "Each body in charge in the current edition of its list, one to a row.",
            "各一覧の現行版にある担当部署を、1行に一つずつ示します。",
        ),
        LISTINGS,
    ),
    (
        "listings",
        ("All listings of all editions", "すべての版の掲載項目"),
        ("Each body in charge in each edition, one to a row.", "すべての版の担当部署を、1行に一つずつ示します。"),
        LISTINGS,
    ),
    (
        "links",
        ("Links of all listings", "掲載項目のリンク"),
        (
            "Each web address of a body, and each link to Japanese classes, one to a row.",
            "担当部署のURLと日本語教室のリンクを、1行に一つずつ示します。",
        ),
        LINKS,
    ),
    (
        "issues",
        ("Irregularities of the documents", "文書の不規則な箇所"),
        (
            "What is missing, damaged or doubtful in the documents, one to a row; a suggestion is no fact.",
            "文書の欠落、破損、疑わしい箇所を、1行に一つずつ示します。推定値は事実ではありません。",
        ),
        ISSUES,
    ),
    (
        "places",
        ("Prefectures and municipalities", "都道府県と市区町村"),
        ("Every place of the reference table, one to a row.", "参照表のすべての地名を、1行に一つずつ示します。"),
        PLACES,
    ),
)


def make_tables(dataset: Dataset) -> list[Table]:
    """The tables of a data set, read from its graphs."""
    rows = read_tables(dataset)
    return [Table(name, titles, texts, columns, rows[name]) for name, titles, texts, columns in _TABLES]


def write_tables(dataset: Dataset) -> Iterator[TableFile]:
    """Every table in every form, and its metadata under the name where tools look for it."""
    for table in make_tables(dataset):
        rows = len(table.rows)
        for suffix, form, media_type, write in _FORMS:
            yield TableFile(f"{table.name}.{suffix}", form, media_type, write(table), rows)
        metadata = csvw.describe_table(
            table.name, table.titles, table.descriptions, table.columns, dataset.iris, dataset.vocabulary
        )
        content = write_json(metadata)
        yield TableFile(f"{table.name}.csv{csvw.SUFFIX}", "CSVW", csvw.MEDIA_TYPE, content, None)


def write_csv(table: Table) -> bytes:
    """CSV as RFC 4180 has it, in UTF-8; several values of a cell stand between the separators of the metadata."""
    return _write_rows(table, _write_cell)


def write_excel_csv(table: Table) -> bytes:
    """CSV that a spreadsheet program opens without harm: its letters are seen to be UTF-8, and what is text stays text.

    A text that such a program would take for a formula, number or date gets an apostrophe in front, which is what people type
    there for the same purpose; so does a text that begins with one. To get the text back, take away one leading apostrophe.
    """
    return _BYTE_ORDER_MARK.encode() + _write_rows(table, _write_safe_cell)


def write_json_lines(table: Table) -> bytes:
    """A JSON object for each row, with all columns; cells of several values are lists, those without a value null."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in _list_typed_rows(table)).encode()


def write_parquet(table: Table) -> bytes:
    """Parquet with texts, whole numbers, floating-point numbers, truth values and lists of these."""
    schema = pa.schema([pa.field(column.name, _find_parquet_type(column)) for column in table.columns])
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(_list_typed_rows(table)), schema=schema), buffer, compression="zstd")
    content: bytes = buffer.getvalue().to_pybytes()
    return content


_FORMS: tuple[tuple[str, str, str, Callable[[Table], bytes]], ...] = (
    ("csv", "CSV", "text/csv", write_csv),
    ("excel.csv", "CSV for spreadsheets", "text/csv", write_excel_csv),
    ("jsonl", "JSON Lines", "application/jsonl", write_json_lines),
    ("parquet", "Parquet", PARQUET, write_parquet),
)


def guard_text(text: str) -> str:
    """The text as a spreadsheet program takes it for a text."""
    return f"'{text}" if _FORMULA.match(text) or _NUMBER.fullmatch(text) else text


def _write_rows(table: Table, write_cell: Callable[[Column, Value], str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.name for column in table.columns)
    writer.writerows([write_cell(column, row.get(column.name)) for column in table.columns] for row in table.rows)
    return text.getvalue().encode()


def _write_cell(column: Column, value: Value) -> str:
    if isinstance(value, list):
        return column.separator.join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _write_safe_cell(column: Column, value: Value) -> str:
    text = _write_cell(column, value)
    is_one_number = column.kind == INTEGER and isinstance(value, list) and len(value) == 1
    return text if column.is_number or is_one_number else guard_text(text)


def _list_typed_rows(table: Table) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        yield {column.name: _type_value(column, row.get(column.name)) for column in table.columns}


def _type_value(column: Column, value: Value) -> object:
    if column.separator:
        return value or []
    return float(str(value)) if column.kind == DECIMAL and value is not None else value


def _find_parquet_type(column: Column) -> pa.DataType:
    kind = _PARQUET_TYPES.get(column.kind, pa.string())
    return pa.list_(kind) if column.separator else kind
