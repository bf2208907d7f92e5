"""Sort keys: the order in which an official expects Chinese names, as plain ASCII text."""

import re
from functools import cache, lru_cache
from importlib import import_module

# Read otherwise as a surname than as a word.
SURNAMES = {
    "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "朴": "piao", "单": "shan", "区": "ou", "盖": "ge",
    "任": "ren", "华": "hua", "尉": "wei", "翟": "zhai", "缪": "miao", "员": "yun", "黑": "he", "覃": "qin",
    "召": "shao", "洗": "xian", "逄": "pang", "乐": "yue", "秘": "bi", "种": "chong", "折": "she", "万俟": "moqi",
    "尉迟": "yuchi", "长孙": "zhangsun", "澹台": "tantai",
}  # fmt: skip
DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = re.compile(r"[0-9]+|(?<=第)[〇零一二三四五六七八九十百千]+")
LENGTH = 200
NUMBER_WIDTH = 6
# Names of so many characters are mostly no words of the dictionary: read character by character they take a tenth.
SHORT = 4


def number_of(text: str) -> int:
    """The value of a Chinese or Arabic numeral up to thousands: 「二十三」 → 23."""
    if text.isdecimal():
        return int(text)
    if not any(character in UNITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """The sort key of an organization's or unit's name; numbers sort by value: 第二支部 before 第十支部."""
    padded = NUMBER.sub(lambda match: f" {number_of(match.group()):0{NUMBER_WIDTH}d} ", name)
    return _ascii(padded)


@lru_cache(maxsize=4096)
def person_sort_key(name: str) -> str:
    """The sort key of a person's name, whose first characters are read as a surname."""
    for surname in (name[:2], name[:1]):
        if surname in SURNAMES:
            return f"{SURNAMES[surname]} {_ascii(name[len(surname) :])}".strip()[:LENGTH]
    return _ascii(name)


def _ascii(text: str) -> str:
    if len(text) <= SHORT and text.isalpha() and not text.isascii() and not _holds_phrase(text):
        return " ".join(filter(None, map(_character, text)))[:LENGTH]
    return _read(text)[:LENGTH]


@lru_cache(maxsize=20_000)
def _character(character: str) -> str:
    """One character as it is read by itself."""
    return _read(character)


def _read(text: str) -> str:
    """A text as it is read, word by word."""
    words = " ".join(_pypinyin().lazy_pinyin(text, style=_pypinyin().Style.NORMAL, errors="default"))
    return re.sub(r"[^a-z0-9]+", " ", words.lower()).strip()


@cache
def _pypinyin():
    """The library, loaded by whoever needs it first: its dictionary takes 55 MB, and few processes write names."""
    return import_module("pypinyin")


def _holds_phrase(text: str) -> bool:
    """Whether some characters that follow each other are a word of the dictionary: they may be read otherwise then."""
    length, phrases = len(text), _pypinyin().constants.PHRASES_DICT
    return any(text[start:end] in phrases for start in range(length - 1) for end in range(start + 2, length + 1))
