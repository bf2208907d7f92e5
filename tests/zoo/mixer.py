"""Rosters that nobody wrote down: a seed mixes people, traps, layouts and formats, and knows what must become of rows.

What a row must become follows from its trap alone, so that no two traps are put into one row.
"""

import datetime
import random
from dataclasses import dataclass, field

import xlwt

from orgs.workbook import EXAMPLE_MARK
from tests.workbooks import csv_bytes, drawn_xls, drawn_xlsx, id_number, spreadsheetml
from tests.zoo.people import FIRST, SECOND, SHEET, TITLES, but

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗欧阳"
GIVEN = ["明", "芳", "伟", "秀英", "䶮", "建国", "丽", "·艾力", "晓 东", "𬱖"]
BRANCH_TITLES = ["所在党支部", "所属党支部", "党支部名称", "编入党支部"]
OTHER_TITLES = [
    ["姓名", "姓 名", "*姓名"],
    ["性别", "姓别"],
    ["民族", "名族"],
    ["公民身份号码", "身份证号", "身份证号码（18位）"],
    ["人员类别", "党籍状态"],
    ["入党日期", "入党时间", "加入党组织日期"],
    ["转正日期", "转正时间"],
    ["联系电话", "手机号码"],
]
HEADS = [["虚构街道党员花名册"], ["填报单位：虚构街道", None, None, "填表日期：2026年11月"], []]
DAYS = ["{0:%Y-%m-%d}", "{0:%Y.%m.%d}", "{0:%Y}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0.year}/{0.month}/{0.day}"]
FORMATS = ["xlsx", "xlsx inline", "xls", "page", "xml", "csv", "gb18030", "utf-16", "tab"]


@dataclass
class Mixed:
    """A file and what must become of its rows: number → status; `numbers` the ID numbers that good rows bring."""

    data: bytes
    name: str
    statuses: dict[int, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)


def mixed(seed: int) -> Mixed:
    """The file of this seed."""
    chance = random.Random(seed)
    lines: list[list] = [list(line) for line in HEADS[: chance.randrange(4)]]
    lines.append([chance.choice(BRANCH_TITLES), *(chance.choice(titles) for titles in OTHER_TITLES)])
    header = len(lines)
    expected: dict[int, str] = {}
    numbers: set[str] = set()
    merges: list[tuple[int, int]] = []
    written: list[list] = []
    for order in range(chance.randrange(3, 30)):
        for _ in range(chance.random() < 0.15):
            _not_data(chance, lines, header, expected)
        person = _person(chance, seed, order)
        row, status = _trapped(chance, person, written, lines, header, merges)
        lines.append(row)
        expected[len(lines)] = status
        if status != "error":
            numbers.add(person[4])
            written.append(person)
    if chance.random() < 0.4:
        lines.append(["合计", None, f"{len(written)}人"])
        expected[len(lines)] = "skipped"
    kind = chance.choice(FORMATS)
    made, name = _written(kind, lines, merges, chance)
    return Mixed(made, name, expected, numbers)


def _person(chance: random.Random, seed: int, order: int) -> list:
    """Somebody with a number of their own, a full member or a probationary one."""
    born = datetime.date(1950, 1, 1) + datetime.timedelta(days=chance.randrange(50 * 365))
    number = id_number(birth=f"{born:%Y%m%d}", order=f"{(order * 31 + seed) % 1000:03d}")
    sex = "男" if int(number[16]) % 2 else "女"
    probationary = chance.random() < 0.2
    joined = datetime.date(2026, 1 + chance.randrange(6), 5) if probationary else datetime.date(2020, 7, 1)
    formal = None if probationary else datetime.date(2021, 7, 1)
    day = chance.choice(DAYS)
    name = chance.choice(SURNAMES) + chance.choice(GIVEN)
    return [
        chance.choice((FIRST, SECOND)),
        name,
        sex,
        chance.choice(["汉族", "汉", "维吾尔族"]),
        number,
        "预备党员" if probationary else chance.choice(["正式党员", "正式"]),
        day.format(joined),
        day.format(formal) if formal else None,
        f"154{chance.randrange(10**8):08d}",
    ]


def _not_data(chance: random.Random, lines: list, header: int, expected: dict[int, str]) -> None:
    """A line that is no data: blank (then it is no row at all), a sum, the header again, an example."""
    line = chance.choice([[], ["小计", None, "2人"], lines[header - 1], [EXAMPLE_MARK, "张三"]])
    lines.append(list(line))
    if line:
        expected[len(lines)] = "skipped"


def _trapped(chance, person, written, lines, header, merges) -> tuple[list, str]:
    """The person's row with at most one trap, and what becomes of it."""
    number, above = person[4], lines[-1] if len(lines) > header else None
    same_branch = above is not None and len(above) == len(TITLES) and above[0] in (FIRST, SECOND)
    trap = chance.choice(["", "", "", "", *GOOD_TRAPS, *WARNED, *BAD])
    if trap == "ditto" and same_branch:
        person[0] = above[0]
        return but(person, BRANCH="同上"), "ok"
    if trap == "merged" and same_branch:
        person[0] = above[0]
        merges.append((len(lines), len(lines) + 1))
        return but(person, BRANCH=None), "ok"
    if trap == "twice" and written:
        return list(chance.choice(written)), "error"
    if trap in GOOD_TRAPS and GOOD_TRAPS[trap]:
        return but(person, **GOOD_TRAPS[trap](person)), "ok"
    if trap in WARNED:
        if trap == "no formal day" and "正式" not in person[5]:
            return person, "ok"
        return but(person, **WARNED[trap](person)), "warning"
    if trap in BAD and BAD[trap]:
        wrong = BAD[trap](person)
        return but(person, **wrong), "error"
    assert number == person[4]
    return person, "ok"


