"""Column titles: how they are compared, which field one names, and words that are no titles at all."""

import functools
import re
import unicodedata
from collections.abc import Mapping

# White space, marks for required columns, and the invisible characters that copying from web pages leaves behind.
DROPPED = re.compile(r"[\s*※★●◆▲#\u200b-\u200f\u2060\ufeff\u00ad]+")
OPEN, CLOSE = r"(\[【〔〈<", r")\]】〕〉>"
NOTE_BEHIND = re.compile(rf"^(.+?)[{OPEN}][^{OPEN}{CLOSE}]*[{CLOSE}]$")
NOTE_BEFORE = re.compile(rf"^[{OPEN}][^{OPEN}{CLOSE}]*[{CLOSE}](.+)$")
NUMBERED = re.compile(r"^\d{1,2}[.、)]?(?=\D)(.+)$")
REMEMBERED = 5_000  # titles
LONGEST_KEY = 200  # characters of a title that are compared; no title is as long

NOTE_ONLY = re.compile(rf"^(?:[{OPEN}].*[{CLOSE}]|必填项?|选填项?|可不填|可选|文本(?:格式)?|下拉选择)$")

RUNNING = frozenset({"序号", "编号", "行号", "顺序号", "顺号", "no", "no.", "序"})
"""Titles of a column that only counts the rows; 编号 may be a code and is looked at."""

# A group of columns about somebody or something else: 「配偶/姓名」 is not the name of the row's person.
OTHERS = re.compile(
    r"介绍人|培养人|联系人|紧急|配偶|父亲|母亲|子女|家庭成员|家属|亲属|监护|担保|经办|审批|填表|申请人单位|原党|"
    r"曾用|上级|主管"
)

VALUE = re.compile(
    r"^(?:[\d\s./,:%+-]{2,}|\d+|\d{17}x|(?:19|20)\d\d[年.\-/].*|.*\d{6,}.*|[男女是否无√×]|(?!民族|名族)\S{1,5}族|"
    r"(?:大学)?(?:本科|专科|大专)|研究生|初中|高中|小学|中专)$"
)


def title_key(title: str) -> str:
    """A column title as it is compared: NFKC, without white space, line breaks, `*` and a closing colon.

    Of a text that is no title, only the beginning.
    """
    return _key(title if len(title) <= LONGEST_KEY else title[:LONGEST_KEY])


@functools.lru_cache(maxsize=4096)
def _key(title: str) -> str:
    return DROPPED.sub("", unicodedata.normalize("NFKC", title)).rstrip(":").casefold()


class Synonyms(dict[str, str]):
    """{title key: field}; remembers what was looked up, for the sheets of a file have much the same titles.

    `unknown` are those of them that name no field, `headers` rows of titles that were worked out
    (orgs.workbook.header). Lives as long as its file is read.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.found: dict[str, str | None] = {}
        self.unknown: set[str] = set()
        self.headers: dict[tuple, tuple] = {}


def find_field(title: str, synonyms: Mapping[str, str]) -> str | None:
    """The field of a column title; numbers before it and notes in brackets are ignored when nothing fits with them.

    '' when `synonyms` says that the column is to be left out.
    """
    if not isinstance(synonyms, Synonyms):
        return _field(title, synonyms)
    if title not in synonyms.found:
        if len(synonyms.found) >= REMEMBERED:
            return _field(title, synonyms)
        synonyms.found[title] = _field(title, synonyms)
        if synonyms.found[title] is None:
            synonyms.unknown.add(title)
    return synonyms.found[title]


def _field(title: str, synonyms: Mapping[str, str]) -> str | None:
    key = title_key(title)
    while key:
        if key in synonyms:
            return synonyms[key]
        shorter = NOTE_BEHIND.match(key) or NOTE_BEFORE.match(key) or NUMBERED.match(key)
        if shorter is None:
            return None
        key = shorter[1]
    return None


RUNNING_TITLES = dict.fromkeys(RUNNING, "seq")
RUNNING_PARTS = ("号", "序", "no")
"""One of these stands in each of them."""


def is_running(title: str) -> bool:
    """Whether a title says that its column only counts the rows."""
    key = title_key(title)
    return any(part in key for part in RUNNING_PARTS) and find_field(key, RUNNING_TITLES) is not None


@functools.lru_cache(maxsize=4096)
def is_value(text: str) -> bool:
    """Whether a text is rather what stands under a title than a title: a number, a date, 男, 汉族 …"""
    return VALUE.match(title_key(text)) is not None


def is_about_others(text: str) -> bool:
    """Whether a title, or the title of a group, speaks of somebody or something else than the row's own."""
    return OTHERS.search(text) is not None


def is_note(text: str) -> bool:
    """Whether a text is only a note to a title: 「(18位)」, 「必填」."""
    return NOTE_ONLY.match(title_key(text)) is not None
