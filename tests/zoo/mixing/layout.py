"""From rows of data to a sheet as a clerk lays it out, with what must become of each of its lines."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from orgs.workbook import EXAMPLE_MARK
from tests.zoo.mixing.entries import Entry
from tests.zoo.mixing.files import Form, Page

PLACE = "org_name"
UNKNOWN = {"": ["籍贯", "家庭住址", "是否管理员", "政治生日", None], "seq": ["序号", "行号", "NO."]}
GROUP = "基本情况"
HIGHER_GROUP = "有关时间"
ABOVE = (["附件2"], ["（2026年11月）"], ["单位：人", None, None, "第1页"], ["密级：内部"])
BLANKS = ([], [], [" ", "\u3000"])
SIGNATURES = (["填表人：李四", None, None, "审核人：王五"], ["（盖章）"], ["制表人：", "李四"], ["以下空白"])
NOTES = ("以下为新转入人员，导入前请删除本行", "注：以下各行已经核对。", "填表说明：本表一式两份。")
# A block of rows of one organization, and how the sheet says whose they are.
PLACINGS = ("plain", "plain", "merged", "ditto", "headings", "title")


class Shape(NamedTuple):
    """What sheets of a kind of roster look like.

    `titles` {field: what its column may be called}; `groups` {field: (title of the group, title below it)};
    `numeric` fields whose column a row of sums adds up; `may_leave_place` whether the organization may stand in a title
    or a heading instead of a column; `names_itself` when that column names the row's own organization.
    """

    name: str
    titles: Mapping[str, Sequence[str]]
    groups: Mapping[str, tuple[str, str]] = {}
    numeric: frozenset[str] = frozenset()
    may_leave_place: bool = True
    names_itself: bool = False


class Outcome(NamedTuple):
    """What the report must say of a line. `record` None: the contract leaves open what of a bad row is kept."""

    status: str
    codes: tuple[str, ...] = ()
    record: Mapping[str, str] | None = None
    step: str = ""


SKIPPED = Outcome("skipped", (), {})


@dataclass
class Sheet:
    """A sheet while it is laid out: its page, what becomes of its rows, codes of the sheet as a whole."""

    page: Page
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    issues: list[str] = field(default_factory=list)
    # How many rows of data there are since the last row of sums.
    group: int = 0
    # The row above of the same list.
    above: Entry | None = None
    header: tuple[int, int] = (0, 0)
    # The rows of data.
    data: list[int] = field(default_factory=list)


def columns_of(shape: Shape, needed: Sequence[str], placing: str, chance: random.Random) -> list[str]:
    """The fields of a sheet in the order of its columns, `needed` ones always; '' and 'seq' are no fields."""
    found = [name for name in shape.titles if name in needed or chance.random() < 0.7]
    if placing in ("headings", "title"):
        found = [name for name in found if name != PLACE]
    if chance.random() < 0.3:
        chance.shuffle(found)
    if chance.random() < 0.4:
        found.append("")
    if chance.random() < 0.4:
        found.insert(0, "seq")
    return found


def laid_out(
    title: str, shape: Shape, columns: Sequence[str], entries: Sequence[Entry], placing: str, form: Form, chance
) -> Sheet:
    """The sheet of these rows."""
    sheet = Sheet(Page(title))
    _head(sheet, shape, columns, entries, placing, form, chance)
    _header(sheet, shape, columns, form, chance)
    for number, entry in enumerate(entries):
        if placing == "headings" and (number == 0 or entries[number - 1].record.get(PLACE) != entry.record[PLACE]):
            _heading(sheet, entry.record[PLACE], chance)
        elif number and chance.random() < 0.12:
            _interlude(sheet, shape, columns, form, chance)
        _row(sheet, shape, columns, entry, placing, form, chance)
    _foot(sheet, shape, columns, form, chance)
    if placing == "merged":
        _merge_places(sheet, columns, form)
    if chance.random() < 0.15:
        _shift(sheet.page)
    return sheet


def _shift(page: Page) -> None:
    """Leave the first column blank."""
    page.lines = [[None, *line] if line else line for line in page.lines]
    page.merges = [(top, left + 1, bottom, right + 1) for top, left, bottom, right in page.merges]


def _head(sheet: Sheet, shape: Shape, columns, entries, placing: str, form: Form, chance) -> None:
    if placing == "title":
        sheet.page.lines.append([f"{entries[0].record[PLACE]}{shape.name}"])
        sheet.issues.append("ORG_FUZZY")
    elif chance.random() < 0.5:
        sheet.page.lines.append([f"虚构街道{shape.name}"])
        if placing != "headings" and chance.random() < 0.5:
            sheet.page.lines.append(["填报单位：虚构街道党工委", None, None, "填表日期：2026年11月20日"])
        if chance.random() < 0.3:
            sheet.page.lines.append([])
    if chance.random() < 0.2:
        sheet.page.lines.insert(0, list(chance.choice(ABOVE)))
    if sheet.page.lines and form.has_merges and chance.random() < 0.6:
        sheet.page.merges.append((1, 1, 1, len(columns)))


def _header(sheet: Sheet, shape: Shape, columns: Sequence[str], form: Form, chance) -> None:
    """One, two or three rows of titles."""
    titles = [_wild(chance.choice((shape.titles | UNKNOWN)[name]), chance) for name in columns]
    first = len(sheet.page.lines) + 1
    groups = {place: shape.groups[name] for place, name in enumerate(columns) if name in shape.groups}
    style = chance.random()
    if style < 0.55 or not groups:
        sheet.page.lines.append(titles)
        sheet.header = first, first
        return
    together = sorted(groups) == list(range(min(groups), max(groups) + 1)) and len(groups) > 1
    deep = 3 if together and form.has_merges and style > 0.85 else 2
    lines = [[None] * len(columns) for _ in range(deep)]
    for place, title in enumerate(titles):
        if place in groups:
            lines[-2][place], lines[-1][place] = groups[place]
            continue
        lines[0][place] = title
        if form.has_merges and title:
            sheet.page.merges.append((first, place + 1, first + deep - 1, place + 1))
    if deep == 3:
        lines[0][min(groups)] = HIGHER_GROUP
        sheet.page.merges.append((first, min(groups) + 1, first, max(groups) + 1))
    sheet.page.lines.extend(lines)
    sheet.header = first, first + deep - 1


def _wild(title: str | None, chance: random.Random) -> str | None:
    """A title with what clerks and templates add to it."""
    if title is None:
        return None
    return chance.choice(
        [title] * 6
        + [f"*{title}", f"{title}（必填）", f"{title[0]} {title[1:]}", f"{title[:2]}\n{title[2:]}", f"{title}："]
    )


def _heading(sheet: Sheet, name: str, chance: random.Random) -> None:
    """A row that only names the organization of the rows below it."""
    sheet.page.lines.append([chance.choice([name, f"一、{name}（{chance.randrange(1, 30)}人）", f"（二）{name}"])])
    sheet.outcomes[len(sheet.page.lines)] = Outcome("skipped", ("ORG_FUZZY",), {})
    sheet.above = None


def _interlude(sheet: Sheet, shape: Shape, columns: Sequence[str], form: Form, chance) -> None:
    """A line between the rows that is none: blank (then it is no row at all), a sum, the header again, a note."""
    what = chance.choice(["blank", "blank", "sum", "header", "note", "example"])
    if what == "blank":
        sheet.page.lines.append(list(chance.choice(BLANKS)))
    elif what == "sum":
        _sum(sheet, shape, columns, "小计", sheet.group, chance)
    elif what == "header":
        first, last = sheet.header
        for line in sheet.page.lines[first - 1 : last]:
            sheet.page.lines.append(list(line))
            sheet.outcomes[len(sheet.page.lines)] = SKIPPED
        sheet.above = None
    elif what == "note":
        _note(sheet, columns, form, chance)
    else:
        sheet.page.lines.append([EXAMPLE_MARK, "张三"])
        sheet.outcomes[len(sheet.page.lines)] = SKIPPED


def _note(sheet: Sheet, columns: Sequence[str], form: Form, chance) -> None:
    sheet.page.lines.append([chance.choice(NOTES)])
    row = len(sheet.page.lines)
    sheet.outcomes[row] = SKIPPED
    if form.has_merges and chance.random() < 0.6:
        sheet.page.merges.append((row, 1, row, len(columns)))


def _sum(sheet: Sheet, shape: Shape, columns: Sequence[str], word: str, count: int, chance) -> None:
    """How many rows there are above; now and then it is wrong, and that is told."""
    wrong = chance.random() < 0.2
    line = [word, *([None] * (len(columns) - 1))]
    place = next(place for place, name in enumerate(columns) if place and name not in shape.numeric)
    line[place] = f"{count + wrong}人"
    sheet.page.lines.append(line)
    codes = ("SHEET_TITLE_MISMATCH",) if wrong else ()
    sheet.outcomes[len(sheet.page.lines)] = Outcome("skipped", codes, {})
    sheet.group, sheet.above = 0, None


def _row(sheet: Sheet, shape: Shape, columns: Sequence[str], entry: Entry, placing: str, form: Form, chance) -> None:
    """A row of data, 同上 where the row above says the same."""
    if placing == "ditto":
        _ditto(sheet, shape, columns, entry, chance)
    cells = {**entry.cells, "seq": _running(sheet, chance), "": chance.choice([None, "虚构省", "否"])}
    sheet.page.lines.append([cells.get(name) for name in columns])
    sheet.outcomes[len(sheet.page.lines)] = Outcome(
        entry.status, entry.codes, entry.record if entry.is_good else None, entry.step if entry.is_good else ""
    )
    sheet.data.append(len(sheet.page.lines))
    sheet.group, sheet.above = sheet.group + 1, entry
    if form.has_hidden and chance.random() < 0.05:
        sheet.page.hidden_rows.add(len(sheet.page.lines))


def _running(sheet: Sheet, chance: random.Random) -> object:
    return chance.choice([len(sheet.data) + 1, str(len(sheet.data) + 1), None])


def _ditto(sheet: Sheet, shape: Shape, columns: Sequence[str], entry: Entry, chance) -> None:
    """同上 for the organization, and for any cell that is as the one above it."""
    for name in columns:
        value = entry.cells.get(name)
        if value is None or name in entry.touched or name not in entry.cells:
            continue
        if sheet.above is None:
            if name == PLACE and not shape.names_itself and chance.random() < 0.05:
                entry.write(**{name: "同上"})
                entry.errors.add("DITTO")
                entry.touched.add(name)
        elif name not in sheet.above.touched and sheet.above.cells.get(name) in (value, "同上", "〃"):
            same = sheet.above.record.get(name) == entry.record.get(name)
            if same and chance.random() < (0.7 if name == PLACE else 0.2):
                entry.write(**{name: chance.choice(["同上", "〃"])})
                entry.told.add("DITTO")


def _foot(sheet: Sheet, shape: Shape, columns: Sequence[str], form: Form, chance) -> None:
    if chance.random() < 0.2:
        sheet.page.lines.append([])
    if chance.random() < 0.4:
        _sum(sheet, shape, columns, "合计", len(sheet.data), chance)
    if chance.random() < 0.3:
        _note(sheet, columns, form, chance)
    if chance.random() < 0.3:
        sheet.page.lines.append(list(chance.choice(SIGNATURES)))
        sheet.outcomes[len(sheet.page.lines)] = SKIPPED


def merged_places(entries: Sequence[Entry]) -> list[Entry]:
    """The rows in the order in which organizations can be merged down: those of one organization together."""
    return sorted(entries, key=lambda entry: entry.record.get(PLACE, ""))


def _merge_places(sheet: Sheet, columns: Sequence[str], form: Form) -> None:
    """Merge the organization's cell over rows that follow each other and say the same."""
    if not form.has_merges or PLACE not in columns:
        return
    column, lines = columns.index(PLACE), sheet.page.lines
    start = last = None
    for row in [*sheet.data, None]:
        value = lines[row - 1][column] if row else None
        if start and row == last + 1 and value is not None and value == lines[start - 1][column]:
            last = row
            continue
        if start and last > start:
            sheet.page.merges.append((start, column + 1, last, column + 1))
            for below in range(start + 1, last + 1):
                lines[below - 1][column] = None
                outcome = sheet.outcomes[below]
                codes = tuple(sorted({*outcome.codes, "MERGED_FILL"}))
                sheet.outcomes[below] = outcome._replace(codes=codes)
        start = last = row
        if value is None:
            start = None
