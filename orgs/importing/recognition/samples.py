"""Rows that a template shows as an example: who is left out, and who is only asked about.

The rule, which stands nowhere else:

- A row is an example wherever it stands when its first cell or its 备注 says so: 示例, 样例, 例.
- It is one among the first three rows of data when its name says so, 李四（示例）, or is a name of examples, 张三, with
  no number that a person may have or with that of our own template.
- Where names of examples begin the table, 张三 and 李四 below each other, one thing more is enough: a made-up cell,
  13800000000 or 某某支部, or a header that explains itself as templates do: *姓名, 必填.
- With nothing of that it is somebody whom the clerk is asked about. Further down 张三 is a person like any other.
"""

import re
from collections.abc import Sequence

from orgs.importing.recognition import notes
from orgs.importing.roster import Roster
from orgs.workbook import Header, shown
from orgs.workbook.cells import Cell
from orgs.workbook.titles import title_key

NAMES = frozenset("张三 李四 王五 赵六 某某 某某某 张某 李某 王某 张某某 李某某 王某某 xx xxx ×× ××× ** ***".split())
REMARK = re.compile(r"^\(?(?:填写|填报|数据)?(?:示例|样例|范例)(?:行|数据)?\)?(?:[,。;:].{0,30})?$|^\(?例\)?$")
MADE_UP = re.compile(
    r"^1[3-9](\d)\1{8}$|^1[3-9]\d0{8}$|^13800138000$|^1[3-9]\d?12345678?\d?$|某|×|\*{2}|^x{2,}|示例|样例|虚拟|测试"
)
TEMPLATE_TITLE = re.compile(r"[*※★]|[(（【\[](?:必填|选填|\d+位|文本|格式|如|例|留空|下拉|yyyy|年月日)")
REASON = "模板中的示例行"
TOLD = "姓名「{name}」且在第一行，按模板中的示例行跳过；如确有其人，请把这一行移到其他人之后重新上传"


class Samples:
    """Judges the first rows of one table; asked once for each row of data, from the top."""

    def __init__(self, roster: Roster, header: Header):
        self.columns, self.roster = header.columns, roster
        self._is_template = any(TEMPLATE_TITLE.search(text) for line in header.lines for text in line.values())
        self._remark = self.columns.get("remark", 0) - 1
        self._asked = 0
        self._begins = True

    def reason(self, cells: Sequence[Cell]) -> str:
        """Why a row is an example; '' when it is none."""
        self._asked += 1
        if self.says_so(cells):
            return REASON
        name = self._text(cells, "name")
        is_called_so = name in NAMES
        self._begins = self._begins and is_called_so
        if self._asked > notes.SAMPLE_ROWS or not name:
            return ""
        if notes.EXAMPLE.search(name) or (is_called_so and self._lacks_number(cells)):
            return REASON
        if self._begins and (self._is_template or any(_is_made_up(cell) for cell in cells)):
            return TOLD.format(name=name)
        return ""

    def says_so(self, cells: Sequence[Cell]) -> bool:
        """Whether the first cell of a row, or its remark, says that it is an example."""
        first = cells[0]
        if type(first) is str and "例" in first and notes.EXAMPLE.search(title_key(first)):
            return True
        remark = cells[self._remark] if self._remark >= 0 else None
        return type(remark) is str and "例" in remark and REMARK.match(title_key(remark)) is not None

    def is_doubtful(self, cells: Sequence[Cell]) -> bool:
        """Whether a row that is no example is called like one: asked right after `reason`."""
        return self._asked <= notes.SAMPLE_ROWS and self._text(cells, "name") in NAMES

    def _text(self, cells: Sequence[Cell], field: str) -> str:
        column = self.columns.get(field)
        return title_key(shown(cells[column - 1])) if column else ""

    def _lacks_number(self, cells: Sequence[Cell]) -> bool:
        """Whether no number of a person stands in the row though its table has a column for it, or only our sample."""
        if "id_number" not in self.columns:
            return False
        column = self.roster.fields["id_number"]
        number = column.widget.clean(cells[self.columns["id_number"] - 1]).value
        return number is None or number == column.sample


def _is_made_up(cell: Cell) -> bool:
    return cell is not None and MADE_UP.search(title_key(shown(cell))) is not None
