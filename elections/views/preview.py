"""The stored preview of an import as a page shows it: what needs attention first, masked, and no more than it shows."""

from django.core.paginator import Paginator
from django.urls import reverse
from xlsxwriter.utility import xl_col_to_name

from elections import imports as rosters
from elections.views.addresses import address
from elections.views.paging import page_links
from orgs.enums import BatchState, Severity
from orgs.importing import parts
from orgs.importing import preview as previews
from orgs.importing.codes import Code, Issue
from orgs.importing.parts import PreviewRow
from orgs.importing.preview import PreviewHead, ProblemGroup
from orgs.importing.report import masked
from orgs.importing.roster import Roster
from orgs.importing.rows import Status, Step
from orgs.models import ImportBatch
from orgs.redaction import redact

ALL = "all"
SEVERITY_TONES = {Severity.ERROR: "overdue", Severity.WARNING: "due_soon", Severity.INFO: "in_election"}
STATUS_TONES = {Status.OK: "in_term", Status.WARNING: "due_soon", Status.ERROR: "overdue", Status.SKIPPED: "no_data"}
# The cell itself shows what these say: the color is enough.
AS_SHOWN = frozenset({Code.MERGED_FILL, Code.DITTO})
WORST_FIRST = (Severity.INFO, Severity.WARNING, Severity.ERROR)


class Shown:
    """How values of a preview are shown: an ID number or phone masked in its own column and wherever it strayed."""

    def __init__(self, head: PreviewHead, roster: type[Roster] | None):
        self._personal = roster.personal_fields() if roster else frozenset()
        self._titles = {name: column.column_name for name, column in roster.fields.items()} if roster else {}
        self._fields = {
            (sheet.title, column): name for sheet in head.sheets for name, (column, _) in sheet.columns.items()
        }

    def value(self, name: str | None, value: str) -> str:
        """A value of field `name` (None: of a column that is no field)."""
        return masked(value) if name in self._personal else redact(value)

    def title(self, name: str) -> str:
        """What a field is called in the template."""
        return self._titles.get(name, name)

    def field_of(self, issue: Issue) -> str | None:
        """The field of the column that an issue stands at."""
        return self._fields.get((issue.sheet, issue.column))


def preview_context(batch: ImportBatch, *, show: str, page) -> dict:
    """What a page shows of a preview; `show` is a filter key of its rows, ALL, or '' for what needs attention."""
    head = previews.head(batch)
    roster = rosters.importer.by_kind.get(head.kind)
    shown = Shown(head, roster)
    key = _key(head, batch, show)
    total = head.counts.get("rows", 0) if key == ALL else head.summary.get(key, 0)
    found = Paginator(range(total), previews.PAGE).get_page(page)
    rows = previews.page_of(batch, "" if key == ALL else key, found.number)[1] if total else []
    columns = _columns(head, shown)
    here = reverse("import_batch", args=[batch.uid])
    problems = [_problem(group, shown, here) for group in head.problems]
    return {
        "head": head,
        "counts": head.counts,
        "tiles": _tiles(head.counts) if head.counts.get("rows") else [],
        "file_problems": _file_problems(head),
        "problems": [each for each in problems if not each["is_note"]],
        "notes": [each for each in problems if each["is_note"]],
        "chips": _chips(here, head, key) if head.counts.get("rows") else [],
        "columns": columns,
        "rows": [_row(row, columns, shown) for row in rows],
        "several_sheets": len(head.sheets) > 1,
        "sheets": [
            {"title": sheet.title, "skipped": sheet.skipped, "unknown": "、".join(sheet.unknown)}
            for sheet in head.sheets
        ],
        "page_words": f"共 {total} 行，第 {found.start_index()}–{found.end_index()} 行",
        "pages": page_links(found, lambda number: address("import_batch", batch.uid, show=key, page=number)),
    }


def _key(head: PreviewHead, batch: ImportBatch, show: str) -> str:
    """The filter key that is shown: the one asked for if the preview has such rows, else what needs attention."""
    if show == ALL or head.summary.get(show):
        return show
    in_error = parts.status_key(Status.ERROR)
    wanted = in_error if batch.state == BatchState.APPLIED else parts.ATTENTION
    return wanted if head.summary.get(wanted) else ALL


def _columns(head: PreviewHead, shown: Shown) -> list[dict]:
    """Name and title of everything rows hold, in the order of the first sheet that has it."""
    titles: dict[str, str] = {}
    for sheet in head.sheets:
        for name, (_, title) in sorted(sheet.columns.items(), key=lambda item: item[1][0]):
            titles.setdefault(name, title)
    for name in head.fields:
        titles.setdefault(name, shown.title(name))
    return [{"name": name, "title": title} for name, title in titles.items()]