WIDE = str.maketrans("0123456789X", "０１２３４５６７８９ｘ")
GOOD_TRAPS = {
    "ditto": None,
    "merged": None,
    "wide digits": lambda person: {"ID": person[4].translate(WIDE)},
    "spaces": lambda person: {"ID": f" {person[4][:6]} {person[4][6:]}\u00a0"},
    "small x": lambda person: {"ID": person[4].lower()},
    "no phone": lambda person: {"PHONE": "无"},
    "wide space": lambda person: {"NAME": f"{person[1][0]}\u3000{person[1][1:]}"},
}
WARNED = {
    "sex": lambda person: {"SEX": "男" if person[2] == "女" else "女"},
    "month": lambda person: {"JOINED": "2019年6月" if "正式" in person[5] else "2026年2月"},
    "no formal day": lambda person: {"FORMAL": None},
    "people": lambda person: {"ETHNICITY": "火星族"},
}
BAD = {
    "twice": None,
    "no branch": lambda person: {"BRANCH": "虚构社区第九党支部"},
    "no name": lambda person: {"NAME": None},
    "formula": lambda person: {"NAME": "=1+1"},
    "no number": lambda person: {"ID": None},
    "short number": lambda person: {"ID": person[4][:17]},
    "wrong digit": lambda person: {"ID": person[4][:17] + ("1" if person[4][17] != "1" else "2")},
    "old number": lambda person: {"ID": person[4][:6] + person[4][8:17]},
    "power of ten": lambda person: {"ID": "1.19901E+17"},
    "error": lambda person: {"NAME": "#REF!"},
    "no day": lambda person: {"JOINED": "2019-02-30"},
    "future": lambda person: {"JOINED": "2031-07-01", "FORMAL": None},
}


def _written(kind: str, lines: list[list], merges: list[tuple[int, int]], chance) -> tuple[bytes, str]:
    """The lines in one of the formats. Text has no merges: there the branch is repeated."""
    if kind.startswith("xlsx"):
        return _xlsx(lines, merges, inline="inline" in kind), "花名册.xlsx"
    if kind == "xls":
        return _xls(lines, merges), chance.choice(["花名册.xls", "花名册.et"])
    if kind == "page":
        return _page(lines, merges).encode(chance.choice(["utf-8", "gb18030"])), "花名册.xls"
    if kind == "xml":
        return _xml(lines, merges).encode(), "花名册.xls"
    for first, last in merges:
        lines[last - 1][0] = lines[first - 1][0]
    if kind == "tab":
        return csv_bytes(lines, "gb18030", "\t"), "花名册.xls"
    encoding = kind if kind != "csv" else chance.choice(["utf-8", "utf-8-sig"])
    return csv_bytes(lines, encoding), "花名册.csv"


def _blocks(merges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merges of two rows each that follow each other become one block."""
    blocks: list[tuple[int, int]] = []
    for first, last in merges:
        if blocks and blocks[-1][1] == first:
            blocks[-1] = blocks[-1][0], last
        else:
            blocks.append((first, last))
    return blocks


def _xlsx(lines, merges, inline: bool) -> bytes:
    def draw(book, sheet):
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell is not None:
                    sheet.write_string(number, column, cell)
        for first, last in _blocks(merges):
            sheet.merge_range(first - 1, 0, last - 1, 0, lines[first - 1][0])

    return drawn_xlsx(draw, strings_to_formulas=False, constant_memory=False, **({"use_zip64": True} if inline else {}))


def _xls(lines, merges) -> bytes:
    def draw(book, sheet):
        sheet.name = SHEET
        covered = {row for first, last in _blocks(merges) for row in range(first, last + 1)}
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell is not None and not (column == 0 and number + 1 in covered):
                    sheet.write(number, column, cell)
        for first, last in _blocks(merges):
            sheet.write_merge(first - 1, last - 1, 0, 0, lines[first - 1][0], xlwt.Style.default_style)

    return drawn_xls(draw)


def _escaped(cell: str) -> str:
    return cell.replace("&", "&amp;").replace("<", "&lt;").replace("\u00a0", "&#160;")


def _page(lines, merges) -> str:
    spans = {first: last - first + 1 for first, last in _blocks(merges)}
    covered = {row for first, last in _blocks(merges) for row in range(first + 1, last + 1)}
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = []
        for column, cell in enumerate(line):
            if column == 0 and number in covered:
                continue
            span = f" rowspan={spans[number]}" if column == 0 and number in spans else ""
            cells.append(f"<td{span}>{_escaped(cell or '')}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<html><table>{''.join(rows)}</table></html>"


def _xml(lines, merges) -> str:
    spans = {first: last - first for first, last in _blocks(merges)}
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = []
        for column, cell in enumerate(line):
            if cell is not None:
                span = f' ss:MergeDown="{spans[number]}"' if column == 0 and number in spans else ""
                data = f'<Data ss:Type="String">{_escaped(cell)}</Data>'
                cells.append(f'<Cell ss:Index="{column + 1}"{span}>{data}</Cell>')
        rows.append(f'<Row ss:Index="{number}">{"".join(cells)}</Row>')
    return spreadsheetml("".join(rows)).replace("名册", SHEET)
