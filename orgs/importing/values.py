"""Texts, names, numbers and phones: from the cell to the value that is stored."""

import re
import unicodedata

from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, Problem, broken, folded, text_of
from orgs.importing.codes import Code
from orgs.workbook.cells import Cell

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])")
DOT_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s*[·•・‧∙⋅˙●▪᛫。.]\s*(?=[{HAN}])")
TWO_NAMES = re.compile(rf"^[{HAN}]{{2,}}\s*[\r\n]+\s*[{HAN}]{{2,}}$")
# Words of other columns, when cells have slipped sideways.
NO_PERSON = re.compile(r"(?:支部|总支|党委|工委|委员会|街道|社区|党员|群众|书记|委员|汉族|本科|专科|高中|初中)$")
LOST = re.compile(r"[?？□■�〓]")  # what programs put in place of a character that they do not have
NAME = re.compile(rf"^(?:[{HAN}]+(?:·[{HAN}]+)*|[A-Za-z][A-Za-z·.' -]*)$")
PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
LONGEST_NAME = 50
DANGEROUS = ("=", "+", "-", "@")

# Rare characters of names that GB18030-2000 (and so Python) maps to the private area; GB18030-2005 gave them places.
RARE = str.maketrans(
    "\ue816\ue817\ue818\ue81e\ue826\ue82b\ue82c\ue831\ue832\ue83b\ue843\ue854\ue855\ue863\ue864",
    "\U00020087\U00020089\U000200cc\u9fb4\u9fb5\u9fb6\u9fb7\U000215d7\u9fb8\U0002298f\u9fb9\u9fba"
    "\U000241fe\u4dae\u9fbb",
)

NUMBER = re.compile(
    r"^(?:第|每届|任期)?([0-9]+|[〇零一二两三四五六七八九十百]+)(?:\.0+)?(?:年|人|名|个|届)?(?:一届)?(?:[（(][^（）()]*[)）])?$"
)
HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

MOBILE = re.compile(r"1[0-9]{10}")
LABEL = re.compile(r"^(?:联系电话|手机号码?|电话|手机|tel|phone)\s*[:：]?\s*", re.IGNORECASE)
PHONE = re.compile(
    r"(?:(?:\+|00)?86-?)?(?:1\d{10}|1\d{2}-\d{4}-\d{4}|(?:[（(]0\d{2,3}[)）]|0\d{2,3}-?)?\d{7,8}(?:(?:转|-|ext\.?)\d{1,6})?)"
    r"|(?:400|800)-?\d{3}-?\d{4}|\d{3,6}",
    re.IGNORECASE,
)
BETWEEN_PHONES = re.compile(r"\s*[/、,，;；|\r\n]+\s*|(?<=\d{7})\s+(?=[\d+(（])")
AFTER_AREA = re.compile(r"^(0\d{2,3})\s+(?=\d{7,8}\b)")
# Its own sentence, for the usual one would repeat the number.
NO_PHONE = "电话号码不完整或含有其他内容，该项未导入。请填写11位手机号，或区号加电话号码，几个号码用顿号隔开。"
SPACES = re.compile(r"[^\S\r\n]+")
NOTE = re.compile(r"(?<=\d)[（(][^（）()\d]*[)）]$|(?<=\d)\.0$")


def clean_text(cell: Cell) -> Cleaned:
    """A free text without outer or doubled spaces; blank words (无, —, 暂无 …) are None."""
    if cell is None:
        return BLANK
    if fault := broken(cell):
        return fault
    text = " ".join(text_of(cell).split())
    return BLANK if text in BLANK_WORDS else Cleaned(text)


def clean_words(cell: Cell) -> Cleaned:
    """A name of an organization or a code: as `clean_text`, without the spaces that stand between Han characters."""
    cleaned = clean_text(cell)
    if cleaned.value and " " in cleaned.value:
        return Cleaned(SPACE_BETWEEN_HAN.sub("", cleaned.value), cleaned.problems)
    return cleaned