def _tiles(counts: dict[str, int]) -> list[dict]:
    shown = (
        ("rows", "总行数"),
        ("good", "无误"),
        ("warning", "其中有提醒"),
        ("bad", "有错误"),
        ("skipped", "已跳过"),
        ("new", "新增"),
        ("changed", "变更"),
        ("unchanged", "无变化"),
    )
    return [
        {"label": label, "number": counts.get(name, 0), "is_alarm": name == "bad" and counts.get(name, 0) > 0}
        for name, label in shown
    ]


def _problem(group: ProblemGroup, shown: Shown, here: str) -> dict:
    """One kind of problem: its first places, and a link to all its rows."""
    return {
        "tone": SEVERITY_TONES[group.severity],
        "severity": group.severity.label,
        "is_note": group.severity == Severity.INFO,
        "number": group.count,
        "title": group.header or "整行",
        "places": [{"place": place_words(issue), "message": redact(issue.message)} for issue in group.first],
        "more": max(0, group.count - len(group.first)),
        "url": f"{here}?show={parts.code_key(group.code)}#rows",
    }


def _file_problems(head: PreviewHead) -> list[dict]:
    """What is wrong with the file or whole sheets; of a refused file the page's sentence says it already."""
    return [
        {"tone": SEVERITY_TONES[issue.severity], "severity": issue.severity.label, "message": redact(issue.message)}
        for issue in head.issues
        if not head.rejected
    ]


def place_words(issue: Issue) -> str:
    """Where it stands in the clerk's own sheet: 工作表“Sheet1”第 5 行 F 列."""
    words = f"工作表“{issue.sheet}”" if issue.sheet else "文件"
    if issue.row is not None:
        words += f"第 {issue.row} 行"
    if issue.column is not None:
        words += f" {xl_col_to_name(issue.column - 1)} 列"
    return words


def _chips(here: str, head: PreviewHead, key: str) -> list[dict]:
    """One chip per state and step that occurs, and one for the problem that is shown; their numbers are their rows."""
    choices = [(parts.ATTENTION, "需要处理")]
    choices += [(parts.status_key(each), each.label) for each in Status]
    choices += [(parts.step_key(each), each.label) for each in Step]
    problems = {parts.code_key(group.code): group.header or "整行" for group in reversed(head.problems)}
    if key in problems:
        choices.append((key, f"这类问题：{problems[key]}"))
    found = [(value, label, head.summary[value]) for value, label in choices if head.summary.get(value)]
    found.append((ALL, "全部", head.counts["rows"]))
    return [
        {"label": label, "number": number, "url": f"{here}?show={value}#rows", "is_current": value == key}
        for value, label, number in found
    ]


def _row(row: PreviewRow, columns: list[dict], shown: Shown) -> dict:
    """A row with its cells in the order of `columns`; what stands at no cell of these is told beside its state."""
    names = {column["name"] for column in columns}
    by_field: dict[str | None, list[Issue]] = {}
    for issue in row.issues:
        by_field.setdefault(shown.field_of(issue), []).append(issue)
    notes = [redact(issue.message) for name, group in by_field.items() if name not in names for issue in group]
    notes += [
        f"{shown.title(name)}：{shown.value(name, old) or '空'} → {shown.value(name, new) or '空'}"
        for name, (old, new) in row.changes.items()
        if name not in names
    ]
    return {
        "sheet": row.sheet,
        "number": row.number,
        "status": row.status.label,
        "tone": STATUS_TONES[row.status],
        "step": Step(row.step).label if row.step else "",
        "notes": notes + ([row.skipped] if row.skipped else []),
        "cells": [_cell(row, column["name"], by_field.get(column["name"], ()), shown) for column in columns],
    }


def _cell(row: PreviewRow, name: str, issues, shown: Shown) -> dict:
    worst = max((WORST_FIRST.index(issue.severity) for issue in issues), default=-1)
    old, new = row.changes.get(name, ("", ""))
    value = row.record.get(name, "") or (issues[0].value if issues else "")
    return {
        "value": shown.value(name, value),
        "old": shown.value(name, old) if old != new else "",
        "tone": WORST_FIRST[worst].value if worst >= 0 else "",
        "notes": [redact(issue.message) for issue in issues if issue.code not in AS_SHOWN],
    }
