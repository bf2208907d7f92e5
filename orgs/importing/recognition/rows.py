"""The rows below a header, one after the other: each is data, or skipped with the reason.

Works on any iterator of rows; what the rows above mean for the next one is carried along.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from orgs.enums import Severity
from orgs.importing.codes import Code
from orgs.importing.recognition import notes
from orgs.importing.recognition.fill import Filler, Merges
from orgs.importing.recognition.placing import LONGEST_HEADING, PLACES, may_name, named_by
from orgs.importing.recognition.samples import Samples
from orgs.importing.recognition.sheets import RosterRejected
from orgs.importing.recognition.sums import Sums
from orgs.importing.recognition.tables import HEADER, MOST_TABLES, Ahead, further_part, why_read
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, SheetPart
from orgs.workbook import Sheet, is_example, shown
from orgs.workbook.cells import Cell
from orgs.workbook.header import DEEPEST, rows_below
from orgs.workbook.titles import Synonyms, find_field, is_value, title_key

LEAST_FIELDS = 2
# As many known titles in other columns than those of the header are the header of another table.
LEAST_TITLES = 3
LONGEST_NAME = 10
ID_LENGTH = 18
# So many rows may be no data, and two more for each row of data: headings, sums, repeated headers of small groups.
MOST_SKIPPED, SKIPPED_PER_ROW = 5_000, 2
# A heading with its number before and the people counted behind it.
LONGEST_LINE = 3
BESIDE = re.compile(r"^[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.]?$|^[(]?(?:共|计|合计)?\d{1,4}(?:名|人)(?:党员)?[)]?$")
# No ID number ends so, however wrong, and no row of data has several such cells: a table of something else begins.
LIKE_TITLE = re.compile(r"(?:日期|时间|名称|姓名|编码|类别|类型|人数|书记|电话|地址|备注|单位|职务|任期)$")


def rows_of(sheet: Sheet, part: SheetPart, roster: Roster, named: str = "") -> Iterator[RosterRow]:
    """All rows below the header of a sheet, in order, not yet cleaned.

    `named` is the organization that the sheet names outside its rows; it becomes the row's `org_name`. A sheet that is
    read piece by piece may be asked again. RosterRejected when hardly any row is data.
    """
    merges = Merges(sheet.merges, part.header.last)
    rows = Ahead(rows_below(sheet, part.header.last))
    reading = _Reading(part, roster, named, merges, may_name(sheet, part.header, type(roster)), rows)
    room, tables = MOST_SKIPPED, 1
    for row in rows:
        made = RosterRow(part, row.number, row.cells)
        reading.take(made)
        if reading.other_table == row.number and tables < MOST_TABLES:
            further = further_part(sheet, row, rows.peek(DEEPEST), roster, reading.synonyms)
            if further is not None:
                made.skipped, made.issues = why_read(further), []
                part, reading, tables = further, reading.followed_by(further), tables + 1
                if reading.named:
                    _tell_named(made, reading.named)
        if made.skipped:
            room -= 1
            if room < 0:
                raise _mostly_no_data(sheet, row.number)
        else:
            room += SKIPPED_PER_ROW
            if name := reading.name_for(made):
                made.values["org_name"] = name
        yield made


def _mostly_no_data(sheet: Sheet, number: int) -> RosterRejected:
    """The refusal of a sheet that goes on and on without being a roster."""
    message = (
        f"工作表「{sheet.title}」到第{number}行为止，不是名册数据的行超过{MOST_SKIPPED}行。"
        "请只保留表头和名册各行，删去其他内容后重新上传。"
    )
    return RosterRejected(Code.FILE_TOO_LARGE, message)


class _Reading:
    """What is known of the rows of one sheet so far."""

    def __init__(self, part: SheetPart, roster: Roster, named: str, merges: Merges, may_name: bool, ahead: Ahead):
        self.header, self.roster, self.named, self.may_name = part.header, roster, named, may_name
        self.ahead = ahead
        self.columns = part.header.columns
        self.places = [column - 1 for column in self.columns.values()]
        self.synonyms = Synonyms(roster.synonyms())
        self.merges = merges
        self.filler = Filler(self.columns, self.merges, roster.personal_fields())
        self.sums = Sums(roster, self.columns)
        self.samples = Samples(roster, part.header)
        self.needed = {self.columns[name] - 1 for group in roster.needed for name in group if name in self.columns}
        self.titles = frozenset(text for line in part.header.lines for text in line.values())
        self.number = self.columns.get("id_number", 0) - 1
        self.is_titles = False  # the row above was a repeated title
        self.other_table = 0  # the row in which another table begins
        self.data_rows = 0
        self.heading = ""  # the only text of the row above

    def followed_by(self, part: SheetPart) -> "_Reading":
        """The reading of a further table; it is about the organization that stands above its header, if one does."""
        may_name = "org_name" in self.roster.fields and PLACES.isdisjoint(part.header.columns)
        name = named_by(self.heading, type(self.roster)) if may_name and self.heading else ""
        return _Reading(part, self.roster, name or (self.named if may_name else ""), self.merges, may_name, self.ahead)

    def name_for(self, row: RosterRow) -> str:
        """The organization that a row of data has from what stands outside its columns; '' where it names its own."""
        if not self.named or not any(row.shown(name) for name in PLACES):
            return self.named
        if not self.may_name:
            self.named = ""  # what a heading said ends with a row that says otherwise
        return ""

    def take(self, row: RosterRow) -> None:
        """Tell what a row is; fill and count it when it is data."""
        self.filler.see(row.number, row.cells)
        if self._is_plain(row.cells):
            self.is_titles, self.heading = False, ""
            self.filler.fill(row, self.filler.merged(row.number, row.cells))
            self.sums.add(row.cells)
            return
        repeats = self._repeats_titles(row.cells)
        if row.number <= self.header.last:
            row.skipped = HEADER
        elif repeats:
            row.skipped = "重复的表头"
            self.other_table = 0
            self.filler.forget()
        elif self._begins_other_table(row.cells):
            self.other_table = row.number
            row.skipped = HEADER
            message = "从这一行起换了表头，以下各行没有导入，请放到另一张工作表后重新上传。"
            row.report(Code.SHEET_SKIPPED, value="", message=message)
        elif self.other_table:
            row.skipped = f"在另一张表中（第{self.other_table}行起换了表头），如需导入请放到另一张工作表"
        else:
            self._take_data(row)
            self.heading = _only_text(row.cells) if row.skipped else ""
        self.is_titles = repeats

    def _is_plain(self, cells: Sequence[Cell]) -> bool:
        """Whether a row is data at first sight: a full ID number, after the rows in which examples stand."""
        if self.number < 0 or self.other_table or self.data_rows < notes.SAMPLE_ROWS:
            return False
        number = cells[self.number]
        return (
            type(number) is str
            and len(number) == ID_LENGTH
            and number[:17].isdecimal()
            and not is_example(cells)
            and not self.samples.says_so(cells)
        )

    def _take_data(self, row: RosterRow) -> None:
        if notes.is_sum(row.cells):
            row.skipped = "合计行"
            for sentence in self.sums.compare(row.cells):
                row.report(Code.SHEET_TITLE_MISMATCH, value="", message=sentence)
            self.filler.forget()
            return
        merged = self.filler.merged(row.number, row.cells)
        row.skipped = notes.why_no_data(row.cells, near=self.data_rows < notes.SAMPLE_ROWS) or self._why_too_little(
            row, merged
        )
        if row.skipped:
            self._take_heading(row)
            return
        self.data_rows += 1
        self.filler.fill(row, merged)
        self._check_sample(row)
        if not row.skipped:
            self.sums.add(row.cells)

    def _take_heading(self, row: RosterRow) -> None:
        """A row that only names a branch says whose the rows below it are, where their own column does not."""
        text = _only_text(row.cells) if self.may_name or self._next_is_silent() else ""
        name = named_by(text, type(self.roster)) if text else ""
        if name:
            self.named, row.skipped = name, "党组织小标题"
            self.filler.forget()
            _tell_named(row, name)

    def _next_is_silent(self) -> bool:
        """Whether the next row that repeats no header leaves the columns blank that name its organization."""
        if "org_name" not in self.roster.fields or any(PLACES & group for group in self.roster.needed):
            return False
        row = next((row for row in self.ahead.peek(DEEPEST) if not self._repeats_titles(row.cells)), None)
        places = [self.columns[name] - 1 for name in PLACES if name in self.columns]
        return row is not None and all(row.cells[place] is None for place in places)

    def _why_too_little(self, row: RosterRow, merged: Mapping[str, Cell]) -> str:
        if not self.merges.is_wide and sum(row.cells[place] is not None for place in self.places) >= LEAST_FIELDS:
            return ""
        half = len(self.header.titles) / 2
        across = [each for each in self.merges.across(row.number) if each.last_column - each.first_column + 1 > half]
        hidden = {column - 1 for each in across for column in range(each.first_column, each.last_column + 1)}
        own = [place for place in self.places if row.cells[place] is not None and place not in hidden]
        if len(own) >= LEAST_FIELDS:
            return ""
        if across:
            return "横向合并的说明行"
        filled = sum(row.cells[place] is not None for place in self.places)
        if filled >= LEAST_FIELDS:
            return ""
        if filled + len(merged) >= LEAST_FIELDS and own and own[0] in self.needed:
            # Somebody of whom only the name is written, inside the block of an organization.
            text = shown(row.cells[own[0]]).strip()
            if len(text) <= LONGEST_NAME:
                return ""
        return "有内容的列不足两项，不是名册数据"

    def _repeats_titles(self, cells: Sequence[Cell]) -> bool:
        """Whether a row repeats a row of the header."""
        if self.titles.isdisjoint(cells):
            return False
        for line in self.header.lines:
            filled = sum(cell is not None for cell in cells)
            same = sum(title_key(shown(cells[column - 1])) == title_key(text) for column, text in line.items())
            if (same >= LEAST_FIELDS or self.is_titles) and same * 2 > filled:
                return True
        return False

    def _begins_other_table(self, cells: Sequence[Cell]) -> bool:
        """Whether a row is the header of a table with other columns."""
        if self.synonyms.keys().isdisjoint(cells):
            return False
        names = {
            (name, column)
            for column, cell in enumerate(cells, start=1)
            if isinstance(cell, str) and (name := find_field(cell, self.synonyms)) and not is_value(cell)
        }
        filled = [cell for cell in cells if cell is not None]
        if any(is_value(shown(cell)) for cell in filled) or not names:
            return False
        if self.number >= 0 and isinstance(cells[self.number], str) and LIKE_TITLE.search(cells[self.number].strip()):
            return True
        alike = sum(isinstance(cell, str) and LIKE_TITLE.search(cell.strip()) is not None for cell in filled)
        if alike >= LEAST_TITLES and alike * 2 > len(filled):
            return True
        return len({name for name, _ in names}) >= LEAST_TITLES and len(names) * 2 > len(filled)

    def _check_sample(self, row: RosterRow) -> None:
        """Leave out what a template shows as an example; ask about somebody who is only called like one."""
        if reason := self.samples.reason(row.cells):
            row.skipped, row.issues = reason, []
            self.filler.forget()
        elif self.samples.is_doubtful(row.cells):
            name = row.shown("name").strip()
            message = f"「{name}」像是模板中的示例，请核对是否确有其人；不是的请删去这一行。"
            row.report(Code.NAME_INVALID, "name", message=message, severity=Severity.WARNING)


def _tell_named(row: RosterRow, name: str) -> None:
    row.report(Code.ORG_FUZZY, value=name, message=f"以下各行已归入「{name}」，请核对。")


def _only_text(cells: Sequence[Cell]) -> str:
    """The text of a row that holds nothing else, as headings do; '' when it is longer than one, or no text.

    Its number and how many people follow may stand in cells beside it.
    """
    filled = [cell for cell in cells if cell is not None]
    if 1 < len(filled) <= LONGEST_LINE:
        filled = [cell for cell in filled if not (isinstance(cell, int) or BESIDE.match(title_key(shown(cell))))]
    is_heading = len(filled) == 1 and isinstance(filled[0], str) and len(filled[0]) <= LONGEST_HEADING
    return filled[0] if is_heading else ""
