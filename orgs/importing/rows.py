"""What the steps of an import hand on: sheets with their header, rows with values, issues and what they would do."""

from dataclasses import dataclass, field
from datetime import date

from orgs.enums import Labeled, Severity
from orgs.importing.codes import Code, Issue
from orgs.importing.dates import Dated
from orgs.models import Organization, User
from orgs.workbook import Header, shown


class Status(Labeled):
    """How a row came through the checks."""

    OK = "ok", "无误"
    WARNING = "warning", "有提醒"
    ERROR = "error", "有错误"
    SKIPPED = "skipped", "已跳过"


class Step(Labeled):
    """What a good row does to the books."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "无变化"
    TRANSFER = "transfer", "划转待确认"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom, for which part of the tree and for which day a roster is read."""

    user: User
    organization: Organization
    on: date


@dataclass(slots=True, eq=False)
class SheetPart:
    """One sheet of the file: its title and the header that was found; `skipped` says why it was left out.

    A further table below the first one has a part of its own, with the same title. `unshown` are fields whose cells no
    finding repeats: who masks them goes by the columns of the sheet's first table.
    """

    title: str
    header: Header | None = None
    skipped: str = ""
    unshown: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class RosterRow:
    """One row of the file on its way through the steps.

    `values` has the cleaned value of every cell that says something, by canonical field. Comparing sets `step`,
    `changes` ({field: (old, new)} as shown), `target` (whatever the kind found on the books), `organizations`
    (keys of those the row touches, locked before writing) and, of a transfer, `uid` of the person on the books. Of a
    row that says nothing new `held` may be key and version of the one record that it was compared with.
    """

    sheet: SheetPart
    number: int
    cells: list
    values: dict[str, object] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    skipped: str = ""
    step: Step | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    target: object = None
    organizations: tuple[int, ...] = ()
    uid: str = ""
    held: tuple[int, int] | None = None

    def get(self, name: str, default=None):
        """The cleaned value of a field; `default` when the cell is blank or the sheet has no such column."""
        return self.values.get(name, default)

    def shown(self, name: str) -> str:
        """A cell as it stands in the sheet; '' when the sheet has no such column."""
        column = self.sheet.header.columns.get(name)
        return shown(self.cells[column - 1]) if column else ""

    def report(
        self,
        code: Code,
        name: str = "",
        *,
        value: str | None = None,
        message: str = "",
        severity: Severity | None = None,
        **words,
    ) -> None:
        """Note that something is wrong with the cell of field `name`, or with the whole row.

        `words` fill the code's sentence; `message` replaces it where the case needs words of its own, and `severity`
        its weight where the case weighs less.
        """
        sheet = self.sheet
        column, header = sheet.header.columns.get(name), sheet.header.title(name)
        if name in sheet.unshown:
            value = ""
        elif value is None:
            value = self.shown(name)
        told = message or code.message(**{"sheet": sheet.title, "header": header, "value": value, **words})
        self.issues.append(
            Issue(sheet.title, self.number, column, header, value, code, severity or code.severity, told)
        )

    @property
    def status(self) -> Status:
        """skipped, error, warning or ok: the worst of its issues."""
        if self.skipped:
            return Status.SKIPPED
        if not self.issues:  # nearly all
            return Status.OK
        severities = {each.severity for each in self.issues}
        if Severity.ERROR in severities:
            return Status.ERROR
        return Status.WARNING if Severity.WARNING in severities else Status.OK

    @property
    def is_good(self) -> bool:
        """Whether the row may be written."""
        return not self.skipped and (not self.issues or all(each.severity != Severity.ERROR for each in self.issues))


def report_future(row: RosterRow, name: str, stated: Dated, on: date) -> None:
    """Note that a day lies after the day of the roster, which cannot know it."""
    message = f"「{row.sheet.header.title(name)}」{stated}晚于名册日期{on}，请核对。"
    row.report(Code.DATE_FUTURE, name, value=str(stated), message=message)


@dataclass(frozen=True, slots=True)
class UnsureColumn:
    """A column whose title says something that nobody is sure of: some of its values and the field it may be."""

    sheet: str
    column: int
    title: str
    samples: tuple[str, ...] = ()
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody on the books whom the roster does not name; nothing happens to them by themselves."""

    uid: str
    title: str
    place: str
