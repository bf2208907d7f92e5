"""Columns with data whose title is no known word: what they may be, for the clerk to say."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from orgs.importing.roster import Roster
from orgs.importing.rows import UnsureColumn
from orgs.workbook import Header, Sheet, shown
from orgs.workbook.cells import Cell
from orgs.workbook.header import rows_below
from orgs.workbook.titles import is_about_others, is_running, title_key

PEEKED = 200  # rows
MOST_CELLS = 50  # filled ones of a column
MOST_COLUMNS = 100  # of a sheet, of which somebody can be asked
MOST_GUESSED = 1_000  # different ones of a file
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


class Guesser:
    """Guesses the columns of the sheets of one file as one roster; equal titles over equal cells are guessed once."""

    def __init__(self, roster: type[Roster], shapes: "Shapes"):
        self._shapes = shapes
        self._forms = {
            name: name if name in FORMS else "date" if DATE.match(column.sample) else ""
            for name, column in roster.fields.items()
        }
        self._titles = roster.synonyms()
        # {character: the known titles in which it stands}: most titles share none with most others.
        self._with: dict[str, set[str]] = defaultdict(set)
        for title in self._titles:
            for character in title:
                self._with[character].add(title)
        self._short = {title for title in self._titles if len(title) <= MOST_SLIPS}
        self._guessed: dict[tuple[str, str, frozenset[str]], str | None] = {}

    def columns(self, sheet: Sheet, header: Header, decided: Iterable[str] = ()) -> list[UnsureColumn]:
        """The unknown columns of a sheet that may be a field which no other column gives.

        `decided`: titles, as `title_key` writes them, of which a clerk has said what they are.
        """
        decided = frozenset(decided)
        cells = self._shapes.samples(sheet, header)
        candidates = {column: header.titles[column] for column in header.unknown}
        candidates |= {column: f"第{column}列" for column in cells.keys() - header.titles.keys()}
        taken = frozenset(header.columns)
        found = []
        for column, title in sorted(candidates.items())[:MOST_COLUMNS]:
            key = self._shapes.key(title)
            if not key or key in decided or not cells.get(column):
                continue
            guess = self.guess(key, self._shapes.shape(sheet, header, column), taken)
            if guess is None:
                continue
            if guess:
                taken |= {guess}
            samples = tuple(dict.fromkeys(shown(cell).strip()[:LONGEST_SAMPLE] for cell in cells[column]))[:SAMPLES]
            found.append(UnsureColumn(sheet.title, column, title, samples, guess))
        return found

    def guess(self, key: str, shape: str, taken: frozenset[str]) -> str | None:
        """The field that a column may be, '' for a date of which the title says nothing, None to leave it alone.

        `shape` is what its cells look like; `taken` are the fields of other columns. Of more than MOST_GUESSED
        different columns nothing is said: nobody would answer so many questions.
        """
        asked = key, shape, taken
        if asked not in self._guessed:
            if len(self._guessed) >= MOST_GUESSED:
                return None
            self._guessed[asked] = self._guess(*asked)
        return self._guessed[asked]

    def _guess(self, key: str, shape: str, taken: frozenset[str]) -> str | None:
        forms = {name: form for name, form in self._forms.items() if name not in taken}
        for name in self._near(key, shape, forms):
            if shape in ("", forms[name]) or (shape == "name" and not forms[name]):
                return name
        same = next((name for name, form in forms.items() if form == shape and shape in FORMS), None)
        if same is not None:
            return same
        return "" if shape == "date" and "date" in forms.values() and not key.endswith(DATE_WORDS) else None

    def _near(self, key: str, shape: str, forms: Mapping[str, str]) -> Iterator[str]:
        """The fields of the known titles that are nearly the same: a slip of the pen away, longer or shorter.

        Of titles of two characters (姓名, 学校) half of it proves nothing: what stands below has to agree.
        """
        alike = self._short.union(*(self._with[character] for character in set(key) & self._with.keys()))
        slips = {title: _slips(key, title) for title, name in self._titles.items() if title in alike and name in forms}
        for title, count in sorted(slips.items(), key=lambda pair: (pair[1], -len(pair[0]))):
            name = self._titles[title]
            agrees = bool(shape) and forms[name] == shape
            if count <= (MOST_SLIPS if len(title) >= 6 else 1) and (min(len(key), len(title)) > 2 or agrees):
                yield name
            elif title in key and (len(title) > 2 or agrees):
                yield name
            elif len(key) >= 2 and title.startswith(key) and agrees:
                yield name


class Shapes:
    """What the columns of one file look like; whatever roster asks, a title and the cells below it are looked at once.

    The sheets have to live as long as this does.
    """

    def __init__(self):
        self._samples: dict[tuple[int, int], dict[int, list[Cell]]] = {}
        self._shapes: dict[tuple[int, int, int], str] = {}
        self._keys: dict[str, str] = {}

    def key(self, title: str) -> str:
        """A title as titles are compared; '' for one that no field can have: it counts rows or is about others."""
        if title not in self._keys:
            key = title_key(title)
            self._keys[title] = "" if is_running(title) or is_about_others(key) else key
        return self._keys[title]

    def samples(self, sheet: Sheet, header: Header) -> dict[int, list[Cell]]:
        """{column: its first filled cells} of the first rows of data."""
        key = id(sheet), header.last
        if key not in self._samples:
            found = self._samples[key] = {}
            for row in islice(rows_below(sheet, header.last), PEEKED):
                for column, cell in enumerate(row.cells, start=1):
                    if cell is not None and len(found.setdefault(column, [])) < MOST_CELLS:
                        found[column].append(cell)
        return self._samples[key]

    def shape(self, sheet: Sheet, header: Header, column: int) -> str:
        """What a column's cells look like, as `_shape` says."""
        key = id(sheet), header.last, column
        if key not in self._shapes:
            self._shapes[key] = _shape(self.samples(sheet, header)[column])
        return self._shapes[key]


def _shape(cells: Sequence[Cell]) -> str:
    """What most cells of a column look like: a field of `FORMS`, date, or '' for nothing in particular."""
    texts = [shown(cell).strip() for cell in cells]
    for name, pattern in FORMS.items():
        if _are_mostly(texts, pattern.search):
            return name
    dates = zip(cells, texts, strict=True)
    return "date" if _are_mostly(dates, lambda pair: isinstance(pair[0], datetime.date) or DATE.match(pair[1])) else ""


def _are_mostly(things: Iterable, looks_so: Callable) -> bool:
    """Whether MOST of these look so; those behind too many that do not are not looked at."""
    things = list(things)
    others = 0
    for thing in things:
        others += not looks_so(thing)
        if len(things) - others < MOST * len(things):
            return False
    return True


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
