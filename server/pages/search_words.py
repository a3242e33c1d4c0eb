"""What the words of offices are in the other language, so that a question in Japanese finds a body whose name is English."""

from __future__ import annotations

from collections.abc import Iterable

from server.pages.search_text import fold_text

# The documents name most bodies in English alone. These words help to find them, and are shown nowhere as their names.
ENGLISH = {
    "教育委員会": "board education",
    "教育": "education",
    "学校": "school",
    "生涯学習": "lifelong learning",
    "社会教育": "social education",
    "指導": "teaching",
    "日本語": "japanese",
    "国際": "international",
    "交流": "exchange",
    "協力": "cooperation",
    "協働": "collaboration",
    "多文化": "multicultural|intercultural",
    "共生": "coexistence|symbiosis|cohesion|inclusive",
    "外国人": "foreign|foreigners",
    "市民": "citizens|citizen|civic",
    "県民": "prefectural",
    "住民": "residents",
    "生活": "life",
    "人権": "human rights",
    "男女共同参画": "gender equality",
    "企画": "planning",
    "政策": "policy",
    "総務": "general affairs",
    "観光": "tourism|tourist",
    "文化": "culture|cultural",
    "スポーツ": "sports",
    "経済": "economic|economy|economics",
    "産業": "industry",
    "地域": "community|regional",
    "まちづくり": "community",
    "都市": "city",
    "秘書": "secretary",
    "広報": "public relations",
    "相談": "consultation",
    "支援": "support",
    "推進": "promotion",
    "協会": "association",
    "財団": "foundation",
    "協議会": "council",
    "センター": "center|centre",
    "公民館": "public hall",
    "委員会": "board|committee",
    "県庁": "prefectural government",
    "市役所": "city hall",
}
_WITHOUT_MEANING = "局部課室係県府都市区町村"  # 課 is called division, section or department: it tells nothing
_LONGEST = 12  # characters of a name of a place or of a word of offices


class Lexicon:
    """What Japanese texts, which have no blanks, are cut by: the words above, and the names of places; all are folded."""

    def __init__(self, places: Iterable[str]) -> None:
        self._places = frozenset(places)
        self._english = {fold_text(word): english for word, english in ENGLISH.items()}
        self._english |= dict.fromkeys(_WITHOUT_MEANING, "")

    def split(self, text: str) -> list[str]:
        """The parts of a text, each as long as can be; what is not known stays together."""
        parts: list[str] = []
        unknown = ""
        position = 0
        while position < len(text):
            ends = range(min(len(text), position + _LONGEST), position, -1)
            found = next((text[position:end] for end in ends if self._knows(text[position:end], position)), "")
            if found:
                parts += [unknown, found] if unknown else [found]
                unknown = ""
            else:
                unknown += text[position]
            position += len(found) or 1
        return [*parts, unknown] if unknown else parts

    def translate(self, part: str) -> list[str] | None:
        """English words that may stand for a part; none where it has no meaning of its own, None where it is not known."""
        english = self._english.get(part)
        return None if english is None else english.split("|") if english else []

    def _knows(self, text: str, position: int) -> bool:
        is_place = text in self._places and (len(text) > 1 or position == 0)  # 津 and 光 are cities, but seldom meant
        return is_place or text in self._english
