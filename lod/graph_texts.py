"""What each named graph is called and what it holds, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class GraphTexts:
    """Title and description of a graph."""

    title_en: str
    title_ja: str
    description_en: str
    description_ja: str


# By the name of the graph, or by what stands before the number of the edition; those of the reference table are in the seeds.
_TEXTS: Mapping[str, GraphTexts] = {
    "edition": GraphTexts(
        "Facts of edition {number}",
        "版{number}の内容",
        "What edition {number} states, after normalisation that loses nothing.",
        "版{number}に記載された内容です。情報を失わない正規化だけを行っています。",
    ),
    "source": GraphTexts(
        "Lines of edition {number}",
        "版{number}の原文の行",
        "Every line of the document of edition {number}, verbatim.",
        "版{number}の原文書のすべての行を、原文のまま収めています。",
    ),
    "quality": GraphTexts(
        "Irregularities of the documents",
        "原文書の不規則な記載",
        "One annotation for each irregularity, with the verbatim text and, where there is evidence, a suggestion.",
        "不規則な記載一つにつき一つの注釈です。原文と、根拠がある場合は修正案を示しています。",
    ),
    "ontology": GraphTexts(
        "Vocabulary",
        "語彙",
        "The terms of the data, own and reused ones, explained in both languages.",
        "本データが用いる独自の用語と他の語彙の用語を、二言語で説明しています。",
    ),
    "catalog": GraphTexts(
        "Catalogue",
        "カタログ",
        "The data sets, their order, origin and rights: what does not depend on the files of a release.",
        "データセットとその順序、由来、権利の記述です。公開版のファイルによらない部分を収めています。",
    ),
    "release": GraphTexts(
        "What the release states of itself",
        "公開版自身についての記述",
        "Files with sizes and checksums, counts of every other graph, and the build. It does not count itself.",
        "ファイルの大きさとハッシュ値、ほかの各グラフの件数、生成の記録です。このグラフ自身は数えていません。",
    ),
}


def find_texts(name: str) -> GraphTexts | None:
    """The texts of the graph with that name; None for one that is not known here."""
    family, _, number = name.partition("/")
    texts = _TEXTS.get(family)
    if texts is None:
        return None
    return GraphTexts(
        texts.title_en.format(number=number),
        texts.title_ja.format(number=number),
        texts.description_en.format(number=number),
        texts.description_ja.format(number=number),
    )
