"""The ledger as an Excel file: the rows of the page, their findings, and a sheet with its counts."""

from dataclasses import replace

from elections.finding_words import SEVERITIES, Reader
from elections.ledger import URGENCY, Filters, Ledger, Row
from elections.models import Leader
from elections.rules.wording import TITLES
from orgs import paths
from orgs.days import spoken, written
from orgs.enums import Form, Kind, State
from orgs.exporting import Column, SheetSpec, write_xlsx
from orgs.wording import NO_DATA

COLUMNS = (
    Column("序号", 6),
    Column("统一编码", 16),
    Column("党组织名称", 36),
    Column("组织类别", 10),
    Column("组织形式", 10),
    Column("单位类别", 10),
    Column("所属党（工）委", 24),
    Column("党员数", 8),
    Column("其中正式党员", 12),
    Column("党员数依据", 16),
    Column("书记", 10),
    Column("联系领导", 16),
    Column("届次", 6),
    Column("本届选举日期", 12),
    Column("任期（年）", 10),
    Column("届满日期", 12),
    Column("延期至", 12),
    Column("状态", 14),
    Column("距届满天数（逾期为负）", 14),
    Column("届满超过1年", 12),
    Column("备注", 20),
    Column("提示", 40),
)

FINDING_COLUMNS = (
    Column("统一编码", 16),
    Column("党组织名称", 36),
    Column("所属党（工）委", 24),
    Column("状态", 14),
    Column("程度", 8),
    Column("提示", 20),
    Column("说明", 70),
    Column("依据", 50),
    Column("依据情况", 12),
    Column("处理办法", 50),
)


def xlsx(ledger: Ledger, sort: str = "urgency") -> bytes:
    """The rows that the ledger's filters leave, in the order of `sort`, their findings, and its counts, as an .xlsx."""
    found = ledger.rows(sort)
    leaders = _leaders(ledger)
    rows = [_cells(number, row, leaders.get(row.organization.pk)) for number, row in enumerate(found, start=1)]
    # The counts are by state, so they go through all of them.
    counted = replace(ledger.filters, states=(), inspection=False)
    return write_xlsx(
        [
            SheetSpec("换届台账", COLUMNS, rows, heading=_heading(ledger, ledger.filters)),
            SheetSpec("提示明细", FINDING_COLUMNS, _findings(ledger, found), heading=_heading(ledger, ledger.filters)),
            SheetSpec("汇总", *_summary(ledger), heading=_heading(ledger, counted)),
        ]
    )


def _heading(ledger: Ledger, filters: Filters) -> str:
    asked = filters.words()
    return f"{ledger.node.name} 换届台账（时点：{spoken(ledger.on)}{'；筛选：' + asked if asked else ''}）"


def _leaders(ledger: Ledger) -> dict[int, str]:
    """{organization id: 联系领导 on the day}, as far as the user sees people."""
    here = paths.subtree(ledger.node.path, "organization__path")
    found = Leader.objects.visible_to(ledger.user).holding(ledger.on).filter(here)
    return {each.organization_id: str(each) for each in found}


def _cells(number: int, row: Row, leader: str | None) -> list:
    count = row.headcount
    known = count is not None and count.basis.value != "unknown"
    return [
        number,
        row.code,
        row.name,
        row.kind.label,
        row.form.label if row.form != Form.ORDINARY else None,
        row.unit_type.label if row.unit_type else None,
        row.place.name if row.place else None,
        count.total if known else None,
        count.full if known else None,
        count.basis.label if count else "建账日以前",
        row.secretary or (None if row.in_the_books else NO_DATA),
        leader,
        row.ordinal,
        written(row.elected_on, row.elected_on_precision),
        row.years,
        written(row.expires_on, row.expires_on_precision),
        written(row.extended_to),
        row.state.label,
        -row.days if row.state == State.OVERDUE else row.days,
        "是" if row.inspection else None,
        "、".join(mark.label for mark in row.marks) or None,
        "、".join(dict.fromkeys(TITLES[finding.rule_id] for finding in row.findings)) or None,
    ]


def _findings(ledger: Ledger, rows: list[Row]) -> list[list]:
    """A line for each finding of each row; nobody is named to whom may not see people."""
    reader = Reader.of(ledger.user, under=ledger.node)
    return [
        [
            row.code,
            row.name,
            row.place.name if row.place else None,
            row.state.label,
            SEVERITIES[finding.severity],
            TITLES[finding.rule_id],
            reader.words(finding, row.organization),
            finding.citation,
            finding.label or None,
            finding.clears.label,
        ]
        for row in rows
        for finding in row.findings
    ]


def _summary(ledger: Ledger) -> tuple[list[Column], list[list]]:
    summary = ledger.summary()
    rows = [["党组织总数", summary.total], *([kind.label, summary.kinds[kind]] for kind in Kind)]
    rows += [[state.label, summary.states[state]] for state in URGENCY]
    rows += [
        ["应换届数（总数减去不适用、待首次选举）", summary.expected],
        ["届满超过1年（不论是否批准延期）", summary.inspection],
    ]
    return [Column("项目", 40), Column("党组织数", 12)], rows
