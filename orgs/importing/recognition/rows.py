"""The rows below a header, one after the other: each is data, or skipped with the reason.

Works on any iterator of rows; what the rows above mean for the next one is carried along.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from orgs.enums import Severity
from orgs.importing.codes import Code
from orgs.importing.recognition import notes
from orgs.importing.recognition.fill import Filler, Merges
from orgs.importing.recognition.placing import LONGEST_HEADING, may_name, named_by
from orgs.importing.recognition.sums import Sums
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, SheetPart
from orgs.workbook import Sheet, is_example, shown
from orgs.workbook.cells import Cell
from orgs.workbook.header import rows_below
from orgs.workbook.titles import find_field, is_value, title_key

LEAST_FIELDS = 2
# As many known titles in other columns than those of the header are the header of another table.
LEAST_TITLES = 3
LONGEST_NAME = 10
ID_LENGTH = 18
# No ID number ends so, however wrong: a table of something else begins.
LIKE_TITLE = re.compile(r"(?:日期|时间|名称|姓名|编码|类别|类型|人数|书记|电话|地址|备注|单位|职务|任期)$")


def rows_of(sheet: Sheet, part: SheetPart, roster: Roster, named: str = "") -> Iterator[RosterRow]:
    """All rows below the header of a sheet, in order, not yet cleaned.

    `named` is the organization that the sheet names outside its rows; it becomes the row's `org_name`. A sheet that is
    read piece by piece may be asked again.
    """
    reading = _Reading(sheet, part, roster, named)
    for row in rows_below(sheet, part.header.last):
        made = RosterRow(part, row.number, row.cells)
        reading.take(made)
        if reading.named and not made.skipped:
            made.values["org_name"] = reading.named
        yield made


class _Reading:
    """What is known of the rows of one sheet so far."""

    def __init__(self, sheet: Sheet, part: SheetPart, roster: Roster, named: str):
        self.header, self.roster, self.named = part.header, roster, named
        self.may_name = may_name(sheet, part.header, type(roster))
        self.columns = part.header.columns
        self.places = [column - 1 for column in self.columns.values()]
        self.synonyms = roster.synonyms()
        self.merges = Merges(sheet.merges, part.header.last)
        self.filler = Filler(self.columns, self.merges, roster.personal_fields())
        self.sums = Sums(roster, self.columns)
        self.needed = {self.columns[name] - 1 for group in roster.needed for name in group if name in self.columns}
        self.titles = frozenset(text for line in part.header.lines for text in line.values())
        self.number = self.columns.get("id_number", 0) - 1
        self.is_titles = False  # the row above was a repeated title
        self.other_table = 0  # the row in which another table begins
        self.data_rows = 0

    def take(self, row: RosterRow) -> None:
        """Tell what a row is; fill and count it when it is data."""
        self.filler.see(row.number, row.cells)
        if self._is_plain(row.cells):
            self.is_titles = False
            self.filler.fill(row, self.filler.merged(row.number, row.cells))
            self.sums.add(row.cells)
            return
        repeats = self._repeats_titles(row.cells)
        if repeats:
            row.skipped = "重复的表头"
            self.other_table = 0
            self.filler.forget()
        elif self._begins_other_table(row.cells):
            self.other_table = row.number
            row.skipped = "另一张表的表头"
            message = "从这一行起换了表头，以下各行没有导入，请放到另一张工作表后重新上传。"
            row.report(Code.SHEET_SKIPPED, value="", message=message)
        elif self.other_table:
            row.skipped = f"在另一张表中（第{self.other_table}行起换了表头）"
        else:
            self._take_data(row)
        self.is_titles = repeats

    def _is_plain(self, cells: Sequence[Cell]) -> bool:
        """Whether a row is data at first sight: a full ID number, after the rows in which examples stand."""
        if self.number < 0 or self.other_table or self.data_rows < notes.SAMPLE_ROWS:
            return False
        number = cells[self.number]
        return type(number) is str and len(number) == ID_LENGTH and number[:17].isdecimal() and not is_example(cells)

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
        """A row that only names a branch says whose the rows below it are, where no column does."""
        texts = [cell for cell in row.cells if cell is not None]
        if not self.may_name or len(texts) != 1 or not isinstance(texts[0], str) or len(texts[0]) > LONGEST_HEADING:
            return
        name = named_by(texts[0], type(self.roster))
        if name:
            self.named, row.skipped = name, "党组织小标题"
            self.filler.forget()
            row.report(Code.ORG_FUZZY, value=name, message=f"以下各行已归入「{name}」，请核对。")

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
        return len({name for name, _ in names}) >= LEAST_TITLES and len(names) * 2 > len(filled)

    def _check_sample(self, row: RosterRow) -> None:
        """Leave out what a template shows as an example: 张三 with a number that cannot be, or with that of ours."""
        if self.data_rows > notes.SAMPLE_ROWS or "name" not in self.columns:
            return
        name = title_key(shown(row.cells[self.columns["name"] - 1]))
        if notes.EXAMPLE.search(name):
            self._skip_sample(row)
            return
        if name not in notes.SAMPLE_NAMES:
            return
        if "id_number" in self.columns:
            column = self.roster.fields["id_number"]
            cell = row.cells[self.columns["id_number"] - 1]
            number = column.widget.clean(cell).value
            if number is None or number == column.sample:
                self._skip_sample(row)
                return
        message = f"「{name}」像是模板中的示例，请核对是否确有其人；不是的请删去这一行。"
        row.report(Code.NAME_INVALID, "name", message=message, severity=Severity.WARNING)

    def _skip_sample(self, row: RosterRow) -> None:
        row.skipped, row.issues = "模板中的示例行", []
        self.filler.forget()