def clean_name(cell: Cell) -> Cleaned:
    """A person's name: 「张 三」 is 张三, every kind of middle dot is `·`. Codes NAME_EMPTY, NAME_INVALID."""
    if cell is None:
        return Cleaned(None, (Problem(Code.NAME_EMPTY),))
    if fault := broken(cell):
        return fault
    if not isinstance(cell, str):
        reason = "含有数字" if isinstance(cell, int | float) and not isinstance(cell, bool) else "不是文字"
        return Cleaned(None, (Problem(Code.NAME_INVALID, {"reason": reason}),))
    if PLAIN_NAME.fullmatch(cell) and cell not in BLANK_WORDS and not NO_PERSON.search(cell):
        return Cleaned(cell)  # nearly all, at a fifth of the time
    raw, name = cell, folded(cell)
    if TWO_NAMES.match(name):
        return Cleaned(None, (Problem(Code.NAME_INVALID, {"reason": "分成了两行，像是两个姓名"}),))
    if NAME.match(name) is None or "." in name:
        name = DOT_BETWEEN_HAN.sub("·", SPACE_BETWEEN_HAN.sub("", " ".join(name.translate(RARE).split())))
    if name in BLANK_WORDS:
        return Cleaned(None, (Problem(Code.NAME_EMPTY),))
    if reason := _why_no_name(name, raw):
        return Cleaned(None, (Problem(Code.NAME_INVALID, {"reason": reason}),))
    return Cleaned(name)


def _why_no_name(name: str, raw: str) -> str:
    """What keeps a text from being a person's name; '' for a name. `raw` is the cell before cleaning."""
    if raw[:1] in ("\t", "\r", "\n") or name.startswith(DANGEROUS):
        return "开头有表格软件会当作公式的字符"
    if LOST.search(name):
        return "有字没有显示出来，请改用能显示该字的文件重新填写"
    if any(character.isdigit() for character in name):
        return "含有数字"
    if any(unicodedata.category(character) == "Co" for character in name):
        return "含有无法通用的自造字"
    if len(name) > LONGEST_NAME:
        return f"超过{LONGEST_NAME}个字"
    if len(name) == 1:
        return "只有一个字"
    if NO_PERSON.search(name):
        return "不像人名，可能填错了列"
    if not NAME.match(name):
        return "含有姓名中不应有的符号"
    return ""


def clean_integer(cell: Cell, *, code: Code = Code.ENUM_UNKNOWN, least: int = 0, most: int = 1_000_000) -> Cleaned:
    """A whole number between `least` and `most`; 「3年」「第三届」「12人」 are understood, else the problem `code`."""
    if cell is None:
        return BLANK
    if fault := broken(cell):
        return fault
    text = text_of(cell)
    if text in BLANK_WORDS:
        return BLANK
    number = NUMBER.match("".join(text.split())) if not isinstance(cell, bool) else None
    value = whole_number(number[1]) if number else None
    if value is None or not least <= value <= most:
        return Cleaned(None, (Problem(code, {"choices": f"{least}至{most}之间的整数"}),))
    return Cleaned(value)


def whole_number(digits: str) -> int | None:
    """The number that Arabic or Han digits below a thousand say (12, 十二, 二十, 一百零三); None when they say none."""
    if digits.isascii():
        return int(digits) if len(digits) <= 9 else None
    hundreds, has_hundred, rest = digits.rpartition("百")
    tens, has_ten, ones = rest.rpartition("十")
    total = 0
    for part, sign, weight in ((hundreds, has_hundred, 100), (tens, has_ten, 10), (ones, "", 1)):
        part = part.lstrip("零〇") if part not in ("零", "〇") or sign else part
        if sign and not part:
            total += weight
        elif part:
            if len(part) > 1 or part not in HAN_DIGITS:
                return None
            total += HAN_DIGITS[part] * weight
    return total


def clean_phone(cell: Cell) -> Cleaned:
    """A phone number without spaces, `+86-` and extensions kept as written; several as one text, 「、」 between them.

    ENUM_UNKNOWN for what is no number, or one that a number cell has shortened (1.54E+10).
    """
    if cell is None:
        return BLANK
    if fault := broken(cell):
        return fault
    if isinstance(cell, str) and MOBILE.fullmatch(cell):
        return Cleaned(cell)
    text = LABEL.sub("", SPACES.sub(" ", text_of(cell)))
    if text in BLANK_WORDS:
        return BLANK
    parts = [NOTE.sub("", part.strip()) for part in BETWEEN_PHONES.split(text) if part.strip()]
    numbers = ["".join(AFTER_AREA.sub(r"\1-", part).split()) for part in parts]
    if isinstance(cell, bool) or not numbers or not all(PHONE.fullmatch(number) for number in numbers):
        return Cleaned(None, (Problem(Code.ENUM_UNKNOWN, {"message": NO_PHONE}),))
    return Cleaned("、".join(numbers))
