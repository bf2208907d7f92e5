"""The stored preview of an import as a page shows it: masked, problems grouped, rows with a state for each cell."""

from collections import Counter

from django.core.paginator import Paginator
from django.urls import reverse
from xlsxwriter.utility import xl_col_to_name

from elections import imports as rosters
from elections.views.addresses import address
from elections.views.paging import page_links
from orgs.enums import BatchState, Severity
from orgs.importing.report import report
from orgs.importing.rows import Status, Step
from orgs.models import ImportBatch

ROWS = 50
MOST_PLACES = 8
MOST_MISSING = 200
MAY_CONFIRM = (BatchState.CHECKED, BatchState.FAILED)
SEVERITY_TONES = {Severity.ERROR: "overdue", Severity.WARNING: "due_soon", Severity.INFO: "in_election"}
UNDONE = "这次导入已整体撤销，数据恢复到导入前的内容；以下是撤销前的核对结果。"
STATUS_TONES = {Status.OK: "in_term", Status.WARNING: "due_soon", Status.ERROR: "overdue", Status.SKIPPED: "no_data"}
WORST_FIRST = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def preview_context(batch: ImportBatch, *, show: str, page) -> dict:
    """All that the batch's page needs; `show` is a Status or Step, else all rows are listed."""
    stored = rosters.preview(batch)
    roster = rosters.importer.by_kind.get(batch.kind)
    shown = report(batch, stored, roster.personal_fields() if roster else frozenset())
    issues = {}
    for issue in shown["issues"]:
        issues.setdefault((issue["sheet"], issue["row"]), []).append(issue)
    columns = _columns(stored, roster)
    chosen = [row for row in shown["rows"] if not show or show in (row["status"], row.get("step"))]
    found = Paginator(chosen, ROWS).get_page(page)
    here = reverse("import_batch", args=[batch.uid])
    counts = shown["counts"]
    return {
        "message": UNDONE if batch.state == BatchState.UNDONE else shown["message"],
        "transfers": counts.get("transfer", 0),
        "steps": _steps(batch),
        "tiles": _tiles(counts) if shown["rows"] else [],
        "problems": _problems(shown["issues"]),
        "file_issues": [issue for issue in shown["issues"] if issue["row"] is None],
        "chips": _chips(here, shown["rows"], show) if shown["rows"] else [],
        "columns": list(columns.values()),
        "rows": [_row(row, columns, issues.get((row["sheet"], row["row"]), ())) for row in found.object_list],
        "several_sheets": len(stored.sheets) > 1,
        "sheets": [
            {"title": sheet.title, "skipped": sheet.skipped, "unknown": "、".join(sheet.unknown)}
            for sheet in stored.sheets
        ],
        "page_words": f"共 {found.paginator.count} 行，第 {found.start_index()}–{found.end_index()} 行",
        "pages": page_links(found, lambda number: address("import_batch", batch.uid, show=show, page=number)),
        "missing": shown["missing"][:MOST_MISSING],
        "more_missing": max(0, len(shown["missing"]) - MOST_MISSING),
        "may_confirm": batch.state in MAY_CONFIRM and counts.get("bad") == 0 and counts.get("good", 0) > 0,
        "may_confirm_good": batch.state in MAY_CONFIRM and counts.get("bad", 0) > 0 and counts.get("good", 0) > 0,
        "may_undo": batch.state == BatchState.APPLIED,
        "good": counts.get("good", 0),
        "bad": counts.get("bad", 0),
    }


def _columns(stored, roster) -> dict[str, dict]:
    """{field: its title} of everything rows hold, in the order of the first sheet that has it."""
    titles = {}
    for sheet in stored.sheets:
        for name, (_, title) in sorted(sheet.columns.items(), key=lambda item: item[1][0]):
            titles.setdefault(name, title)
    for row in stored.rows:
        for name in row.record:
            titles.setdefault(name, roster.fields[name].column_name)
    return {name: {"name": name, "title": title} for name, title in titles.items()}


def _steps(batch: ImportBatch) -> list[dict]:
    current = 3 if batch.state in (BatchState.APPLIED, BatchState.UNDONE) else 2
    return [
        {"label": label, "is_current": number == current}
        for number, label in enumerate(("上传文件", "核对问题、确认导入", "完成"), start=1)
    ]


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


def _problems(issues: list[dict]) -> list[dict]:
    """Issues of the same code together, errors first, with the first places of each."""
    groups: dict[str, list[dict]] = {}
    for issue in issues:
        groups.setdefault(issue["code"], []).append(issue)
    problems = [
        {
            "tone": SEVERITY_TONES[Severity(group[0]["severity"])],
            "severity": Severity(group[0]["severity"]).label,
            "rank": WORST_FIRST.index(Severity(group[0]["severity"])),
            "number": len(group),
            "places": [{"place": place_words(issue), "message": issue["message"]} for issue in group[:MOST_PLACES]],
            "more": max(0, len(group) - MOST_PLACES),
            "title": group[0]["header"] or ("文件" if group[0]["row"] is None else "整行"),
        }
        for group in groups.values()
    ]
    return sorted(problems, key=lambda problem: (-problem["rank"], -problem["number"]))


def place_words(issue: dict) -> str:
    """Where it stands in the clerk's own sheet: 工作表“Sheet1”第 5 行 F 列."""
    words = f"工作表“{issue['sheet']}”" if issue["sheet"] else "文件"
    if issue["row"] is not None:
        words += f"第 {issue['row']} 行"
    if issue["column"] is not None:
        words += f" {xl_col_to_name(issue['column'] - 1)} 列"
    return words


def _chips(here: str, rows: list[dict], show: str) -> list[dict]:
    """One chip per state and step that occurs; their numbers are the rows they list."""
    numbers = Counter(row["status"] for row in rows) + Counter(row["step"] for row in rows if row.get("step"))
    choices = [("", "全部", len(rows))]
    choices += [(each.value, each.label, numbers[each.value]) for each in (*Status, *Step) if numbers[each.value]]
    return [
        {
            "label": label,
            "number": number,
            "url": f"{here}?show={value}" if value else here,
            "is_current": value == show,
        }
        for value, label, number in choices
    ]


def _row(row: dict, columns: dict[str, dict], issues) -> dict:
    """A row with its cells in the order of `columns`; issues of the whole row stand apart."""
    by_title: dict[str, list[dict]] = {}
    for issue in issues:
        by_title.setdefault(issue["header"], []).append(issue)
    status = Status(row["status"])
    titles = {column["title"] for column in columns.values()}
    return {
        "sheet": row["sheet"],
        "number": row["row"],
        "status": status.label,
        "tone": STATUS_TONES[status],
        "step": Step(row["step"]).label if row.get("step") else "",
        "notes": [issue["message"] for title, group in by_title.items() if title not in titles for issue in group]
        + ([row["reason"]] if row.get("reason") else []),
        "cells": [_cell(row, name, by_title.get(column["title"], ())) for name, column in columns.items()],
    }


def _cell(row: dict, name: str, issues) -> dict:
    worst = max((WORST_FIRST.index(Severity(issue["severity"])) for issue in issues), default=-1)
    old, new = row.get("changes", {}).get(name, ("", ""))
    value = row["record"].get(name, "")
    return {
        "value": value or (issues[0]["value"] if issues else ""),
        "old": old if old != new else "",
        "tone": WORST_FIRST[worst].value if worst >= 0 else "",
        "notes": [issue["message"] for issue in issues],
    }
