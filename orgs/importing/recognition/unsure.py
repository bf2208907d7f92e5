"""Columns with data whose title is no known word: what they may be, for the clerk to say."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from orgs.importing.roster import Roster
from orgs.importing.rows import UnsureColumn
from orgs.workbook import Header, Sheet, shown
from orgs.workbook.cells import Cell
from orgs.workbook.header import rows_below
from orgs.workbook.titles import is_about_others, is_running, title_key

PEEKED = 200  # rows
MOST_COLUMNS = 100  # of which somebody can be asked
SAMPLES = 5
LONGEST_SAMPLE = 40
MOST_SLIPS = 2
MOST = 0.8  # of the cells have to look like it

ID_NUMBER = re.compile(r"^\d{17}[\dXx]$|^\d{15}$|^\d{6}\*{8}\d{3}[\dXx]$")
PHONE = re.compile(r"^1[3-9]\d{9}$|^154\d{8}$")
DATE = re.compile(r"^(?:19|20)\d\d(?:[年.\-/]\d{1,2}(?:[月.\-/]\d{0,2}日?)?|\d{4}|\d{2})$")
PLACE = re.compile(r"(?:支部|总支|总支部|党委|工委)(?:委员会)?$|委员会$")
SEX = re.compile(r"^[男女](?:性)?$")
NAME = re.compile(
    r"^[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    r"鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋庞熊纪舒"
    r"屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁宣邓郁单杭洪包诸左石"
    r"崔吉龚程邢裴陆荣翁荀甄曲封储靳段焦巴牧车侯宓全班仰秋仲伊宫宁仇栾刘景詹束龙叶司黎白怀蒲卓蔺屠蒙池乔闻党翟谭劳申冉桂牛尚温庄"
    r"晏柴阎慕连习艾向古易廖耿匡文寇广欧沃利师巩聂关肖][\u3400-\u9fff·]{1,3}$"
)
DATE_WORDS = ("日期", "时间", "年月")
FORMS = {"id_number": ID_NUMBER, "phone": PHONE, "sex": SEX, "org_name": PLACE, "name": NAME}
"""Fields whose cells have a form of their own."""


def unsure_columns(
    sheet: Sheet, header: Header, roster: type[Roster], decided: Iterable[str] = ()
) -> list[UnsureColumn]:
    """The unknown columns of a sheet that may be a field which no other column gives.

    `decided`: titles, as `title_key` writes them, of which a clerk has said what they are.
    """
    decided = frozenset(decided)
    cells = _samples(sheet, header)
    candidates = {column: header.titles[column] for column in header.unknown}
    candidates |= {column: f"第{column}列" for column in cells.keys() - header.titles.keys()}
    taken = frozenset(header.columns)
    found = []
    for column, title in sorted(candidates.items())[:MOST_COLUMNS]:
        key = title_key(title)
        if key in decided or is_running(title) or is_about_others(key) or not cells.get(column):
            continue
        guess = _guess(key, _shape(cells[column]), roster, taken)
        if guess is None:
            continue
        if guess:
            taken |= {guess}
        samples = tuple(dict.fromkeys(shown(cell).strip()[:LONGEST_SAMPLE] for cell in cells[column]))[:SAMPLES]
        found.append(UnsureColumn(sheet.title, column, title, samples, guess))
    return found


def _samples(sheet: Sheet, header: Header) -> dict[int, list[Cell]]:
    """{column: its filled cells} of the first rows of data."""
    found: dict[int, list[Cell]] = {}
    for row in islice(rows_below(sheet, header.last), PEEKED):
        for column, cell in enumerate(row.cells, start=1):
            if cell is not None:
                found.setdefault(column, []).append(cell)
    return found


@lru_cache(maxsize=5_000)
def _guess(key: str, shape: str, roster: type[Roster], taken: frozenset[str]) -> str | None:
    """The field that a column may be, '' for a date of which the title says nothing, None to leave the column alone.

    `shape` is what its cells look like, as `_shape` says; `taken` are the fields of other columns. Remembered, for a
    file with a sheet for each branch has the same columns in each.
    """
    free = {name: column for name, column in roster.fields.items() if name not in taken}
    synonyms = {title: name for title, name in roster.synonyms().items() if name in free}
    shapes = {name: name if name in FORMS else "date" if DATE.match(free[name].sample) else "" for name in free}
    for name in _near(key, shape, synonyms, shapes):
        if shape in ("", shapes[name]) or (shape == "name" and not shapes[name]):
            return name
    same = next((name for name, its in shapes.items() if its == shape and shape in FORMS), None)
    if same is not None:
        return same
    return "" if shape == "date" and "date" in shapes.values() and not key.endswith(DATE_WORDS) else None


def _near(key: str, shape: str, synonyms: Mapping[str, str], shapes: Mapping[str, str]) -> Iterator[str]:
    """The fields of the known titles that are nearly the same: a slip of the pen away, longer or shorter.

    Of titles of two characters (姓名, 学校) half of it proves nothing: what stands below has to agree.
    """
    for title, name in sorted(synonyms.items(), key=lambda pair: (_slips(key, pair[0]), -len(pair[0]))):
        slips = _slips(key, title)
        agrees = bool(shape) and shapes[name] == shape
        if slips <= (MOST_SLIPS if len(title) >= 6 else 1) and (min(len(key), len(title)) > 2 or agrees):
            yield name
        elif title in key and (len(title) > 2 or agrees):
            yield name
        elif len(key) >= 2 and title.startswith(key) and agrees:
            yield name


def _shape(cells: Sequence[Cell]) -> str:
    """What most cells of a column look like: a field of `FORMS`, date, or '' for nothing in particular."""
    texts = [shown(cell).strip() for cell in cells]
    for name, pattern in FORMS.items():
        if sum(pattern.search(text) is not None for text in texts) >= MOST * len(texts):
            return name
    dates = sum(
        isinstance(cell, datetime.date) or DATE.match(text) is not None for cell, text in zip(cells, texts, strict=True)
    )
    return "date" if dates >= MOST * len(texts) else ""


@lru_cache(maxsize=4096)
def _slips(one: str, other: str) -> int:
    """How many characters have to be changed, added or dropped to make one text the other.

    Of texts whose lengths differ by more than that matters: by how much they differ, which is exact where one text is
    part of the other.
    """
    if abs(len(one) - len(other)) > MOST_SLIPS:
        return abs(len(one) - len(other))
    row = list(range(len(other) + 1))
    for place, character in enumerate(one, start=1):
        before, row[0] = row[0], place
        for at, letter in enumerate(other, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (character != letter))
    return row[-1]
