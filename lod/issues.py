"""The irregularities found while reading: what each kind of issue says about the text it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

COLUMN_ORDER = ("line", "header", "prefecture", "place", "department", "url", "email", "class")


@dataclass(frozen=True)
class IssueEvidence:
    """A source line that supports a suggestion or a doubt."""

    document: str
    line: int


@dataclass(frozen=True)
class Suggested:
    """A value that probably was meant, with the lines that support it."""

    value: str
    evidence: tuple[IssueEvidence, ...]


@dataclass(frozen=True)
class Issue:
    """One irregularity: its kind, the lines and column it is in, the text verbatim, and what may be said about it.

    `listing` is the first line of the listing it is about, None for the edition as a whole.
    """

    edition: str
    kind: str
    lines: tuple[int, ...]
    column: str
    verbatim: str
    comment_en: str
    comment_ja: str
    listing: int | None = None
    suggestions: tuple[Suggested, ...] = ()
    evidence: tuple[IssueEvidence, ...] = ()


def make_issue(
    edition: str,
    kind: str,
    lines: Iterable[int],
    column: str,
    verbatim: str,
    detail: str = "",
    *,
    listing: int | None = None,
    suggestions: Iterable[Suggested] = (),
) -> Issue:
    """An issue of a kind that a general rule finds; `detail` fills the place left for it in the kind's sentence."""
    en, ja = SENTENCES[kind]
    return Issue(
        edition,
        kind,
        tuple(lines),
        column,
        verbatim,
        en.format(detail=detail),
        ja.format(detail=detail),
        listing,
        tuple(suggestions),
    )


class IssueLog:
    """Collects the issues of one edition."""

    def __init__(self, edition: str, issues: list[Issue]) -> None:
        self.edition = edition
        self.issues = issues

    def add(self, issue: Issue) -> None:
        self.issues.append(issue)

    def note(self, listing: int, kind: str, line: int | Sequence[int], column: str, verbatim: str, detail: str = "") -> None:
        """Adds an issue that a general rule finds in the listing that starts at that line."""
        lines = [line] if isinstance(line, int) else line
        self.add(make_issue(self.edition, kind, lines, column, verbatim, detail, listing=listing))


def sort_issues(issues: Iterable[Issue]) -> list[Issue]:
    """The issues in the order of their document: by line, then column, then kind."""
    return sorted(issues, key=lambda i: (i.edition, i.lines[0], COLUMN_ORDER.index(i.column), i.kind, i.verbatim))


# What a general rule says of each kind; curated kinds bring their own sentences.
SENTENCES: dict[str, tuple[str, str]] = {
    "ColumnsLost": (
        "The text lost its columns: the URL, e-mail and class cells are gone, so what they held is not known.",
        "列の区切りが失われ、URL・電子メール・日本語教室の欄の内容が残っていません。",
    ),
    "RecordOverSeveralLines": (
        "The listing runs over {detail} lines, which were joined.",
        "1件の記載が{detail}行にわたるため、結合しました。",
    ),
    "RepeatedHeader": ("The header of the table is printed again.", "表の見出し行が繰り返されています。"),
    "PageBreakInTable": ("Blank lines interrupt the table.", "空行によって表が途切れています。"),
    "ContinuationRow": ("The row continues the listing above.", "この行は上の記載の続きです。"),
    "ClassLinkRow": (
        "The row holds nothing but class links, which belong to the listing above.",
        "日本語教室のリンクだけの行で、上の記載に属します。",
    ),
    "NonBreakingSpace": ("The line contains no-break spaces.", "改行なし空白が含まれています。"),
    "PrefectureMissing": (
        "The prefecture is not stated; the reference table gives {detail}.",
        "都道府県の記載がありません。参照表によれば{detail}です。",
    ),
    "PrefectureDiffers": (
        "The prefecture stated or implied by the cell above is not the one of the reference table, {detail}.",
        "記載された（または上の欄から読まれる）都道府県が参照表の{detail}と異なります。",
    ),
    "PrefectureMisspelt": ("The prefecture {detail} is misspelt.", "都道府県名{detail}の綴りが誤っています。"),
    "PlaceNameVariant": (
        "The place is written otherwise than its name, {detail}.",
        "地名が{detail}とは異なる表記で書かれています。",
    ),
    "NumberedValues": ("The values in the cell are numbered.", "欄内の値に番号が付いています。"),
    "BulletedValues": ("The values in the cell are set off by bullets.", "欄内の値が中黒などの記号で区切られています。"),
    "LabelledValues": ("The values in the cell carry labels.", "欄内の値にラベルが付いています。"),
    "ParenthesisedValue": ("A second value stands in parentheses.", "2番目の値が括弧内に書かれています。"),
    "PairedByPosition": (
        "Several values without markers; as many as bodies in charge, so each went to the body in its position.",
        "記号のない複数の値があり、担当部署と同数のため順番どおりに対応させました。",
    ),
    "UnmarkedValues": ("Several values without markers.", "記号のない複数の値があります。"),
    "NotPaired": (
        "The values cannot be told apart by body in charge; they belong to the listing as a whole.",
        "どの担当部署の値か判別できないため、記載全体の値としました。",
    ),
    "StrayMarker": ("A marker that marks nothing.", "何も示していない記号があります。"),
    "LinkLabel": ("A label in parentheses follows the link.", "リンクの後に括弧書きのラベルがあります。"),
    "NoteInName": ("A note stands where the name of the department is.", "部署名の欄に注記が含まれています。"),
    "JapaneseName": ("The name is in Japanese script.", "名称が日本語で書かれています。"),
    "RomanisedName": ("The name is romanised Japanese.", "名称がローマ字の日本語で書かれています。"),
    "HtmlEntity": ("The cell contains HTML entities, which were decoded once.", "欄内のHTML実体参照を1回復号しました。"),
    "HtmlMarkup": ("The cell contains markup that is not read.", "欄内に読み取られないマークアップがあります。"),
    "AnchorTextDiffers": (
        "The text of the link is not its target; the target was taken.",
        "リンクの文字列とリンク先が異なるため、リンク先を採用しました。",
    ),
    "TranslationGateway": ("The link goes through a translation gateway.", "翻訳サービスを経由するリンクです。"),
    "EmailNotation": (
        "The e-mail is written with another sign than the rest of the document.",
        "電子メールの@の書き方が文書内の他の記載と異なります。",
    ),
    "LostLinkLabel": ("The label of a link that was lost with its column.", "列とともに失われたリンクのラベルです。"),
    "RepeatedValue": ("The same class link stands twice in the listing.", "同じ日本語教室のリンクが重複しています。"),
    "EmailTruncated": ("The e-mail is cut off, so it is not published.", "電子メールが途中で切れているため公開しません。"),
    "UrlTruncated": ("The URL is cut off, so it is not published.", "URLが途中で切れているため公開しません。"),
    "EmailWithBlank": ("The e-mail has a blank in it, so it is not published.", "電子メールに空白が含まれるため公開しません。"),
    "UrlInEmailColumn": (
        "A URL stands in the e-mail column, so it is not published.",
        "電子メールの欄にURLがあるため公開しません。",
    ),
    "EmailInUrlColumn": (
        "An e-mail stands in the URL column, so it is not published.",
        "URLの欄に電子メールがあるため公開しません。",
    ),
    "UnreadableValue": ("Text in the cell that no rule reads.", "どの規則でも読み取れない文字列があります。"),
    "BodyOfAnotherPlace": (
        "The name of the body bears the name of another place, {detail}.",
        "担当部署の名称に別の地名（{detail}）が含まれています。",
    ),
}
